"""Cases, and the copy of a repository that knows nothing of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.packages import Package
from benchmarks.quality import cases, holes, scratch, visits
from benchmarks.quality.cases import KINDS, Case, choose
from benchmarks.quality.code import COMMENT, STRING, Code
from benchmarks.quality.corpus import LANGUAGES, Entry, Repository

PYTHON = """
import os

def area(width, height):
    # Multiply one side of the rectangle with the other side of it.
    result = multiply(width, height)
    other = compute(width)
    if result:
        record(result)
        publish(other)
    return result
"""
GO = """package main

func Area(width int) int {
	result := multiply(width, 2)
	other := compute(
		width,
	)
	if result > other {
		record(result)
		publish(other)
	}
	return result
}
"""


def cut(language: str, text: str, kind: str) -> list[str]:
    return [text[one.start : one.end] for one in holes.FINDERS[kind](Code(language, text))]


def before(language: str, text: str, kind: str) -> list[str]:
    return [text[: one.start].split("\n")[-1] for one in holes.FINDERS[kind](Code(language, text))]


def test_comments_and_strings_are_masked() -> None:
    masked = Code("python", 'x = "é#" # ü\ny = 1').masked
    assert masked == f"x = {STRING * 4} {COMMENT * 3}\ny = 1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_grammar(language: str) -> None:
    sign = "#" if language in ("python", "ruby") else "//"
    head = "<?php\n" if language == "php" else ""
    code = Code(language, f"{head}{sign} some words\n")
    assert COMMENT * 4 in code.masked


def test_the_rest_of_a_line() -> None:
    found = list(zip(before("python", PYTHON, "line_rest"), cut("python", PYTHON, "line_rest"), strict=True))
    assert ("    result = multiply(", "width, height)") in found
    assert ("    return ", "result") in found
    assert not [line for line, _ in found if "#" in line]


def test_within_a_word() -> None:
    found = list(zip(before("python", PYTHON, "mid_word"), cut("python", PYTHON, "mid_word"), strict=True))
    assert ("    result = mult", "iply(width, height)") in found


def test_a_statement_below_another_one() -> None:
    below = ["result = multiply(width, height)", "other = compute(width)", "publish(other)"]
    assert cut("python", PYTHON, "empty_line") == below
    assert before("python", PYTHON, "empty_line") == ["    ", "    ", "        "]
    assert cut("go", GO, "empty_line") == ["publish(other)", "return result"]


def test_a_whole_line() -> None:
    assert "    return result" in cut("python", PYTHON, "whole_line")
    assert cut("go", GO, "whole_line") == [
        "package main",
        "\tresult := multiply(width, 2)",
        "\t\trecord(result)",
        "\t\tpublish(other)",
        "\treturn result",
    ]


def test_a_block_is_all_that_the_line_above_opens() -> None:
    assert cut("python", PYTHON, "block") == ["record(result)\n        publish(other)"]
    assert cut("go", GO, "block") == ["record(result)\n\t\tpublish(other)"]
    assert cut("python", 'def f():\n    """Some words.\n    More words."""\n', "block") == []


def test_arguments() -> None:
    assert cut("python", PYTHON, "arguments") == ["width, height", "width, height", "width", "result", "other"]
    assert cut("python", "x = f(g(one), 'a)') + 1\n", "arguments") == []
    assert cut("python", "xyz = f(g(one), 'a)')\n", "arguments") == ["g(one), 'a)'"]


def test_prose_of_a_comment() -> None:
    found = cut("python", PYTHON, "comment")
    assert "with the other side of it." in found
    assert cut("python", "x = compute(1)  # one two three four five six seven\n", "comment") == []


def test_after_a_statement() -> None:
    assert cut("python", PYTHON, "finished") == [""] * len(cut("python", PYTHON, "finished"))
    assert before("python", PYTHON, "finished") == [
        "import os",
        "    result = multiply(width, height)",
        "    other = compute(width)",
        "        record(result)",
        "        publish(other)",
        "    return result",
    ]


def package(root: Path, name: str = "a", files: int = 3) -> Repository:
    for number in range(files):
        lines = [f"    value_{number}_{n} = compute_{n}(first_{n}, second)" for n in range(30)]
        words = "    # This comment has a good many words in it to be cut from."
        text = "\n".join(["def function(first, second):", words, *lines, f"    return value_{number}", ""])
        (root / f"file_{number}.py").write_text(text)
    return Repository(Entry(Package("npm", name, "1"), "", "", "", ("*",), ("*",)), root)


@pytest.fixture
def two(tmp_path: Path) -> list[Repository]:
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        found.append(package(tmp_path / name, name))
    return found


def test_a_seed_gives_the_same_cases_and_a_longer_list_begins_with_a_shorter_one(two: list[Repository]) -> None:
    found = choose(two, 24, 1, languages=LANGUAGES)
    assert found == choose(two, 24, 1, languages=LANGUAGES)
    assert found[:9] == choose(two, 9, 1, languages=LANGUAGES)
    assert found != choose(two, 24, 2, languages=LANGUAGES)


def test_packages_and_kinds_come_by_turns(two: list[Repository]) -> None:
    kinds = [kind for kind in KINDS if kind not in ("block", "comment")]
    found = choose(two, 12, 1, kinds=kinds, languages=LANGUAGES)
    assert {name: sum(one.package == name for one in found) for name in ("one", "two")} == {"one": 6, "two": 6}
    assert sorted({one.kind for one in found}) == sorted(kinds)


def test_no_case_comes_twice_and_all_of_them_come(two: list[Repository]) -> None:
    found = choose(two, 10_000, 1, kinds=["whole_line"], languages=LANGUAGES)
    assert len({one.cut for one in found}) == len(found) > 90


def test_a_case_is_the_file_in_three_parts(two: list[Repository]) -> None:
    texts = {(one.name, source.path): source.text for one in two for source in one.sources}
    for case in choose(two, 40, 3, languages=LANGUAGES):
        assert case.prefix + case.cut + case.suffix == texts[case.package, case.path]
        assert case.expected == ("" if case.kind in ("comment", "finished") else case.cut)
        lines = case.text.split("\n")
        assert case.prefix.endswith(lines[case.line][: case.column])


def test_every_package_meets_every_kind() -> None:
    for packages in range(1, 25):
        for kinds in range(1, 9):
            step = cases._step(packages, kinds)
            assert {(turn * step) % kinds for turn in range(kinds)} == set(range(kinds))


def case(prefix: str, cut: str, suffix: str, path: str = "file_0.py", package: str = "one") -> Case:
    return Case(package, path, "python", "line_rest", prefix, suffix, cut)


def test_holes_that_overlap_are_all_gone() -> None:
    found = [case("abc", "def", "ghi"), case("abcde", "fg", "hi"), case("", "a", "bcdefghi")]
    assert scratch.without_holes(found) == "bchi"


def test_the_copy_has_no_hole_and_the_other_files_as_they_are(two: list[Repository], tmp_path: Path) -> None:
    repository = two[0]
    text = repository.read("file_0.py")
    at = text.index("compute_7")
    other = case("", "x", "", package="two")
    root = scratch.copy(repository, [case(text[:at], text[at : at + 9], text[at + 9 :]), other], tmp_path / "copy")
    assert (root / "file_0.py").read_text() == text[:at] + text[at + 9 :]
    assert (root / "file_1.py").read_text() == repository.read("file_1.py")
    assert repository.read("file_0.py") == text


def test_visits_are_the_same_for_a_folder_and_leave_the_own_file_out(tmp_path: Path) -> None:
    for folder in ("near", "far"):
        (tmp_path / folder).mkdir()
        package(tmp_path / folder, files=6)
    repository = Repository(Entry(Package("npm", "a", "1"), "", "", "", ("*",), ("*",)), tmp_path)
    own = case("", "", "", "near/file_0.py", "a")
    found = visits.before(own, repository, {"near/file_1.py": "one\n"}, 1)
    assert len({visit.path for visit in found}) == len(found) == 8
    assert own.path not in {visit.path for visit in found}
    assert all(visit.path.startswith("near/") for visit in found[-2:])
    assert found == visits.before(own, repository, {"near/file_1.py": "one\n"}, 1)
    assert {visit.text for visit in found if visit.path == "near/file_1.py"} <= {"one\n"}
