"""Files that belong to the one being edited: its tests, its header, those of the same name or changed with it."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ai_lsp.context.activity.editor import Editor
from ai_lsp.context.cochange import CoChange
from ai_lsp.context.kin import kin
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.context.windows import Names, best_windows, telling
from ai_lsp.positions import split_lines
from ai_lsp.syntax.languages import language_of

_MOST_FILES, _MOST_CHANGED = 6, 3
_MOST_SNIPPETS = 4
_MOST_BYTES = 256_000
"""A larger file was hardly written by hand."""
_MOST_LINES = 5_000
_REMEMBERED = 24
"""Files whose lines and names are kept: up to a megabyte each."""
_KIN, _SAME_STEM, _CHANGED = 1.0, 0.8, 0.9
"""What each relation is worth. The last one is multiplied by how sure it is."""
_BY_RELATION = 0.2
"""The part of a score that is for the relation alone, whatever the window's names."""
_SECONDS = 0.02
_MOST_LISTED = 2_000
_TRUSTED_SECONDS = 5.0
"""How long the same files are taken to belong to a file before the disk is asked again."""

Lines = Sequence[str]


@dataclass
class _Read:
    """One file as it was read."""

    stamp: tuple[int, int]
    lines: Lines


class Neighbours:
    """The windows of a file's neighbours that share names with the text near the cursor."""

    name = "neighbours"

    def __init__(
        self, editor: Editor, history: CoChange | None = None, timer: Callable[[], float] = time.perf_counter
    ) -> None:
        """Without a `history` nothing is asked of git."""
        self._editor = editor
        self._history = history
        self._timer = timer
        self._lock = threading.Lock()
        self._related: tuple[float, Path, dict[Path, float]] | None = None
        self._names: dict[Path, Names] = {}
        self._read: dict[Path, _Read] = {}

    async def find(self, query: Query) -> list[Snippet]:
        """Return the best windows of the neighbours; nothing for a document that lies nowhere."""
        file = query.file
        if file is None:
            return []
        await self._editor.look()
        root = query.root or file.parent
        changed: Sequence[tuple[str, float]] = ()
        if self._history is not None and query.root is not None and file.is_relative_to(root):
            changed = self._history.related(root, file.relative_to(root).as_posix())[:_MOST_CHANGED]
        now = self._editor.clock()
        shown = {path: document.lines[:_MOST_LINES] for path, document in self._editor.files().items()}
        related = {root / path: _CHANGED * sure for path, sure in changed}
        names = telling(query.names)
        found: list[Snippet] = await query.in_thread(self._find, file, root, related, shown, names, now)
        return found

    def _find(
        self,
        file: Path,
        root: Path,
        changed: Mapping[Path, float],
        shown: Mapping[Path, Lines],
        wanted: tuple[str, ...],
        now: float,
    ) -> list[Snippet]:
        """Find, read and rank; runs in a thread, one at a time."""
        with self._lock:
            if self._related is None or self._related[1] != file or now - self._related[0] > _TRUSTED_SECONDS:
                self._related = now, file, neighbours_of(file, root)
            related = {**changed, **self._related[2]}
            related.pop(file, None)
            nearest = sorted(related.items(), key=lambda one: -one[1])[:_MOST_FILES]
            return self._best(nearest, root, shown, wanted)

    def _best(
        self, files: list[tuple[Path, float]], root: Path, shown: Mapping[Path, Lines], wanted: tuple[str, ...]
    ) -> list[Snippet]:
        end = self._timer() + _SECONDS
        found = []
        for path, weight in files:
            lines = shown[path] if path in shown else self._lines(path)
            names = self._names.setdefault(path, Names()).read(lines, lambda: self._timer() > end)
            for window in best_windows(lines, names, wanted):
                score = weight * (_BY_RELATION + (1 - _BY_RELATION) * window.score)
                name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
                found.append(Snippet(self.name, name, window.text, min(1.0, score), window.line))
        while len(self._names) > _REMEMBERED:
            del self._names[next(iter(self._names))]
        return sorted(found, key=lambda one: one.score, reverse=True)[:_MOST_SNIPPETS]

    def _lines(self, path: Path) -> Lines:
        """Return a file's lines; none when it cannot or must not be read, or is no text."""
        try:
            if not self._editor.may_be_read(path):
                return ()
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):  # to read a pipe would wait for ever
                return ()
            stamp = status.st_mtime_ns, status.st_size
            known = self._read.get(path)
            if known is None or known.stamp != stamp:
                data = path.read_bytes() if status.st_size <= _MOST_BYTES else b""
                text = "" if b"\0" in data else data.decode("utf-8-sig", "replace")
                known = self._read[path] = _Read(stamp, split_lines(text)[:_MOST_LINES])
        except (OSError, ValueError):
            return ()
        while len(self._read) > _REMEMBERED:
            del self._read[next(iter(self._read))]
        return known.lines


def neighbours_of(file: Path, root: Path) -> dict[Path, float]:
    """Return the files on disk that belong to `file` by their names, each with what that is worth."""
    try:
        relative = PurePosixPath(file.relative_to(root).as_posix())
    except ValueError:
        return {}
    tops = [*_folders(root), *(f"src/{name}" for name in _folders(root / "src"))]
    stem = file.name.split(".")[0]
    found = {
        file.parent / name: _SAME_STEM
        for name, is_folder in _listed(file.parent)
        if not is_folder and stem and name.split(".")[0] == stem and language_of(Path(name)) != "plaintext"
    }
    found.update({path: _KIN for one in kin(relative, tops) if (path := root / one).is_file()})
    found.pop(file, None)
    return found


def _folders(folder: Path) -> list[str]:
    return [name for name, is_folder in _listed(folder) if is_folder and not name.startswith(".")]


def _listed(folder: Path) -> list[tuple[str, bool]]:
    """Return the names in a folder, and which are folders; none of one that cannot be read."""
    found: list[tuple[str, bool]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found.append((entry.name, entry.is_dir()))
                if len(found) == _MOST_LISTED:
                    break
    except OSError:
        return []
    return sorted(found)
