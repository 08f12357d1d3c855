"""One rule: what it looks for, where, and what is said and done when it is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from ai_lsp.filters.rules.code import Code, Span
from ai_lsp.filters.rules.expression import expression
from ai_lsp.syntax.languages import grammar, grammar_of

if TYPE_CHECKING:
    from tree_sitter import Query

MATCH = "match"
"""The capture of a query that says what the match is; without it, all that is captured."""
_IMPORTS = (
    r"^[ \t]*(?:from|import|use|using|require\w*|#[ \t]*include|export|const|let|var)\b"
    r"[^\n]*(?<![\w.]){name}(?!\w)"
)
_IMPORTED = r"^[ \t]*(?:\w+[ \t]+)?[\"'<]{name}[\"'>],?;?[ \t]*$"
"""A statement that imports, and a line of Go's block of imports."""


@dataclass(frozen=True)
class Rule:
    """A rule as it was read; its expressions are compiled when they are first wanted."""

    id: str
    message: str
    """What is wrong, and what to do instead."""
    origin: str
    """The file that it comes from."""
    languages: frozenset[str] = frozenset()
    """Language ids; none are all of them."""
    severity: str = "medium"
    action: str = "cut"
    """``cut`` before the statement or ``veto`` the whole suggestion."""
    where: str = "code"
    """``code`` or ``anywhere``: comments and strings too."""
    regex: str = ""
    unless: str = ""
    """An expression that, found in the same statement, makes it right."""
    query: str = ""
    denied: tuple[str, ...] = ()
    require_import: str = ""
    """A module that, imported in the file, makes it right."""

    def spans(self, code: Code) -> Iterator[Span]:
        """Return the matches that the new part of `code` has a part in, by start and end in bytes."""
        candidates = self._queried(code) if self.query else self._searched(self._pattern, code, code.start)
        for start, end in candidates:
            if start < code.end and end > code.new and self._counts(start, end, code):
                yield start, end

    @property
    def pattern(self) -> str:
        """The expression that is looked for, or that what is captured must have."""
        return self.regex or _symbols(self.denied)

    @cached_property
    def _pattern(self) -> Any:
        return expression(self.pattern)

    @cached_property
    def _unless(self) -> Any:
        return expression(self.unless) if self.unless else None

    @cached_property
    def _queries(self) -> dict[str, Query]:
        names = {grammar_of(language) for language in self.languages} if self.query else set()
        return {name: _query(self.query, name) for name in sorted(names)}

    def check(self) -> None:
        """Compile everything. Raises ValueError with the key, what is wrong and how to mend it."""
        for key in ("regex", "unless"):
            if written := getattr(self, key):
                try:
                    expression(written)
                except ValueError as error:
                    raise ValueError(f"`{key}` cannot be used: {error}") from error
        _ = self._queries
        if not self.query:
            _ = self._pattern

    def _searched(self, pattern: Any, code: Code, at: int) -> Iterator[Span]:
        while (found := pattern.search(code.data, at)) is not None:
            start, end = found.span(1) if found.lastindex else found.span()
            yield start, end
            at = max(start + 1, end)

    def _queried(self, code: Code) -> Iterator[Span]:
        from tree_sitter import QueryCursor

        query = self._queries.get(grammar_of(code.language))
        if query is None or code.root is None:
            return
        cursor = QueryCursor(query, match_limit=256)
        cursor.set_byte_range(code.new, max(code.end, code.new + 1))
        for _, captures in cursor.matches(code.root):
            for nodes in [captures[MATCH]] if MATCH in captures else captures.values():
                yield from (
                    (node.start_byte, node.end_byte)
                    for node in nodes
                    if not self.regex or self._pattern.search(code.data[node.start_byte : node.end_byte])
                )

    def _counts(self, start: int, end: int, code: Code) -> bool:
        if self.require_import and ((head := code.head()) is None or _imports(self.require_import, head)):
            return False
        if self._unless is not None and self._unless.search(code.lines(start, end)) is not None:
            return False
        return bool(self.query) or self.where == "anywhere" or code.is_code(start)


def _symbols(names: tuple[str, ...]) -> str:
    """An expression for names as they are written, alone or as the start of a longer path."""
    return rf"(?:^|[^\w.$>]|[^-]>)({'|'.join(map(re.escape, names))})(?:\W|$)"


def _imports(module: str, head: str) -> bool:
    name = re.escape(module)
    return bool(re.search(_IMPORTS.format(name=name) + "|" + _IMPORTED.format(name=name), head, re.MULTILINE))


@lru_cache(maxsize=1024)
def _query(text: str, name: str) -> Query:
    import tree_sitter

    language = grammar(name)
    if language is None:
        raise ValueError(f"`query` cannot be used: there is no grammar `{name}`; mend `languages`")
    if found := re.search(r"#(?:not-|any-)*match\?", text):
        # They are run by Python's own engine, which an expression can keep busy for hours.
        raise ValueError(f"`query` must do without {found[0]}: write `regex`, which is for what is captured")
    try:
        query: Query = tree_sitter.Query(language, text)
    except ValueError as error:
        raise ValueError(f"`query` cannot be used for {name}: {error}") from error
    if query.capture_count == 0:
        raise ValueError(f"`query` captures nothing: write @{MATCH} after what must not be there")
    return query
