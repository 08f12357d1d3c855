"""Suggestions judged by real programs, none of which holds the event loop up."""

import asyncio
import logging
import sys
from pathlib import Path

import pytest

from ai_lsp.checks.judge import Checked, Checks, order
from ai_lsp.checks.tool import Tool
from ai_lsp.completion.place import Place
from ai_lsp.filters.tallies import Tallies

COUNTS = "import sys; print('\\n'.join('problem' for _ in range(sys.stdin.read().count('bad'))))"
LONG = 60.0


def tool(name="counts", code=COUNTS, **how):
    return Tool(name, frozenset({"python"}), (sys.executable, "-c", code), **how)


@pytest.fixture
def where(tmp_path):
    return Place((tmp_path / "a.py").as_uri(), "a.py", "python", 1, "x = bad\ny = ", "\nz = 3\n", 1)


def lines_of(place):
    return (place.prefix + place.suffix).splitlines(keepends=True)


def checks(*tools, seconds=LONG, tmp_path=Path("/tmp"), tallies=None):
    return Checks(tools, seconds, lines_of, tallies, tmp_path)


async def judged(found, place, texts):
    job = found.start(place, texts)
    await job.done
    return job.results()


async def test_problems_are_counted_without_and_with_each_suggestion(where, tmp_path):
    (result,) = await judged(checks(tool(), tmp_path=tmp_path), where, ["1", "bad", "bad + bad"])
    assert (result.check, result.before, result.after, result.failure) == ("counts", 1, (1, 2, 3), "")


async def test_all_of_the_document_is_checked_and_not_only_what_is_around_the_cursor(where, tmp_path):
    far = Checks([tool()], LONG, lambda _place: ["x = bad\n", "y = \n", "z = 3\n", "bad\n"], None, tmp_path)
    (result,) = await judged(far, where, ["1"])
    assert result.after == (2,)


@pytest.mark.parametrize(
    "lines", [None, [], ["x\n"], ["x = bad\n", "other = \n"]], ids=["unknown", "empty", "short", "changed"]
)
async def test_a_document_that_is_not_as_the_place_says_is_not_checked(where, lines):
    assert Checks([tool()], LONG, lambda _place: lines).start(where, ["1"]) is None


async def test_other_languages_and_documents_that_are_no_files_are_not_checked(where):
    typescript = Tool("x", frozenset({"typescript"}), ("x",))
    assert checks(typescript).start(where, ["1"]) is None
    nowhere = Place("untitled:Untitled-1", "a.py", "python", 1, "y = ", "\n")
    assert checks(tool()).start(nowhere, ["1"]) is None
    assert checks().start(where, ["1"]) is None


async def test_a_check_that_fails_says_why_and_the_others_count(where, tmp_path):
    broken = tool("broken", "import sys; sys.exit('no such option')", exits=(0,))
    one, two = await judged(checks(broken, tool(), tmp_path=tmp_path), where, ["1"])
    assert (one.check, one.after, one.failure) == ("broken", (), "it ended with 1 and said: no such option")
    assert two.after == (1,)


async def test_what_is_stopped_is_not_waited_for(where, tmp_path):
    found = checks(tool(code="import time; time.sleep(600)"), seconds=LONG, tmp_path=tmp_path)
    job = found.start(where, ["1", "2"])
    await asyncio.wait({job.done}, timeout=0.2)
    job.stop()
    await asyncio.wait_for(job.done, LONG)
    (result,) = job.results()
    assert (result.before, result.after) == (None, ())
    assert result.failure == "it was not done within 60000 ms"


async def test_what_is_started_late_does_not_run_longer(where, tmp_path):
    found = checks(tool(code="import time; time.sleep(600)"), seconds=0.3, tmp_path=tmp_path)
    (result,) = await judged(found, where, ["1", "2", "3"])
    assert result.failure == "it was not done within 300 ms"


def test_a_failure_is_logged_once_and_all_is_counted(caplog):
    tallies = Tallies()
    found = checks(tallies=tallies)
    results = [Checked("x", failure="there is no program x", ms=3.0), Checked("y", 1, (1, 2), ms=5.0)]
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            found.note(results, decisive=True)
    assert caplog.messages == ["The check x was passed over: there is no program x"]
    assert (tallies.of("check x").failed, tallies.of("check x").cut) == (2, 0)
    assert (tallies.of("check y").failed, tallies.of("check y").cut, tallies.of("check y").most_ms) == (0, 2, 5.0)


@pytest.mark.parametrize(
    ("after", "logprobs", "numbers"),
    [
        ([(2, 0, 1)], [-0.1, -0.9, -0.5], [1, 2, 0]),
        ([(0, 0, 0)], [-0.5, -0.9, -0.1], [2, 0, 1]),
        ([(1, 0), (0, 2)], [-0.9, -0.1], [0, 1]),
        ([(), (1, 0)], [-0.1, -0.9], [1, 0]),
        ([(0, 0)], [-0.5, -0.5], [0, 1]),
    ],
)
def test_fewest_problems_first_and_then_the_most_probable(after, logprobs, numbers):
    assert order([Checked("x", 0, one) for one in after], logprobs) == numbers
