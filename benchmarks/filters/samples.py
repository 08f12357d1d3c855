"""Suggestions at places of real files: what really stands there, its unfinished start, and damaged copies."""

from __future__ import annotations

import random
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.completion import stop
from ai_lsp.completion.place import Place
from ai_lsp.completion.window import place_at
from ai_lsp.documents import Document
from ai_lsp.options import CompletionOptions
from ai_lsp.syntax.languages import language_of
from benchmarks.quality import corpus
from benchmarks.quality.cases import choose
from benchmarks.quality.code import Code
from benchmarks.quality.holes import FINDERS, SILENT

_SIGNS = "()[]{}\"':,="
_WINDOW = CompletionOptions()


@dataclass(frozen=True)
class Sample:
    """A suggestion at a place."""

    kind: str
    """``true`` for what stands there, ``late`` for its start as a deadline leaves it, ``damaged``."""
    place: Place
    text: str
    document: Document


def from_packages(count: int, seed: int) -> Iterator[Sample]:
    """Yield samples at `count` places of the quality benchmark's packages, in eleven languages."""
    repositories = corpus.load(corpus.entries())
    dice = random.Random(seed)
    for case in choose(repositories, count, seed, languages=corpus.LANGUAGES):
        if not case.silent:
            path = f"/{case.package}/{case.path}"
            yield from _samples(path, case.language, case.prefix, case.cut, case.suffix, dice)


def from_environment(count: int, seed: int) -> Iterator[Sample]:
    """Yield samples at `count` places of the Python packages that are installed here."""
    files = sorted(Path(sysconfig.get_path("purelib")).rglob("*.py"))
    dice = random.Random(seed)
    kinds = [kind for kind in FINDERS if kind not in SILENT]
    while files and count > 0:
        path = dice.choice(files)
        text = path.read_text("utf-8", "replace")
        if not corpus.is_written_by_hand(text):
            continue
        holes = list(FINDERS[dice.choice(kinds)](Code("python", text)))
        if holes:
            hole, count = dice.choice(holes), count - 1
            before, cut, after = text[: hole.start], text[hole.start : hole.end], text[hole.end :]
            yield from _samples(str(path), language_of(path), before, cut, after, dice)


def _samples(path: str, language: str, before: str, cut: str, after: str, dice: random.Random) -> Iterator[Sample]:
    document = Document(Path(path).as_uri(), before + after, version=1, language_id=language)
    line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
    chars = {"prefix_chars": _WINDOW.prefix_chars, "suffix_chars": _WINDOW.suffix_chars}
    place = place_at(document, line, column, path=path, **chars)
    whole = cut.rstrip()
    late = stop.safe_prefix(whole[: dice.randrange(len(whole) + 1)], False)
    for kind, text in (("true", whole), ("late", late), ("damaged", _damaged(whole, dice))):
        if text.strip():
            yield Sample(kind, place, text, document)


def _damaged(text: str, dice: random.Random) -> str:
    """Return `text` with one sign gone, doubled or another one before it; empty where it has no sign."""
    places = [at for at, sign in enumerate(text) if sign in _SIGNS]
    if not places:
        return ""
    at = dice.choice(places)
    return text[:at] + dice.choice(["", text[at] * 2, dice.choice(")]}=,(") + text[at]]) + text[at + 1 :]
