"""The order of the steps, with a fake engine."""

from __future__ import annotations

import asyncio
import math
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ai_lsp.checks.judge import Checks
from ai_lsp.checks.tool import Tool
from ai_lsp.completion import pipeline as pipeline_module
from ai_lsp.completion.cache import Cache
from ai_lsp.completion.debounce import Debounce
from ai_lsp.completion.pipeline import Pipeline
from ai_lsp.completion.place import Place
from ai_lsp.completion.request import Request, Settings
from ai_lsp.completion.signals import Signals
from ai_lsp.completion.trace import Trace
from ai_lsp.engine.worker import EngineState
from ai_lsp.filters.chain import Chain
from ai_lsp.filters.decision import Decision, Offence
from ai_lsp.filters.gate import Feature, Gate, Weights
from ai_lsp.filters.rejections import Rejections
from ai_lsp.filters.standard import Services, chain_from
from ai_lsp.filters.tallies import Tallies
from ai_lsp.options import FilterOptions
from tests.fakes import FakeEngine, finish, place, write

BY_ALL_TOKENS = Weights(0.0, {"total": Feature(1.0, 0.0, 1.0)})
"""As probable as the odds that all tokens are right; the fake engine's have -0.1 each."""
HEAD = "import os\n\n\ndef f(path):\n    "


def pipeline(engine: FakeEngine, **settings: object) -> Pipeline:
    return Pipeline(engine, Settings(**settings), Cache(100), Debounce(0, 0))  # type: ignore[arg-type]


async def submitted(engine: FakeEngine, count: int = 1) -> None:
    """Wait until the engine has been given that many generations."""
    for _ in range(10_000):
        if len(engine.completions) >= count:
            return
        await asyncio.sleep(0)
    raise AssertionError(f"{len(engine.completions)} generations were asked for, not {count}")


def picky(text: str, _place: Place) -> Decision:
    at = text.find("]")
    return (
        Decision("picky", text) if at < 0 else Decision("picky", "", "it has a ]", Offence(text[:at], text[at:]))
    )


async def ask(pipe: Pipeline, prefix: str, suffix: str = "\n", **request: object) -> Trace:
    return await pipe.suggest(Request(place(prefix, suffix), **request))  # type: ignore[arg-type]


