"""The stop rule that parses: it ends a statement that is whole, whatever its brackets and quotes look like.

The other rules read brackets and strings by themselves, which is right in all but some literals: a regular
expression with a bracket in it, a heredoc, text in markup. There they take the statement for unfinished and would
go on to the last line that is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ai_lsp.completion.place import Place
from ai_lsp.completion.stop import Stop
from ai_lsp.positions import split_lines
from ai_lsp.syntax.languages import grammar_of
from ai_lsp.syntax.parsing import parse
from ai_lsp.syntax.statement import statement_before

_BEFORE_CHARS, _AFTER_CHARS = 2500, 500
"""How much is parsed: some 0.4 ms, in which nothing else of the process runs."""
_SECONDS = 0.002


@dataclass(slots=True)
class WholeStop:
    """Ends a text at a line end where the statement that the cursor is in is whole.

    Each line end is looked at once, when the text has come to it: an instance serves one generation.
    """

    place: Place
    _seen: int = field(default=-1, init=False)

    def __call__(self, text: str) -> Stop | None:
        """The latest line end, if the statement ends there."""
        at = text.rfind("\n")
        if at <= self._seen:
            return None
        self._seen = at
        return Stop(at, "end of the statement") if self._is_whole(text[:at]) else None

    def _is_whole(self, text: str) -> bool:
        if not text.strip():
            return False
        prefix = self.place.prefix[-_BEFORE_CHARS:]
        if len(prefix) < len(self.place.prefix):
            prefix = prefix[prefix.find("\n") + 1 :]
        before = prefix + text
        after = self.place.suffix[len(self.place.line_after) :][:_AFTER_CHARS]
        lines = split_lines(before + after)
        tree = parse(lines, grammar_of(self.place.language), _SECONDS)
        line = before.count("\n")
        if tree is None or line >= len(lines):
            return False
        found = statement_before(tree.root_node, lines, line, len(before) - before.rfind("\n") - 1)
        # A statement of a block that the text has begun is not the one that the cursor is in.
        return found is not None and found.start_point[0] <= prefix.count("\n")
