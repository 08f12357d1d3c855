"""From what rules find in a suggestion to a decision."""

from __future__ import annotations

from ai_lsp.completion.place import Place
from ai_lsp.filters import cutting
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.rules.code import around
from ai_lsp.filters.rules.ruleset import Finding, RuleSet


def judge(name: str, text: str, place: Place, rules: RuleSet) -> Decision:
    """Return the decision of the filter `name`: a cut before the first finding, or a veto where its rule wants one."""
    code = around(text, place)
    findings = rules.findings(code)
    if not findings:
        return Decision(name, text)
    for finding in findings:
        if finding.rule.action == "veto":
            return Decision(name, "", _reason(finding))
    first = findings[0]
    return Decision(name, cutting.before(text, first.start - code.chars(code.new), place), _reason(first))


def _reason(finding: Finding) -> str:
    return f"{finding.rule.id}: {finding.rule.message}"
