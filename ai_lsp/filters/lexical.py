"""A rough reading of source text - comment signs, strings, brackets - that needs no parser.

Filters and stop rules look at text that is unfinished and often wrong, some forty times a request; a table of
signs and one regular expression a language are enough for them, and their mistakes end with the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

PAIRS = {"(": ")", "[": "]", "{": "}"}
"""Each opening bracket and the one that closes it."""
CLOSERS = frozenset(PAIRS.values())


def _languages(ids: str) -> frozenset[str]:
    return frozenset(ids.split())


_HASH = _languages(
    "python shellscript sh bash zsh fish ruby perl r yaml toml makefile dockerfile elixir julia coffeescript "
    "powershell nix cmake graphql gdscript nim crystal tcl awk php properties dotenv hcl terraform"
)
_SLASH = _languages(
    "c cpp objective-c objective-cpp cuda-cpp csharp java javascript javascriptreact typescript typescriptreact "
    "go rust swift kotlin scala dart php groovy zig proto proto3 solidity jsonc less scss glsl hlsl verilog "
    "systemverilog fsharp haxe d v vue svelte"
)
_DASH = _languages("lua sql haskell elm ada vhdl purescript")
_SEMICOLON = _languages("lisp clojure scheme racket commonlisp elisp emacs-lisp asm ini")
_PERCENT = _languages("latex tex erlang matlab prolog")
_BLOCK = _SLASH | {"css", "sql"}
_MARKUP = _languages("html xml vue svelte markdown mdx javascriptreact typescriptreact handlebars razor")
_PROSE = _languages("markdown mdx plaintext text latex tex restructuredtext html xml git-commit gitcommit")
_CHAR = _languages(
    "rust c cpp objective-c objective-cpp cuda-cpp csharp java go kotlin scala swift zig haskell elm fsharp ada "
    "verilog systemverilog vhdl d lisp clojure scheme racket commonlisp elisp emacs-lisp"
)
_BACKTICK = _languages("javascript javascriptreact typescript typescriptreact go vue svelte")


_TRIPLE = re.compile(r"\"{3}|'{3}")
_BEFORE_STRING = re.compile(r"(?:^|[=(\[{,:+%])\s*[rRbBfFuU]{0,2}$|\b(?:return|in|yield)\s+[rRbBfFuU]{0,2}$")


@dataclass(frozen=True, slots=True)
class Scan:
    """The brackets and strings of one piece of text. All positions are character offsets into it."""

    opened: tuple[int, ...]
    """Opening brackets with no partner in the text, outermost first."""
    extra: tuple[int, ...]
    """Closing brackets with no partner in the text, in order."""
    inside: str
    """What would end the string or comment that the text ends in (newline for a line comment), or ``""``."""
    left: int
    """Where the string or comment that the text began in was left; -1 when it was not left."""


def is_markup(language: str) -> bool:
    """Whether tags in angle brackets are ordinary text of `language`."""
    return language in _MARKUP


def comment_signs(language: str) -> tuple[str, ...]:
    """The signs that start a line comment in the client's `language`; none when it is not known."""
    signs = {"#": _HASH, "//": _SLASH, "--": _DASH, ";": _SEMICOLON, "%": _PERCENT}
    return tuple(sign for sign, languages in signs.items() if language in languages)


def has_block_comments(language: str) -> bool:
    """Whether `language` has comments of the form ``/* ... */``."""
    return language in _BLOCK


def begins_inside(window: str, language: str) -> str:
    """The docstring quote that a window of Python starts within, or ``""``: a guess from the first quote in it.

    Only Python has strings so long, and so many, that windows often start in one; read the wrong way round, all
    of its code is a string.
    """
    first = _TRIPLE.search(window) if language == "python" else None
    if first is None:
        return ""
    over, _, head = window[: first.start()].rpartition("\n")
    tail = window[first.end() :].partition("\n")[0]
    if first[0] in tail:
        return ""
    if head.strip():
        return "" if _BEFORE_STRING.search(head) else first[0]
    last = over.rstrip().rpartition("\n")[2].strip()
    opens = tail.strip() or last.endswith(":") or last.startswith("#") or not (last or head)
    return "" if opens else first[0]


def scan(text: str, language: str, inside: str = "") -> Scan:
    """Reads `text`, which starts within the string or comment that `inside` would end."""
    opened: list[int] = []
    extra: list[int] = []
    start = leave(text, inside)
    if start < 0:
        return Scan((), (), inside, -1)
    still = ""
    for kind, at in marks(text, language, start):
        if kind == "bracket":
            _pair(text, at, opened, extra)
        elif kind == "open":
            still = _terminator(text, at)
    return Scan(tuple(opened), tuple(extra), still, start)


