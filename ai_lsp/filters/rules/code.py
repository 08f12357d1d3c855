"""The text that rules look at, and which of it is code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from ai_lsp.completion.place import Place
from ai_lsp.filters.lexical import begins_inside, scan
from ai_lsp.filters.names import LinesOf, no_lines
from ai_lsp.syntax.languages import parser_for

if TYPE_CHECKING:
    from tree_sitter import Node

_BEFORE, _AFTER = 2000, 200
"""Characters before and after the cursor that are read, at most."""
_HEAD_LINES = 300
"""Lines at a document's start that may have its imports."""
_HOLES = frozenset(
    {"interpolation", "template_substitution", "interpolated_expression", "command_substitution", "expansion"}
)
"""Nodes within a string whose content is code again."""
_TEXTS = frozenset({"char_literal", "character_literal", "heredoc_body", "regex", "regex_pattern"})
"""Nodes that are no code, besides those with `string` or `comment` in their names."""


Span = tuple[int, int]
"""A start and an end."""
Head = Callable[[], "str | None"]


class Code:
    """A text in UTF-8 of which a part is new. All offsets are in bytes."""

    def __init__(self, text: str, language: str, new: Span, start: int = 0, head: Head = lambda: None) -> None:
        """The part is `new` from a start to an end; matches begin from `start` on. These offsets are characters.

        `head` returns what imports are looked for in, None where the document's start is not known.
        """
        self.language = language.lower()
        self.head = head
        # A window of Python that begins in a docstring would be read the wrong way round.
        quote = begins_inside(text, language)
        self._text = quote + text
        self.data = self._text.encode("utf-8", "replace")
        offsets = (len(self._text[: at + len(quote)].encode("utf-8", "replace")) for at in (*new, start))
        self.new, self.end, self.start = offsets
        self._shift = len(quote)

    def chars(self, at: int) -> int:
        """Return the offset in characters of the text for one in bytes."""
        return len(self.data[:at].decode("utf-8", "replace")) - self._shift

    @cached_property
    def root(self) -> Node | None:
        """The root of the text's syntax tree; None for a language without a grammar."""
        parser = parser_for(self.language)
        return None if parser is None else parser.parse(self.data).root_node

    def is_code(self, at: int) -> bool:
        """Return whether neither a string nor a comment is open at `at`; one that begins there is code."""
        root = self.root
        node = None if root is None else root.descendant_for_byte_range(at, min(at + 1, len(self.data)))
        while node is not None:
            if node.type in _HOLES and node.start_byte < at:
                return True
            if node.start_byte < at and _is_text(node.type):
                return False
            node = node.parent
        if root is not None and not root.has_error:
            return True
        # A string that is not ended is a stray quote before code to tree-sitter.
        return not scan(self.data[:at].decode("utf-8", "replace"), self.language).inside

    def lines(self, start: int, end: int) -> bytes:
        """Return the lines that a match touches, and those after them up to where its brackets are closed."""
        first = self.data.rfind(b"\n", 0, start) + 1
        depth = 0
        for at in range(start, len(self.data)):
            byte = self.data[at]
            depth += (byte in b"([{") - (byte in b")]}")
            if at >= end and byte == 0x0A and depth <= 0:
                return self.data[first:at]
        return self.data[first:]


def _is_text(kind: str) -> bool:
    return kind in _TEXTS or ("string" in kind and not kind.startswith("concatenated")) or "comment" in kind


def around(text: str, place: Place, lines_of: LinesOf = no_lines) -> Code:
    """Return a suggestion between what is around the cursor; matches begin on the cursor's line."""

    def head() -> str | None:
        if place.prefix.count("\n") >= place.line:
            return place.prefix + text
        lines = lines_of(place)
        return None if lines is None else "".join(lines[:_HEAD_LINES]) + place.prefix + text

    before = place.prefix
    if len(before) > _BEFORE:
        cut = before.find("\n", len(before) - _BEFORE) + 1
        before = before[cut or len(before) - _BEFORE :]
    new = len(before), len(before) + len(text)
    start = max(0, len(before) - len(place.line_before))
    return Code(before + text + place.line_after[:_AFTER], place.language, new, start, head)
