"""How problems are counted in what a program printed, and what stands for a placeholder."""

from dataclasses import replace
from pathlib import Path

import pytest

from ai_lsp.checks.tool import PLACEHOLDERS, Subject, Tool, root_of

TOOL = Tool("x", frozenset({"python"}), ("x",))


@pytest.mark.parametrize(
    ("how", "code", "out", "errors", "count"),
    [
        ({}, 0, "", "", 0),
        ({}, 1, "a\n\n b \n", "noise\n", 2),
        ({"count": "exit"}, 0, "a\nb\n", "", 0),
        ({"count": "exit"}, 3, "a\nb\n", "", 1),
        ({"regex": r"error:"}, 1, "1: error: a\n2: note: b\n", "3: error: c\n", 2),
        ({"json": ""}, 1, "[1, 2, 3]", "", 3),
        ({"json": "0.messages"}, 1, '[{"messages": [1, 2]}]', "", 2),
        ({"json": "summary.errors"}, 1, '{"summary": {"errors": 4}}', "", 4),
    ],
)
def test_what_is_counted(how, code, out, errors, count):
    assert replace(TOOL, **how).problems(code, out, errors) == count


@pytest.mark.parametrize(
    ("how", "code", "out", "said"),
    [
        ({"exits": (0, 1)}, 2, "", "it ended with 2 and said: no such option"),
        ({"json": ""}, 0, "oh", "no list"),
        ({"json": ""}, 0, "[" * 100_000, "no list"),
        ({"json": "a.b"}, 0, '{"a": []}', "no a.b"),
        ({"json": "a"}, 0, '{"a": "b"}', "a is neither a list nor a number"),
    ],
)
def test_a_program_that_did_not_do_its_work(how, code, out, said):
    with pytest.raises(ValueError, match=said):
        replace(TOOL, **how).problems(code, out, "\nno such option\n")


def test_placeholders():
    subject = Subject(Path("/p/src/a.py"), Path("/p"), Path("/cache"))
    filled = [subject.filled(text, Path("/tmp/t/src/a.py"), Path("/tmp/t")) for text in PLACEHOLDERS]
    assert filled == ["/p/src/a.py", "/tmp/t/src/a.py", "/p", "/tmp/t", "src", "/cache"]
    assert subject.filled('{"a": {copy}}', None, None) == '{"a": /p/src/a.py}'


def test_the_projects_folder(tmp_path):
    inner = tmp_path / "repository" / "package" / "src"
    inner.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    file = inner / "a.ts"
    assert root_of(file, ("tsconfig.json",)) == tmp_path / "repository"
    (inner.parent / "tsconfig.json").touch()
    assert root_of(file, ("tsconfig.json",)) == inner.parent
