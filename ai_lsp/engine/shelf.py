"""KV of prompts that had to make way, kept on disk: reading 1,000 tokens back takes 10 ms, evaluating them 2 s.

The files outlive the server, so that a project that is opened again is warm at once. They hold the prompts'
tokens, that is, source code; the folder is for its owner only.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import logging
import os
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

from ai_lsp.engine.llama import ContextSettings, LlamaContext, Tokens

log = logging.getLogger(__name__)

_LEAST_TOKENS = 128
"""A shorter prompt is evaluated sooner than it is found again."""
_NEARLY = 16
"""Tokens that a saved prompt may lack and still stand for a newer form of itself."""
_FORMS = 2
"""Prompts that are kept for one window: with the context in force, and with another or from further up."""
_ABANDONED_SECONDS = 600
_HEADER = 3
"""llama.cpp's sequence files start with so many 32-bit words: magic, version, number of tokens that follow."""
_numbers = itertools.count()


def folder_for(root: Path, model: Path, context: ContextSettings) -> Path:
    """Return the folder under `root` for this model file, kind of context and version of llama.cpp's binding."""
    stat = model.stat()
    library = metadata.version("llama-cpp-python")
    parts = (str(model), stat.st_size, stat.st_mtime_ns, context.flash_attention, context.gpu_layers, library)
    return root / hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def shared(left: Tokens, right: Tokens) -> int:
    """Return how many leading tokens the two have in common."""
    n = min(len(left), len(right))
    different = np.nonzero(left[:n] != right[:n])[0]
    return int(different[0]) if len(different) else n


@dataclass(frozen=True, eq=False)
class Saved:
    """One prompt on the shelf."""

    path: Path
    tokens: Tokens
    window: tuple[str, str] | None = None
    """See `PromptChoice.window`; None for what an earlier server has left."""


class Shelf:
    """The saved prompts of one model with one kind of context, in a folder that other servers may share.

    Belongs to the engine thread. A file that cannot be written or read is as if it had never been there.
    """

    def __init__(self, context: LlamaContext, folder: Path, limit: int) -> None:
        """Take up what is in `folder`; all of its neighbours together may hold `limit` bytes."""
        self._context = context
        self._folder = folder
        self._limit = limit
        self._saved: list[Saved] = []
        try:
            folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(exist_ok=True, mode=0o700)
            for part in folder.glob("*.part"):  # of a server that was killed while it wrote
                if time.time() - part.stat().st_mtime > _ABANDONED_SECONDS:
                    part.unlink(missing_ok=True)
            self._saved = [saved for path in sorted(folder.glob("*.kv")) if (saved := _read(path)) is not None]
        except OSError as error:
            log.warning("KV cannot be kept in %s: %s", folder, error)

    def find(self, tokens: Tokens, least: int) -> Saved | None:
        """Return the saved prompt that shares most with `tokens`, if it is `least` tokens or more."""
        best = max(self._saved, key=lambda saved: shared(saved.tokens, tokens), default=None)
        return best if best is not None and shared(best.tokens, tokens) >= least else None

    def put(self, sequence: int, tokens: Tokens, window: tuple[str, str] | None = None) -> None:
        """Save the KV of `sequence`, which holds `tokens`; older forms of it and for its `window` go."""
        if len(tokens) < _LEAST_TOKENS:
            return
        if (saved := self.find(tokens, len(tokens) - _NEARLY)) is not None:
            self.touch(saved)
            return
        path = self._folder / f"{os.getpid()}-{time.time_ns()}-{next(_numbers)}.kv"
        part = path.with_suffix(".part")
        try:
            if not self._context.save(sequence, tokens, part):
                raise OSError("llama.cpp could not write it")
            part.replace(path)
            for old in self._replaced(tokens, window):
                self._drop(old)
            self._saved.append(Saved(path, tokens.copy(), window))
            self._make_room()
        except OSError as error:
            log.warning("KV cannot be kept in %s: %s", self._folder, error)
            with contextlib.suppress(OSError):
                part.unlink()

    def _replaced(self, tokens: Tokens, window: tuple[str, str] | None) -> list[Saved]:
        """Return what there is no use for once these tokens are saved."""
        older = [saved for saved in self._saved if shared(saved.tokens, tokens) >= len(saved.tokens) - _NEARLY]
        others = [saved for saved in self._saved if window and saved.window == window and saved not in older]
        return [*older, *others[: len(others) - (_FORMS - 1)]]

    def touch(self, saved: Saved) -> None:
        """Have others make room before this one: it is wanted."""
        with contextlib.suppress(OSError):
            os.utime(saved.path)

    def take(self, saved: Saved, sequence: int) -> Tokens:
        """Bring a saved prompt into `sequence`; returns its tokens, none when its file is gone or damaged."""
        tokens = self._context.load(sequence, saved.path)
        if not len(tokens):
            self._drop(saved)
        return tokens

    def _drop(self, saved: Saved) -> None:
        self._saved = [one for one in self._saved if one is not saved]
        saved.path.unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Delete the files that were not used for longest, of this and of the neighbouring folders."""
        files = [(path.stat(), path) for path in self._folder.parent.glob("*/*.kv")]
        files.sort(key=lambda one: one[0].st_mtime_ns, reverse=True)
        total = 0
        for stat, path in files:
            total += stat.st_size
            if total > self._limit:
                path.unlink(missing_ok=True)
        self._saved = [saved for saved in self._saved if saved.path.exists()]


def _read(path: Path) -> Saved | None:
    """Return what `path` holds by its header, None when it is no sequence file."""
    words = np.fromfile(path, dtype=np.int32, count=_HEADER)
    if len(words) < _HEADER or words[2] <= 0:
        return None
    tokens = np.fromfile(path, dtype=np.int32, count=int(words[2]), offset=words.nbytes)
    return Saved(path, tokens) if len(tokens) == words[2] else None
