"""A set of rules, and what they find in a text."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from ai_lsp.filters.rules.code import Code
from ai_lsp.filters.rules.rule import Rule
from ai_lsp.filters.rules.sieve import Sieve

log = logging.getLogger(__name__)

_SLOW = 0.01
"""Seconds of the processor's time that a rule may take."""
_MOST_SLOW = 3
"""How often it may take longer before it is passed over. Expressions cannot; a tree-sitter query can."""


@dataclass(frozen=True)
class Finding:
    """A rule that was found, and where, in characters of the text."""

    rule: Rule
    start: int
    end: int


class RuleSet:
    """Rules by language; those that fail or are slow are reported once and passed over from then on."""

    def __init__(self, rules: Iterable[Rule], clock: Callable[[], float] = time.thread_time) -> None:
        """`clock` tells seconds of this thread's work, which other programs do not lengthen."""
        self.rules = tuple(rules)
        self._clock = clock
        self._slow: Counter[Rule] = Counter()
        self._passed_over: set[Rule] = set()
        self._of_language = lru_cache(maxsize=32)(self._select)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def prepare(self, language: str) -> None:
        """Compile what a language needs, a few milliseconds for twenty rules, unless that was done."""
        self._of_language(language.lower())

    def findings(self, code: Code) -> list[Finding]:
        """Return what is wrong with the new part of `code`, in the text's order."""
        found: list[Finding] = []
        for rule in self._of_language(code.language).which(code.data[code.start :]):
            if rule not in self._passed_over:
                found += self._matches(rule, code)
        return sorted(found, key=lambda finding: (finding.start, finding.end))

    def _select(self, language: str) -> Sieve:
        return Sieve(tuple(rule for rule in self.rules if not rule.languages or language in rule.languages))

    def _matches(self, rule: Rule, code: Code) -> list[Finding]:
        begin = self._clock() if rule.query else 0.0
        try:
            found = [Finding(rule, code.chars(start), code.chars(end)) for start, end in rule.spans(code)]
        except ValueError as error:
            log.warning("The rule %s of %s cannot be used: %s", rule.id, rule.origin, error)
            self._passed_over.add(rule)
            return []
        except Exception:
            log.exception("The rule %s of %s failed and is passed over from now on", rule.id, rule.origin)
            self._passed_over.add(rule)
            return []
        if rule.query and self._clock() - begin > _SLOW:
            self._slow[rule] += 1
            if self._slow[rule] >= _MOST_SLOW:
                log.warning("The query of the rule %s of %s is slow; it is passed over", rule.id, rule.origin)
                self._passed_over.add(rule)
        return found
