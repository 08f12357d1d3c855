"""The rules that users and repositories add: tables in their settings, in the same format as our data files."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.names import LinesOf, no_lines
from ai_lsp.filters.rules.judging import judge
from ai_lsp.filters.rules.reading import Reading, read_tables
from ai_lsp.filters.rules.rule import Rule
from ai_lsp.filters.rules.ruleset import RuleSet
from ai_lsp.option import Table


def read_own(tables: Iterable[Table], *, check: bool = True) -> Reading:
    """Read the tables of `filters.rules`; without `check` expressions are compiled when they are wanted.

    Never raises.
    """
    by_source: dict[str, list[object]] = {}
    for table in tables:
        by_source.setdefault(table.source, []).append(table.values)
    reading = Reading()
    for source, values in by_source.items():
        reading += read_tables(values, source, check=check)
    return reading


class OwnRules:
    """Cuts before what the rules of your settings and of the repository do not want."""

    def __init__(self, rules: Iterable[Rule], off: Collection[str] = (), lines_of: LinesOf = no_lines) -> None:
        """Leave out the rules whose ids are in `off`; `lines_of` knows the imports at a document's start."""
        self._lines_of = lines_of
        self._rules = RuleSet(rule for rule in rules if rule.id not in off)

    def prepare(self, place: Place) -> None:
        """Have the rules for the place's language at hand."""
        self._rules.prepare(place.language)

    def __call__(self, text: str, place: Place) -> Decision:
        """Decide about one suggestion."""
        if not self._rules:
            return Decision("rules", text)
        return judge("rules", text, place, self._rules, self._lines_of)
