"""Code as a row of numbers that stays the same when white space, comments, quotes and imports change.

Every line is read by itself, so that a window of a file gives the numbers that the whole file gives there; only
comments of the form ``/* */`` and imports reach over lines.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ai_lsp.filters.lexical import comment_signs, has_block_comments

_TOKEN = re.compile(r"\n|[^\W\d]\w*|\d[\w.]*|[^\w\s\"'`]")
_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`"
_INSIDE_COMMENT = re.compile(r"(?:(?!/\*).)*?\*/", re.DOTALL)
_NEWLINE = 0
_WORD = 1

_SCRIPT = (
    r"(?:import|export)\b[^;'\"\n({]*(?:\{[^{}]*\}[^;'\"\n({]*)?(?:\bfrom\s*)?['\"][^'\"\n]*['\"];?"
    r"|(?:const|let|var)\s+(?:\w+|\{[^{}]*\})\s*=\s*require\([^()\n]*\)[^\n]*"
)
_INCLUDES = r"#[ \t]*(?:include|import|pragma|if|ifdef|ifndef|endif|undef)\b[^\n]*|(?:using|import)\s[^;\n]*;"
_PLAIN = r"(?:import|package|using|use|open|library|require|require_relative|require_once|include)\b[^\n]*"
_IMPORTS = {
    "python": r"from\s+[\w.]+\s+import\s*(?:\([^()]*\)?|[^\n]*)|import\s[^\n]*",
    "go": r"import\s*\([^()]*\)|(?:import|package)\b[^\n]*",
    "rust": r"(?:pub(?:\([\w ]+\))?\s+)?(?:use\s[^;]*;|mod\s+\w+;)|extern\s+crate[^\n]*",
    **dict.fromkeys(("javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte"), _SCRIPT),
    **dict.fromkeys(("c", "cpp", "cuda-cpp", "objective-c", "objective-cpp"), _INCLUDES),
}


@dataclass(frozen=True)
class Tokens:
    """The code of one text."""

    codes: NDArray[np.uint32]
    """One number a token: equal tokens have equal numbers, others as good as never. Words have odd ones."""
    lines: NDArray[np.uint32]
    """The zero-based line of the text that each token stands in."""


class _Codes(dict[str, int]):
    """The number of each token, remembered while there are not too many."""

    def __missing__(self, token: str) -> int:
        code = zlib.crc32(token.encode("utf-8", "surrogatepass")) & ~1
        code |= _WORD if token[0].isalpha() or token[0] == "_" else 2
        if len(self) < 1 << 18:
            self[token] = code
        return code


_CODES = _Codes({"\n": _NEWLINE})


def tokens(text: str, language: str, *, window: bool = False) -> Tokens:
    r"""Return the code of `text`, which has ``\n`` as line ends, in the LSP language id `language`.

    A `window` may begin inside a comment of several lines.
    """
    if window and has_block_comments(language) and (inside := _INSIDE_COMMENT.match(text)):
        text = "\n" * inside[0].count("\n") + text[inside.end() :]
    comments, imports = _patterns(language)
    if comments is not None:
        text = comments.sub(_without_comment, text)
    text = imports.sub(_only_newlines, text)
    found = _TOKEN.findall(text)
    codes = np.fromiter(map(_CODES.__getitem__, found), np.uint32, len(found))
    breaks = codes == _NEWLINE
    lines = np.cumsum(breaks, dtype=np.uint32)
    return Tokens(codes[~breaks], lines[~breaks])


def _without_comment(found: re.Match[str]) -> str:
    return found[0] if found[1] is None else _only_newlines(found)


def _only_newlines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n") or " "


@lru_cache(maxsize=64)
def _patterns(language: str) -> tuple[re.Pattern[str] | None, re.Pattern[str]]:
    """Return what finds strings and (as group 1) comments, and what finds imports."""
    signs = [rf"(?<![$\w{{]){re.escape(sign)}[^\n]*" for sign in comment_signs(language)]
    if has_block_comments(language):
        signs.insert(0, r"/\*.*?\*/")
    comments = re.compile(rf"{_STRING}|({'|'.join(signs)})", re.DOTALL) if signs else None
    imports = _IMPORTS.get(language, _PLAIN)
    return comments, re.compile(rf"^[ \t]*(?:{imports})", re.MULTILINE)