class TestAnswers:
    async def test_what_the_model_wrote(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn os.path.exists(path)\n")
        trace = await ask(pipeline(engine), HEAD + "ret")
        assert (trace.text, trace.cached, trace.late) == ("urn os.path.exists(path)", False, False)
        assert {"arrival", "trigger", "cache", "context", "filters", "total"} <= trace.stages.keys()
        assert trace.mean_logprob == pytest.approx(-0.1)

    async def test_the_trigger_says_no(self) -> None:
        engine = FakeEngine()
        trace = await ask(pipeline(engine), HEAD + "ret", "urn 1\n")
        assert (trace.text, trace.reason) == ("", "the cursor is within a word")
        assert engine.completions == []

    async def test_after_an_undo_it_is_held_back_until_the_keys_pause(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = Pipeline(engine, Settings(), Cache(100), Debounce(0, 10))
        undone = Signals(last="t", document_chars=100, stroke="undone")
        trace = await ask(pipe, HEAD + "ret", signals=undone)
        assert (trace.text, trace.trigger) == ("urn path", "undone")
        assert trace.stages["debounce"] > 15  # three times the longest that it is held back else

    async def test_a_key_ends_the_wait_for_a_pause(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = Pipeline(engine, Settings(), Cache(100), Debounce(1000, 2000))
        undone = Signals(last="t", document_chars=100, stroke="undone")
        asked = asyncio.create_task(ask(pipe, HEAD + "ret", signals=undone))
        await submitted(engine)
        pipe.changed(place(HEAD + "retu", "\n"))
        assert (await asked).reason == "the document changed"

    async def test_what_is_typed_through_stays_where_a_statement_is_whole(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "f(a).strip()")
        pipe = pipeline(engine)
        assert (await ask(pipe, HEAD + "x = ")).text == "f(a).strip()"
        whole = Signals(last=")", document_chars=100, whole=True)
        trace = await ask(pipe, HEAD + "x = f(a)", signals=whole)
        assert (trace.text, trace.reason, trace.trigger) == (".strip()", "typed through", "finished")
        trace = await ask(pipe, HEAD + "y = f(a)", signals=whole)
        assert (trace.text, trace.reason) == ("", "the statement is finished")
        off = replace(whole, read_only=True)
        assert (await ask(pipe, HEAD + "x = f(a)", signals=off)).reason == "the file cannot be written"

    async def test_a_request_by_hand_is_always_asked(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urned = 2")
        trace = await ask(pipeline(engine, filters=Chain({})), HEAD + "ret", "urn 1\n", manual=True)
        assert len(engine.completions) == 1
        assert "debounce" not in trace.stages

    async def test_a_suggestion_is_held_back_after_a_key(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = Pipeline(engine, Settings(), Cache(100), Debounce(30, 30))
        trace = await ask(pipe, HEAD + "ret")
        assert trace.text == "urn path"
        assert "debounce" in trace.stages
        trace = await ask(pipe, HEAD + "retu")
        assert trace.cached and "debounce" not in trace.stages

    async def test_what_is_typed_through_needs_no_look_at_the_tree(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine)
        looks: list[str] = []

        async def asked(head: str) -> Trace:
            def look(signals: Signals) -> Signals:
                looks.append(head)
                return replace(signals, language="looked")

            return await pipe.suggest(Request(place(head, "\n"), signals=Signals(document_chars=100), look=look))

        first = await asked(HEAD + "ret")
        assert first.text == "urn path"
        assert first.signals is not None
        assert (first.signals.language, first.signals.document_chars) == ("looked", 100)
        typed = await asked(HEAD + "retu")
        assert (typed.text, typed.reason) == ("rn path", "typed through")
        await asked(HEAD + "other")
        assert looks == [HEAD + "ret", HEAD + "other"]

    async def test_text_after_the_cursor_is_no_reason_before_it_is_seen_what_that_stands_in(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "f(a).strip()")
        pipe, rest = pipeline(engine), " of it all\n"
        assert (await ask(pipe, HEAD + "x = ", rest, manual=True)).text == "f(a).strip()"
        unseen, typed = Signals(last="f", rest="text", document_chars=100), place(HEAD + "x = f", rest)

        async def asked(within: str) -> Trace:
            def look(signals: Signals) -> Signals:
                return replace(signals, within=within)

            return await pipe.suggest(Request(typed, signals=unseen, look=look))

        assert (await asked("comment")).text == "(a).strip()"
        assert (await asked("code")).reason == "there is text after the cursor"

    async def test_in_a_rush_of_keys_the_model_is_asked_for_the_last_of_them(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        debounce = Debounce(0, 75)
        for key in range(4):
            debounce.observe(key * 0.05)
        pipe = Pipeline(engine, Settings(), Cache(100), debounce)
        first = asyncio.create_task(ask(pipe, HEAD + "re"))
        await asyncio.sleep(0)
        last = await ask(pipe, HEAD + "ret")
        assert (await first).reason == "superseded by a newer request"
        assert (last.text, len(engine.completions)) == ("urn path", 1)
        assert last.stages["rush"] > 0
        by_hand = await ask(pipe, HEAD + "other = r", manual=True)
        assert "rush" not in by_hand.stages

    async def test_what_is_held_back_when_the_next_key_comes_is_kept(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = Pipeline(engine, Settings(), Cache(100), Debounce(2000, 2000))
        held = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        trace = await ask(pipe, HEAD + "retu", manual=True)
        assert (trace.text, len(engine.completions)) == ("rn path", 1)
        assert (await held).reason == "superseded by a newer request"

    async def test_a_request_by_hand_gets_alternatives(self) -> None:
        engine = FakeEngine()
        texts = {(): "urn path", ("urn path",): "urn os.name", ("urn path", "urn os.name"): "ry = 1"}
        engine.on_submit = lambda job: finish(job, texts[job.limits.unlike] if job.limits else "")
        trace = await ask(pipeline(engine, alternatives=3), HEAD + "ret", manual=True)
        assert (trace.text, trace.alternatives) == ("urn path", ["urn os.name", "ry = 1"])
        assert "alternatives" in trace.stages
        assert (await ask(pipeline(engine, alternatives=3), HEAD + "ret")).alternatives == []

    async def test_checks_put_the_text_with_the_fewest_problems_first(self, tmp_path: Path) -> None:
        engine = FakeEngine()
        texts = {(): "urn bad", ("urn bad",): "urn bad + bad", ("urn bad", "urn bad + bad"): "ry = 1"}
        engine.on_submit = lambda job: finish(job, texts[job.limits.unlike] if job.limits else "")
        count = "import sys; print('\\n'.join(['problem'] * sys.stdin.read().count('bad')))"
        tool = Tool("counts", frozenset({"python"}), (sys.executable, "-c", count))
        tallies = Tallies()
        checks = Checks([tool], 60, lambda at: (at.prefix + at.suffix).splitlines(True), tallies, tmp_path)
        pipe = pipeline(engine, alternatives=3, checks=checks)
        asked = Request(place(HEAD + "ret", "\n", uri=(tmp_path / "a.py").as_uri()), manual=True)
        trace = await pipe.suggest(asked)
        assert (trace.text, trace.alternatives) == ("ry = 1", ["urn bad", "urn bad + bad"])
        assert [(one.check, one.before, one.after) for one in trace.checks] == [("counts", 0, (0, 1, 2))]
        assert "checks" in trace.stages
        assert (tallies.of("check counts").ran, tallies.of("check counts").cut) == (1, 1)
        assert pipe.settings.rejections._shown[asked.place.uri].text == "ry = 1"

    async def test_a_key_ends_the_wait_for_checks(self, tmp_path: Path) -> None:
        engine, started = FakeEngine(), asyncio.Event()
        texts = {(): "urn path", ("urn path",): "urn os.name"}
        engine.on_submit = lambda job: finish(job, texts.get(job.limits.unlike, "") if job.limits else "")

        def lines_of(at: Place) -> list[str]:
            started.set()
            return (at.prefix + at.suffix).splitlines(keepends=True)

        tool = Tool("slow", frozenset({"python"}), (sys.executable, "-c", "import time; time.sleep(600)"))
        checks = Checks([tool], 600, lines_of, None, tmp_path)
        pipe = pipeline(engine, alternatives=2, checks=checks, deadline_ms=10_000)
        at = place(HEAD + "ret", "\n", uri=(tmp_path / "a.py").as_uri())
        asked = asyncio.create_task(pipe.suggest(Request(at, manual=True)))
        await started.wait()
        pipe.changed(replace(at, prefix=HEAD + "retx"))
        trace = await asked
        assert (trace.text, trace.alternatives, trace.reason) == ("", [], "the document changed")
        assert "checks" in trace.stages

    async def test_nothing_stale_is_shown_when_a_key_comes_while_alternatives_are_made(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: None if job.limits and job.limits.unlike else finish(job, "urn path")
        pipe = pipeline(engine, alternatives=3)
        asked = asyncio.create_task(ask(pipe, HEAD + "ret", manual=True))
        await submitted(engine, 2)
        pipe.changed(place(HEAD + "retx", "\n"))
        trace = await asked
        assert (trace.text, trace.alternatives, trace.reason) == ("", [], "the document changed")

    async def test_alternatives_that_come_late_are_left_out(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: None if job.limits and job.limits.unlike else finish(job, "urn path")
        trace = await ask(pipeline(engine, alternatives=3, deadline_ms=60), HEAD + "ret", manual=True)
        assert (trace.text, trace.alternatives) == ("urn path", [])
        assert engine.stopped[-1][0] is engine.completions[-1]

    async def test_what_was_just_not_taken_makes_way_for_something_else(self) -> None:
        engine, now = FakeEngine(), [0.0]
        texts = {(): "urn path", ("urn path",): "urn os.name"}
        engine.on_submit = lambda job: finish(job, texts[job.limits.unlike] if job.limits else "")
        services = Services(rejections=Rejections(lambda: now[0]))
        pipe = pipeline(engine, filters=chain_from(FilterOptions(), services), rejections=services.rejections)
        assert (await ask(pipe, HEAD + "ret")).text == "urn path"
        now[0] = 1.0
        pipe.changed(place(HEAD + "retx", "\n"))
        trace = await ask(pipe, HEAD + "ret")
        assert (trace.text, trace.retry) == ("urn os.name", "urn os.name")
        assert trace.decisions[0].reason == "it was just not taken here"
        assert (await ask(pipe, HEAD + "ret", manual=True)).text in texts.values()
        assert services.rejections.at(place(HEAD + "ret", "\n")) == []

    async def test_what_a_menu_has_selected_is_not_typed(self) -> None:
        engine, now = FakeEngine(), [0.0]
        engine.on_submit = lambda job: finish(job, "urn path")
        services = Services(rejections=Rejections(lambda: now[0]))
        pipe = pipeline(engine, filters=chain_from(FilterOptions(), services), rejections=services.rejections)
        await ask(pipe, HEAD + "ret")
        now[0] = 1.0
        await ask(pipe, HEAD + "retry", signals=Signals(last="y", document_chars=100, popup=True))
        assert (await ask(pipe, HEAD + "ret")).text == "urn path"

    async def test_a_veto_says_why(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "   ")
        trace = await ask(pipeline(engine), HEAD + "ret")
        assert trace.text == ""
        assert trace.reason.startswith(("blank", "no text"))

    async def test_after_a_veto_the_model_is_asked_once_more(self) -> None:
        engine = FakeEngine()
        texts = {(): "urn ]", ("]",): "path"}
        engine.on_submit = lambda job: finish(job, texts[job.limits.unlike] if job.limits else "")
        pipe = pipeline(engine, filters=Chain({"picky": picky}))
        trace = await ask(pipe, HEAD + "ret")
        assert (trace.text, trace.raw, trace.retry) == ("urn path", "urn ]", "urn path")
        assert [decision.filter for decision in trace.decisions] == ["picky"]
        assert "retry" in trace.stages
        assert (await ask(pipe, HEAD + "retu")).text == "rn path"
        assert len(engine.completions) == 2

    async def test_a_second_veto_is_the_last(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn (path]")
        trace = await ask(pipeline(engine, filters=Chain({"picky": picky})), HEAD + "ret")
        assert (trace.text, trace.reason, len(engine.completions)) == ("", "picky: it has a ]", 2)

    async def test_the_next_try_begins_with_what_stood_before_the_offence(self) -> None:
        engine = FakeEngine()
        texts = {(): "urn path + ]", ("]",): "1"}
        engine.on_submit = lambda job: finish(job, texts[job.limits.unlike] if job.limits else "")
        trace = await ask(pipeline(engine, filters=Chain({"picky": picky})), HEAD + "ret")
        assert trace.text == "urn path + 1"

    async def test_there_is_no_second_try_without_time_for_it(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn (path]")
        trace = await ask(pipeline(engine, filters=Chain({"picky": picky})), HEAD + "ret", deadline_ms=50)
        assert (trace.text, trace.retry, len(engine.completions)) == ("", "", 1)

    async def test_what_the_gate_doubts_is_shown_only_by_hand(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine, gate=Gate(0.9, {"fake": BY_ALL_TOKENS}))
        trace = await ask(pipe, HEAD + "ret")
        assert (trace.text, trace.reason) == ("", "gate: right with a probability of 0.31, below 0.90")
        assert trace.decisions[-1].veto and trace.right_probability == pytest.approx(0.31, abs=0.01)
        trace = await ask(pipe, HEAD + "ret", manual=True)
        assert (trace.text, trace.right_probability) == ("urn path", pytest.approx(0.31, abs=0.01))

    async def test_the_gate_judges_what_is_left_to_be_shown(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine, gate=Gate(0.4, {"fake": BY_ALL_TOKENS}))
        assert (await ask(pipe, HEAD + "ret")).text == ""
        trace = await ask(pipe, HEAD + "return")
        assert (trace.text, trace.cached) == (" path", True)
        assert trace.right_probability == pytest.approx(math.exp(-0.1 * 4) / (1 + math.exp(-0.1 * 4)))

    async def test_what_is_being_typed_through_stays_whatever_the_gate_says(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine)
        assert (await ask(pipe, HEAD + "ret")).text == "urn path"
        pipe.settings = Settings(gate=Gate(0.9, {"fake": BY_ALL_TOKENS}))
        assert (await ask(pipe, HEAD + "retu")).text == "rn path"
        pipe.closed(place("").uri)
        assert (await ask(pipe, HEAD + "retu")).text == ""

    async def test_a_second_try_is_judged_by_its_own_tokens(self) -> None:
        engine = FakeEngine()
        texts = {(): "urn path + ]", ("]",): "12"}
        engine.on_submit = lambda job: finish(job, texts[job.limits.unlike] if job.limits else "")
        trace = await ask(pipeline(engine, filters=Chain({"picky": picky})), HEAD + "ret")
        assert (trace.text, "".join(piece for piece, _ in trace.tokens)) == ("urn path + 12", "urn path +12")

    async def test_a_failed_job(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: job.resolve("out of memory")
        assert (await ask(pipeline(engine), HEAD + "ret")).reason == "out of memory"

    @pytest.mark.parametrize("kind", ["loading", "failed"])
    async def test_no_model_yet(self, kind: str) -> None:
        engine = FakeEngine(EngineState(kind, "run: ai-lsp models pull x"))
        assert (await ask(pipeline(engine), HEAD + "ret")).reason == "run: ai-lsp models pull x"


class TestDeadline:
    async def test_the_safe_part_of_an_unfinished_text(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: write(job, "urn os.path.exi")
        trace = await ask(pipeline(engine, deadline_ms=50), HEAD + "ret")
        assert (trace.text, trace.late) == ("urn os.path.", True) or trace.text == "urn os.path"

    async def test_nothing_in_time(self) -> None:
        engine = FakeEngine()
        trace = await ask(pipeline(engine, deadline_ms=50), HEAD + "ret")
        assert (trace.text, trace.reason) == ("", "the deadline came before any text")
        assert trace.late

    async def test_a_request_by_hand_may_take_longer(self) -> None:
        engine = FakeEngine()
        later = asyncio.get_running_loop().call_later
        engine.on_submit = lambda job: later(0.1, finish, job, "urn x") if job.limits else None
        pipe = pipeline(engine, deadline_ms=50, by_hand_ms=10_000)
        assert (await ask(pipe, HEAD + "ret", manual=True)).text == "urn x"
        assert (await ask(pipe, HEAD + "xre")).late

    async def test_time_that_passed_before_counts(self) -> None:
        engine = FakeEngine()
        start = time.monotonic()
        await ask(pipeline(engine, deadline_ms=10_000), HEAD + "ret", received=start - 9.9)
        assert time.monotonic() - start < 5

    async def test_what_comes_late_is_there_for_the_next_key(self) -> None:
        engine = FakeEngine()
        pipe = pipeline(engine, deadline_ms=50)
        await ask(pipe, HEAD + "ret")
        finish(engine.completions[0], "urn os.path.exists(path)\n")
        await asyncio.sleep(0)
        trace = await ask(pipe, HEAD + "retu")
        assert (trace.text, trace.cached) == ("rn os.path.exists(path)", True)


class TestCache:
    async def test_typed_through_without_the_engine(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn os.path.exists(path)\n")
        pipe = pipeline(engine)
        await ask(pipe, HEAD + "ret")
        await asyncio.sleep(0)
        trace = await ask(pipe, HEAD + "return os")
        assert (trace.text, trace.reason) == (".path.exists(path)", "typed through")
        assert len(engine.completions) == 1
        assert "debounce" not in trace.stages

    async def test_another_way_asks_again(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn\n")
        pipe = pipeline(engine)
        await ask(pipe, HEAD + "ret")
        await ask(pipe, HEAD + "retr")
        assert len(engine.completions) == 2

    async def test_a_closed_document_is_forgotten(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine)
        await ask(pipe, HEAD + "ret")
        pipe.closed("file:///a.py")
        await ask(pipe, HEAD + "ret")
        assert len(engine.completions) == 2


class TestTurns:
    async def test_a_newer_request_silences_the_older(self) -> None:
        engine = FakeEngine()
        pipe = pipeline(engine)
        older = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        newer = asyncio.create_task(ask(pipe, HEAD + "rex"))
        assert (await older).reason == "superseded by a newer request"
        await submitted(engine, 2)
        assert engine.stopped == [(engine.completions[0], False)]
        finish(engine.completions[1], " = 1")
        assert (await newer).text == " = 1"

    async def test_a_change_silences_what_was_asked_before(self) -> None:
        engine = FakeEngine()
        pipe = pipeline(engine)
        older = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        pipe.changed(place(HEAD + "rex", "\n"))
        assert (await older).reason == "the document changed"
        assert engine.stopped == [(engine.completions[0], False)]

    async def test_a_jump_stops_the_engine_at_once(self) -> None:
        engine = FakeEngine()
        pipe = pipeline(engine)
        older = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        pipe.changed(place("class Other:\n    pass", "\n"))
        await older
        assert engine.stopped == [(engine.completions[0], True)]

    async def test_a_generation_that_is_typed_through_goes_on(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: write(job, "urn os")
        pipe = pipeline(engine)
        older = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        pipe.changed(place(HEAD + "retu", "\n"))
        await older
        newer = asyncio.create_task(ask(pipe, HEAD + "retu"))
        await asyncio.sleep(0)
        write(engine.completions[0], ".name")
        finish(engine.completions[0], "")
        assert (await newer).text == "rn os.name"
        assert (len(engine.completions), engine.stopped) == (1, [])

    async def test_two_documents_do_not_disturb_each_other(self) -> None:
        engine = FakeEngine()
        pipe = pipeline(engine)
        first = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        other = Request(place(HEAD + "ret", "\n", uri="file:///b.py"))
        second = asyncio.create_task(pipe.suggest(other))
        await submitted(engine, 2)
        finish(engine.completions[0], "urn 1")
        finish(engine.completions[1], "urn 2")
        assert [(await first).text, (await second).text] == ["urn 1", "urn 2"]


class TestCancel:
    async def test_frees_the_engine(self) -> None:
        engine = FakeEngine()
        pipe = pipeline(engine)
        task = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(asyncio.wrap_future(engine.completions[0].done), 5)
        assert engine.stopped == [(engine.completions[0], True)]

    async def test_but_not_when_the_next_key_wants_the_same(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: write(job, "urn os")
        pipe = pipeline(engine)
        task = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        task.cancel()
        newer = asyncio.create_task(ask(pipe, HEAD + "retu"))
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.03)  # longer than the grace of a cancelled generation
        finish(engine.completions[0], "")
        assert (await newer).text == "rn os"
        assert engine.stopped == []

    async def test_nor_is_what_a_newer_request_has_launched_by_then(self) -> None:
        engine = FakeEngine()
        pipe = pipeline(engine)
        task = asyncio.create_task(ask(pipe, HEAD + "ret"))
        await submitted(engine)
        newer = asyncio.create_task(ask(pipe, HEAD + "imp"))
        await submitted(engine, 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.03)  # longer than the grace of a cancelled generation
        assert [job for job, _ in engine.stopped] == [engine.completions[0]]
        finish(engine.completions[1], "ort os")
        assert (await newer).text == "ort os"


async def looked_ahead() -> None:
    """Let a pipeline that has answered think of what comes next."""
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline_module, "_AFTER_REPLY", 0.0)


@pytest.mark.usefixtures("at_once")
class TestAhead:
    async def test_the_next_line_is_there_after_accept_and_enter(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine)
        await ask(pipe, HEAD + "ret")
        await looked_ahead()
        (job,) = engine.aheads
        assert job.choice.full.text == "# a.py\n" + HEAD + "return path"
        finish(job, "\n\n\ndef g(path):\n    pass")
        await asyncio.sleep(0)
        trace = await ask(pipe, HEAD + "return path\n\n\nde")
        assert (trace.text, trace.cached) == ("f g(path):", True)
        assert len(engine.completions) == 1

    async def test_it_is_not_shown_before_enter(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine)
        await ask(pipe, HEAD + "ret")
        await looked_ahead()
        finish(engine.aheads[0], "\n    x = 1\n")
        await asyncio.sleep(0)
        assert not (await ask(pipe, HEAD + "return path")).cached

    async def test_a_line_that_goes_on_is_not_kept(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine)
        await ask(pipe, HEAD + "ret")
        await looked_ahead()
        finish(engine.aheads[0], ".name\n")
        await asyncio.sleep(0)
        assert not (await ask(pipe, HEAD + "return path.n")).cached

    async def test_only_once_while_it_is_typed_through(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine)
        await ask(pipe, HEAD + "ret")
        await looked_ahead()
        finish(engine.aheads[0], "\n    x = 1\n")
        await asyncio.sleep(0)
        await ask(pipe, HEAD + "retu")
        await looked_ahead()
        assert len(engine.aheads) == 1

    async def test_not_while_a_newer_request_waits(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        pipe = pipeline(engine)
        await ask(pipe, HEAD + "ret")
        engine.on_submit = lambda job: None
        newer = asyncio.create_task(ask(pipe, HEAD + "imp"))
        await looked_ahead()
        assert engine.aheads == []
        newer.cancel()

    async def test_can_be_switched_off(self) -> None:
        engine = FakeEngine()
        engine.on_submit = lambda job: finish(job, "urn path")
        await ask(pipeline(engine, look_ahead=False), HEAD + "ret")
        await looked_ahead()
        assert engine.aheads == []
