"""A run that was broken off goes on."""

from pathlib import Path

from benchmarks.quality.cases import Case
from benchmarks.quality.journal import Journal

CASES = [Case("pack", f"{name}.py", "python", "line_rest", "x = ", "\n", "1") for name in "ab"]
ASKED = {"seed": 1, "cases": [case.id for case in CASES]}


def begun(path: Path) -> None:
    Journal(path, ASKED).add("all", CASES, ["1", ""])


def test_what_was_shown_is_there_again(tmp_path: Path) -> None:
    begun(path := tmp_path / "out" / "shown.jsonl")
    journal = Journal(path, ASKED, resume=True)
    assert journal.has("all", CASES)
    assert not journal.has("none", CASES)
    assert journal.shown == {("all", CASES[0].id): "1", ("all", CASES[1].id): ""}


def test_other_cases_begin_anew(tmp_path: Path) -> None:
    begun(path := tmp_path / "shown.jsonl")
    assert Journal(path, {**ASKED, "seed": 2}, resume=True).shown == {}
    assert not Journal(path, ASKED, resume=True).shown


def test_a_new_run_begins_anew(tmp_path: Path) -> None:
    begun(path := tmp_path / "shown.jsonl")
    assert Journal(path, ASKED).shown == {}


def test_without_a_file_it_is_kept_in_memory() -> None:
    journal = Journal(None, {})
    journal.add("none", CASES, ["", "2"])
    assert journal.has("none", CASES)
