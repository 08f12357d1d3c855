"""Code that lets an attacker in, by the rules in the data files that we bring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.rules.judging import judge
from ai_lsp.filters.rules.reading import read_file
from ai_lsp.filters.rules.rule import Rule
from ai_lsp.filters.rules.ruleset import RuleSet

FOLDER = Path(__file__).parent / "rules"


@cache
def shipped() -> tuple[Rule, ...]:
    """Return all rules that we bring; their expressions are compiled when they are wanted."""
    files = sorted(FOLDER.glob("*.toml"))
    read = [(file, rule) for file in files for rule in read_file(file, check=False).rules]
    return tuple(replace(rule, origin=f"ai-lsp's {file.name}") for file, rule in read)


class Insecure:
    """Cuts before insecure code, such as a shell that runs whatever is put into a text."""

    def __init__(self, off: Collection[str] = ()) -> None:
        """Leave out the rules whose ids are in `off`."""
        self._off = frozenset(off)

    def __call__(self, text: str, place: Place) -> Decision:
        """Decide about one suggestion."""
        return judge("insecure", text, place, self._rules)

    def prepare(self, place: Place) -> None:
        """Have the rules for the place's language at hand; the first time takes some milliseconds."""
        self._rules.prepare(place.language)

    @cached_property
    def _rules(self) -> RuleSet:
        # Reading them takes 15 ms, which the server's start need not wait for.
        return RuleSet(rule for rule in shipped() if rule.id not in self._off)
