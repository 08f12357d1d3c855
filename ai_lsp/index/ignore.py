"""What of a folder is read: ignore files, nested as git nests them, and what must never be read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from ai_lsp.index.gitconfig import excludes_file
from ai_lsp.index.rules import NEVER_READ, NOT_WORTH_READING, Rules

IGNORE_FILES = (".ai-lspignore", ".ignore", ".gitignore")
"""In the order of their power: a name that stands first overrules the others, in whatever folder they are."""

_LONGEST_IGNORE_FILE = 1_000_000
_NEVER = Rules(NEVER_READ)
_NOT_WORTH_READING = Rules(NOT_WORTH_READING)
_Step = tuple[Rules, str, int]
"""Rules, and what to put before and to cut from a path relative to the root to have it relative to their base."""


@lru_cache(maxsize=64)
def _own_never(patterns: tuple[str, ...]) -> Rules:
    return Rules(pattern.lower() for pattern in patterns if not pattern.startswith("!"))


def never_read(path: Path, never: Iterable[str] = ()) -> bool:
    """Whether a file must never be read, by its own name or that of a folder it is in.

    `never` adds patterns to `NEVER_READ`; they cannot take any of these back.
    """
    parts = [part.lower() for part in path.parts if part != path.anchor]
    own = _own_never(tuple(never))
    return any(
        _is_never("/".join(parts[:count]), own, folder=count < len(parts)) for count in range(1, len(parts) + 1)
    )


def _is_never(path: str, own: Rules, *, folder: bool) -> bool:
    return bool(_NEVER.match(path, folder=folder) or own.match(path, folder=folder))


class Ignore:
    """Which entries below one root are left out. Ignore files are read when their folder is first asked about."""

    def __init__(self, root: Path, exclude: Sequence[str] = (), never: Sequence[str] = ()) -> None:
        """`exclude` are patterns relative to `root` that overrule all ignore files; `never` as in `never_read`."""
        self._root = root
        self._exclude = Rules(exclude)
        self._never = _own_never(tuple(never))
        self._steps: dict[str, list[list[_Step]]] = {}
        self._above, self._git_exclude = self._from_above()

    def keeps(self, path: str, *, folder: bool) -> bool:
        """Whether an entry is read; those of a folder that is not are not to be asked about.

        `path` is relative to the root, with ``/``.
        """
        if _is_never(path.lower(), self._never, folder=folder):
            return False
        above = path[: max(0, path.rfind("/"))]
        for rules, before, cut in self._in_order(above):
            left_out = rules.match(before + path[cut:], folder=folder)
            if left_out is not None:
                return not left_out
        return True

    def keeps_file(self, path: str) -> bool:
        """Whether a file is read, all folders it is in being asked about too."""
        parts = path.split("/")
        folders = ("/".join(parts[:count]) for count in range(1, len(parts)))
        return all(self.keeps(one, folder=True) for one in folders) and self.keeps(path, folder=False)

    def _in_order(self, folder: str) -> list[_Step]:
        by_name = self._by_name(folder)
        steps = [step for steps in by_name for step in steps]
        return [(self._exclude, "", 0), *steps, *self._git_exclude, (_NOT_WORTH_READING, "", 0)]

    def _by_name(self, folder: str) -> list[list[_Step]]:
        """Return the steps of each kind of ignore file for the entries of `folder`, the deepest folder's first."""
        if folder not in self._steps:
            outer = self._above if not folder else self._by_name(folder[: max(0, folder.rfind("/"))])
            own = [_load(self._root / folder / name) for name in IGNORE_FILES]
            cut = len(folder) + 1 if folder else 0
            self._steps[folder] = [
                [(rules, "", cut), *steps] if rules else steps for rules, steps in zip(own, outer, strict=True)
            ]
        return self._steps[folder]

    def _from_above(self) -> tuple[list[list[_Step]], list[_Step]]:
        """Return what holds in the whole root because of the repository that it is in."""
        nothing: list[list[_Step]] = [[] for _ in IGNORE_FILES]
        folders = (self._root, *self._root.parents)
        top = next((folder for folder in folders if os.path.lexists(folder / ".git")), self._root)
        between = self._root.relative_to(top).parts
        above = [
            [
                (rules, "/".join(between[depth:]) + "/", 0)
                for depth in range(len(between) - 1, -1, -1)
                if (rules := _load(top.joinpath(*between[:depth], name)))
            ]
            for name in IGNORE_FILES
        ]
        before = "/".join(between) + "/" if between else ""
        exclude: list[_Step] = [(rules, before, 0) for rules in _excludes_of_git(top) if rules]
        return (nothing if self._left_out(above) else above), exclude

    @staticmethod
    def _left_out(above: list[list[_Step]]) -> bool:
        """Whether the repository leaves the root itself out; it was opened all the same."""
        steps = [step for steps in above for step in steps]
        paths = ((rules, before.rstrip("/")) for rules, before, _ in steps)
        return bool(
            next((said for rules, path in paths if (said := rules.match(path, folder=True)) is not None), False)
        )


def _excludes_of_git(top: Path) -> Iterator[Rules]:
    """Yield what git leaves out of one user's work trees without a word in them, the most powerful first."""
    if os.path.lexists(top / ".git"):
        git = _git_folder(top)
        yield _load(git / "info" / "exclude")
        if (everywhere := excludes_file(top, git)) is not None:
            yield _load(everywhere)


def _git_folder(top: Path) -> Path:
    """Return git's folder for what is shared by all work trees of the repository at `top`."""
    git = top / ".git"
    try:
        if git.is_file():  # a work tree or a submodule
            own = top / git.read_text("utf-8", "replace").removeprefix("gitdir:").strip()
            common = own / "commondir"
            return own / common.read_text("utf-8", "replace").strip() if common.is_file() else own
    except (OSError, ValueError):
        pass
    return git


def _load(path: Path) -> Rules:
    """Return the rules of one ignore file, none when there is no such file."""
    try:
        stat = path.stat()
        return (
            _compiled(path, stat.st_mtime_ns, stat.st_size) if stat.st_size <= _LONGEST_IGNORE_FILE else Rules(())
        )
    except (OSError, ValueError):
        return Rules(())


@lru_cache(maxsize=4096)
def _compiled(path: Path, _mtime_ns: int, _size: int) -> Rules:
    if not path.is_file():
        return Rules(())
    return Rules(path.read_text("utf-8", "surrogateescape").removeprefix("\ufeff").split("\n"))