def scan_window(window: str, language: str) -> Scan:
    """Reads a part of a file, whose start may lie within a docstring."""
    return scan(window, language, begins_inside(window, language))


def marks(text: str, language: str, start: int = 0) -> Iterator[tuple[str, int]]:
    """The places in `text` from `start` on that matter, as (kind, offset).

    Kinds are ``bracket``, ``newline`` (neither inside a string or comment) and ``open`` (a string or comment
    that is not ended in the text; always the last).
    """
    for found in _pattern(language).finditer(text, start):
        kind = found.lastgroup
        if kind is not None and kind != "whole":
            yield kind, found.start()


def leave(text: str, inside: str) -> int:
    """The offset just after the string or comment that `inside` ends: 0 for none, -1 when it does not end."""
    if not inside:
        return 0
    if inside == "\n":
        return text.find("\n")
    if inside == "*/":
        at = text.find(inside)
        return at + 2 if at >= 0 else -1
    found = _ending(inside).match(text)
    return found.end() if found else -1


def _pair(text: str, at: int, opened: list[int], extra: list[int]) -> None:
    bracket = text[at]
    if bracket in PAIRS:
        opened.append(at)
        return
    # A closer may skip brackets that were never closed (an unfinished line above), so that one slip does not
    # make every later bracket look wrong.
    for depth in range(len(opened) - 1, -1, -1):
        if PAIRS[text[opened[depth]]] == bracket:
            del opened[depth:]
            return
    extra.append(at)


def _terminator(text: str, at: int) -> str:
    if text.startswith(('"""', "'''"), at):
        return text[at : at + 3]
    if text.startswith("/*", at):
        return "*/"
    return text[at] if text[at] in "\"'`" else "\n"


@lru_cache(maxsize=8)
def _ending(quote: str) -> re.Pattern[str]:
    if len(quote) == 3:
        return re.compile(rf"(?:[^\\]|\\.)*?{quote}", re.DOTALL)
    line_end = "" if quote == "`" else r"|(?=\n)"
    stop = "" if quote == "`" else r"\n"
    return re.compile(rf"[^{quote}\\{stop}]*(?:\\.[^{quote}\\{stop}]*)*(?:{quote}{line_end})", re.DOTALL)


@lru_cache(maxsize=64)
def _pattern(language: str) -> re.Pattern[str]:
    whole: list[str] = []
    unended: list[str] = []
    if signs := comment_signs(language):
        # Not the `#` of a shell's `$#` and `${#name}`.
        sign = r"(?<![$\w{])(?:" + "|".join(map(re.escape, signs)) + ")"
        whole.append(rf"{sign}[^\n]*(?=\n)")
        unended.append(rf"{sign}[^\n]*\Z")
    if language in _BLOCK:
        whole.append(r"/\*.*?\*/")
        unended.append(r"/\*.*\Z")
    for quote in _quotes(language):
        # An unfinished """ is not an empty string and a quote.
        start = rf"{quote}(?!{quote * 2})" if len(quote) == 1 and quote != "`" else quote
        whole.append(start + _ending(quote).pattern)
        body = r"[^\n]*" if len(quote) == 1 and quote != "`" else ".*"
        unended.append(rf"{quote}{body}\Z")
    if language in _CHAR:
        whole.append(r"'(?:\\[^\n]{1,10}?|[^\\'\n])'")
    groups = [rf"(?P<whole>{'|'.join(whole)})", rf"(?P<open>{'|'.join(unended)})"] if whole else []
    groups += [r"(?P<bracket>[()\[\]{}])", r"(?P<newline>\n)"]
    # Only these characters start anything; asked first, they halve the time.
    heads = re.escape("".join(sign[0] for sign in signs)) + r"""/"'`()\[\]{}\n"""
    return re.compile(rf"(?=[{heads}])(?:{'|'.join(groups)})", re.DOTALL)


def _quotes(language: str) -> tuple[str, ...]:
    if language in _PROSE:
        return ()
    # In languages with character literals a lone ' is a lifetime, a label or a quoted list.
    single = () if language in _CHAR else ("'''", "'")
    backtick = ("`",) if language in _BACKTICK else ()
    triple, plain = ('"""', *single[:1]), ('"', *single[1:])
    return (*triple, *plain, *backtick)
