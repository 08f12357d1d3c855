"""Nothing that looks like a secret leaves with a trace, whichever of its parts has it."""

import io
import json

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ai_lsp.checks.judge import Checked
from ai_lsp.cli.explain import explain
from ai_lsp.completion.disclosure import as_dict, in_a_line, without_secrets
from ai_lsp.completion.trace import Trace
from ai_lsp.completion.trigger import REASONS
from ai_lsp.filters.decision import Decision, Offence
from ai_lsp.filters.standard import chain_from
from ai_lsp.history import Outcome
from ai_lsp.options import FilterOptions
from ai_lsp.workbench.reports import report_of
from ai_lsp.workbench.why import explained
from tests.filters.texts import PIECES, PLACES, place

KEY = "ghp_" + "a1B2c3D4e5F6" * 3
CHAIN = chain_from(FilterOptions())
WHERE = place("python", "token = ", "\n")


def trace_of(raw, where, **more):
    _, decisions = CHAIN.run(raw, where)
    trace = Trace(1, "file:///a", 1, "python", True, place=where, raw=raw, decisions=decisions, **more)
    trace.trigger, trace.reason = next(iter(REASONS)), decisions[-1].reason if decisions else ""
    return trace


def everything(trace):
    out = io.StringIO()
    explain(trace, Console(file=out, width=1000))
    report = json.dumps(report_of(Outcome(trace), "a model"))
    return out.getvalue() + json.dumps(as_dict(trace)) + in_a_line(trace) + explained(trace) + report


def test_a_key_is_nowhere():
    trace = trace_of(f'"{KEY}"', WHERE, prompt=f'token = "{KEY}"', retry=f'"{KEY}"', text=f'"{KEY}"')
    trace.alternatives = [f'"{KEY}"']
    trace.tokens = [('"ghp_a', -1.0), (KEY[5:], -0.5), ('"', -0.1), ("\n", 0.0)]
    trace.decisions.append(Decision("insecure", "", "no", Offence('"', f'{KEY}"')))
    shown = as_dict(trace)
    assert KEY[6:] not in everything(trace)
    assert shown["raw"] == '"<secret>"'
    assert shown["tokens"] == [("<secret>", -1.0), ("<secret>", -0.5), ('"', -0.1), ("\n", 0.0)]
    assert shown["decisions"][-1]["offence"] == {"kept": '"', "start": '<secret>"'}
    assert trace.raw == f'"{KEY}"'


def test_what_the_line_before_the_cursor_makes_a_secret():
    trace = trace_of("tr0ub4dor&3", place("python", 'password = "', '"\n'))
    trace.tokens = [("tr0ub", -1.0), ("4dor&3", -1.0)]
    assert as_dict(trace)["raw"] == "<secret>"
    assert "4dor" not in everything(trace)


def test_a_key_that_the_text_leaves_off_in():
    trace = trace_of(f'f(x, "{KEY[:14]}', place("python", "client = ", "\n"))
    assert as_dict(trace)["raw"] == 'f(x, "<secret>'


def test_what_checks_said_is_told():
    checks = [Checked("ruff", 1, (0, 2), ms=21.4), Checked("tsc", failure="it was not done within 50 ms")]
    trace = trace_of("x + 1", WHERE, checks=checks)
    told = everything(trace)
    assert "check ruff: 1 problems without, 0, 2 with the suggestions, 21 ms" in told
    assert "- check tsc: passed over: it was not done within 50 ms" in explained(trace)


def test_what_has_no_secret_is_told_as_it_is():
    trace = trace_of("x + 1) * 2", WHERE, prompt="token = ", tokens=[("x", -1.0), (" + 1) * 2", -2.0)])
    shown = as_dict(trace)
    assert (shown["raw"], shown["tokens"]) == (trace.raw, trace.tokens)
    assert "prompt" not in shown and "place" not in shown


@given(text=PIECES, where=PLACES)
def test_once_is_enough(text, where):
    once = without_secrets(text, where)
    assert without_secrets(once, where) == once


@given(text=st.text(st.characters(exclude_categories=())), where=PLACES)
def test_no_text_makes_it_raise(text, where):
    without_secrets(text, where)
