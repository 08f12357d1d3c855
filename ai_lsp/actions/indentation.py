"""A model's code, indented as the document is."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence

_LINES = 400
_DEFAULT = "    "
_MOST_WIDTH = 8
_OPENS = re.compile(
    r"\s*(?:(?:def|class|module|function|local function|if|while|for|unless|case)\b|@|#|/\*|[\"']{3})"
)


def unit_of(lines: Sequence[str], default: str = _DEFAULT) -> str:
    """Return what one level of indentation is in `lines`: a tab, or some spaces."""
    steps: Counter[str] = Counter()
    before = 0
    for line in lines[:_LINES]:
        if not line.strip() or line.lstrip().startswith("*"):
            continue
        white = line[: len(line) - len(line.lstrip(" \t"))]
        if white.startswith("\t"):
            steps["\t"] += 1
        elif 1 < len(white) - before <= _MOST_WIDTH:
            steps[" " * (len(white) - before)] += 1
        before = len(white)
    return steps.most_common(1)[0][0] if steps else default


def indented(code: str, indent: str, unit: str) -> str:
    """Return `code` with its first level at `indent` and each level below it as `unit`; blank lines stay empty."""
    text = _level(textwrap.dedent(code.expandtabs(4) if _is_mixed(code) else code).strip("\n"))
    own = unit_of(text.split("\n"), unit)
    return "\n".join(indent + _in_units(line, own, unit) if line.strip() else "" for line in text.split("\n"))


def _is_mixed(code: str) -> bool:
    starts = {line[0] for line in code.split("\n") if line[:1] in ("\t", " ")}
    return len(starts) > 1


def _level(text: str) -> str:
    """Bring a first line that lost its indentation back to that of the others, where nothing else explains it."""
    first, newline, rest = text.partition("\n")
    bare = textwrap.dedent(rest)
    deeper = bool(re.search(r"[:{(\[,\\]\s*$", first)) or first.rstrip().endswith(("do", "then", "=>", "begin"))
    if not newline or deeper or not rest.strip() or _smallest(rest) == 0 or _opens(first):
        return text
    return first + "\n" + bare


def _opens(line: str) -> bool:
    """Whether a line begins what an `end` closes, and so has deeper ones below it with no sign at its end."""
    return _OPENS.match(line) is not None


def _smallest(text: str) -> int:
    return min((len(line) - len(line.lstrip()) for line in text.split("\n") if line.strip()), default=0)


def _in_units(line: str, own: str, unit: str) -> str:
    bare = line.lstrip(" \t")
    white = line[: len(line) - len(bare)]
    if own == unit or not white:
        return line
    levels, rest = divmod(len(white), len(own))
    return unit * levels + " " * rest + bare
