"""Passages that are copied, the same ones dressed up, and suggestions that are none."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.completion.place import Place
from ai_lsp.syntax.languages import language_of
from benchmarks.licences.corpus import Corpus, sources

LINES = 8
_OWN_LICENCE = re.compile(r"MIT License|Apache License|BSD license", re.IGNORECASE)
"""In a file of a copyleft package that its authors took from elsewhere."""
_COMMENT = re.compile(r"#.*|//.*")
_WORD = re.compile(r"\b[A-Za-z_]\w+")
_NO_CODE = re.compile(
    r"\s*(?:#|//|/\*|\*|import\b|from\b|\w+ as \w+,$|export \* |const [{\w, }]+ = require|\"{3}|$)"
)
_SPACED = re.compile(r"(?<=[\w)\]]) ?([-+*/=<>,]+) ?(?=[\w(\[])")


@dataclass(frozen=True)
class Sample:
    """A suggestion, where it is made, and where it comes from."""

    text: str
    place: Place
    path: Path
    lines: tuple[str, ...]
    """The lines of the file that are copied."""
    package: str = ""


def copies(corpus: Corpus, count: int, rng: random.Random) -> list[Sample]:
    """Return `count` passages of 8 consecutive lines of code, from all copyleft packages in turn."""
    files = {name: list(sources(folder)) for name, (folder, _) in corpus.copyleft.items()}
    names = [name for name, found in files.items() if found]
    samples: list[Sample] = []
    while len(samples) < count:
        name = names[len(samples) % len(names)]
        path = rng.choice([one for one in files[name] if "templates" not in one.parts])
        passage = _passage(path.read_text("utf-8", "replace").split("\n"), rng)
        if passage:
            place = _place(path, "def unrelated(value):\n    return value\n\n\n")
            samples.append(Sample("\n".join(passage), place, path, tuple(passage), name))
    return samples


def _passage(lines: list[str], rng: random.Random) -> list[str]:
    """Return 8 lines of code in a row, empty where the place that was tried has none.

    Every line has code in it, and most have two words at least: rows of a table are data.
    """
    if len(lines) < LINES or _OWN_LICENCE.search("\n".join(lines[:40])):
        return []
    at = rng.randrange(len(lines) - LINES + 1)
    passage = lines[at : at + LINES]
    code = sum(len(_WORD.findall(_COMMENT.sub("", line))) >= 2 for line in passage)
    return [] if code <= LINES // 2 or any(_NO_CODE.match(line) for line in passage) else passage


def completed(sample: Sample, rng: random.Random) -> Sample:
    """Return the sample with its first lines in the document already, the cursor within a line."""
    whole = "\n".join(sample.lines)
    cut = rng.randrange(len(whole) // 2, len(whole) * 7 // 8)
    place = _place(sample.path, sample.place.prefix + whole[:cut])
    return Sample(whole[cut:], place, sample.path, sample.lines, sample.package)


def respaced(sample: Sample, rng: random.Random) -> Sample:
    """Return the sample indented otherwise, with other spaces around operators and with blank lines."""
    lines = ["\t" + _SPACED.sub(rng.choice((r" \1 ", r"\1")), line) + "  " for line in sample.lines]
    return Sample("\n\n".join(lines), sample.place, sample.path, sample.lines, sample.package)


def commented(sample: Sample, rng: random.Random) -> Sample:
    """Return the sample with comments between its lines."""
    sign = "#" if sample.place.language == "python" else "//"
    lines = [f"{line}\n    {sign} {rng.choice(('as before', 'it is safe', 'see above'))}" for line in sample.lines]
    return Sample("\n".join(lines), sample.place, sample.path, sample.lines, sample.package)


VARIANTS: dict[str, Callable[[Sample, random.Random], Sample]] = {
    "verbatim": lambda sample, _rng: sample,
    "completed": completed,
    "other white space": respaced,
    "other comments": commented,
}


def ordinary(folders: Sequence[Path], count: int, rng: random.Random) -> list[Sample]:
    """Return `count` true continuations of one to eight lines at random places of ordinary code."""
    files = [path for folder in folders for path in sources(folder)]
    samples: list[Sample] = []
    while len(samples) < count:
        path = rng.choice(files)
        text = path.read_text("utf-8", "replace")
        cut = rng.randrange(len(text) + 1)
        rest = "\n".join(text[cut:].split("\n")[: rng.randint(1, LINES)])
        if rest.strip():
            samples.append(Sample(rest, _place(path, text[max(0, cut - 4500) : cut]), path, ()))
    return samples


def _place(path: Path, prefix: str) -> Place:
    return Place("file:///workspace/own", "own", language_of(path), 1, prefix, "\n")
