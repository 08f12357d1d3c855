"""From what rules find in a suggestion to a decision."""

from __future__ import annotations

from ai_lsp.completion.place import Place
from ai_lsp.filters import cutting
from ai_lsp.filters.decision import Decision, Offence
from ai_lsp.filters.names import LinesOf, no_lines
from ai_lsp.filters.rules.code import around
from ai_lsp.filters.rules.ruleset import Finding, RuleSet


def judge(name: str, text: str, place: Place, rules: RuleSet, lines_of: LinesOf = no_lines) -> Decision:
    """Return the decision of the filter `name`: a cut before the first finding, or the veto of a rule."""
    code = around(text, place, lines_of)
    findings = rules.findings(code)
    if not findings:
        return Decision(name, text)
    first = next((finding for finding in findings if finding.rule.action == "veto"), findings[0])
    begin = code.chars(code.new)
    kept = "" if first.rule.action == "veto" else cutting.before(text, first.start - begin, place)
    reason = f"{first.rule.id}: {first.rule.message}"
    return Decision(name, kept, reason, None if kept else _offence(text, first, begin))


def _offence(text: str, finding: Finding, begin: int) -> Offence:
    """Return what not to write again; `begin` is where the suggestion starts in the text of the finding."""
    start = max(0, finding.start - begin)
    return Offence(text[:start], text[start : max(finding.end - begin, start + 1)])
