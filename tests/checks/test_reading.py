"""What is wrong with checks is told with its place and how to mend it."""

import pytest

from ai_lsp.checks.reading import known, missing, read_checks
from ai_lsp.option import Table

OWN = {"name": "mine", "languages": ["go"], "command": ["mine", "{file}"]}


def read(*tables):
    return read_checks([Table("config.toml", table) for table in tables])


@pytest.mark.parametrize("name", ["ruff", "mypy", "pyright", "tsc", "go-vet"])
def test_what_we_bring_has_only_to_be_named(name):
    tools, problems = read({"name": name})
    assert (problems, [tool.name for tool in tools]) == ([], [name])
    assert known().keys() >= {name}
    assert tools[0].exits and tools[0].root


def test_what_is_said_is_put_over_what_is_known():
    tools, _ = read({"name": "ruff", "exits": [0, 1, 7]})
    assert (tools[0].exits, tools[0].command[:2]) == ((0, 1, 7), ("ruff", "check"))


def test_of_two_with_one_name_the_later_holds():
    tools, _ = read(OWN, {**OWN, "regex": "error"})
    assert [tool.regex for tool in tools] == ["error"]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({}, "check number 1: has no `name`"),
        ({"name": "rufff"}, "check `rufff`: has no `command`: write command = "),
        ({**OWN, "languages": []}, "check `mine`: has no `languages`"),
        ({**OWN, "comand": []}, "unknown key `comand`; did you mean `command`?"),
        ({**OWN, "command": "mine"}, "`command` must be a list of texts"),
        ({**OWN, "exits": ["0"]}, "`exits` must be a list of whole numbers"),
        ({**OWN, "exits": [True]}, "`exits` must be a list of whole numbers"),
        ({**OWN, "input": "pipe"}, "`input` must be one of stdin, copy, project"),
        ({**OWN, "count": "words"}, "`count` must be one of lines, exit"),
        ({**OWN, "json": 1}, "`json` must be a text"),
        ({**OWN, "regex": "(a"}, "missing )"),
        ({**OWN, 3: "x"}, "unknown key `3`"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_others_hold(table, problem):
    tools, problems = read(table, {"name": "tsc"})
    assert [tool.name for tool in tools] == ["tsc"]
    assert len(problems) == 1
    assert problems[0].startswith("config.toml: check ")
    assert problem in problems[0]


def test_a_program_that_is_not_there_is_told():
    tools, _ = read({**OWN, "command": ["no-such-program-as-this"]})
    assert "there is no program no-such-program-as-this on the PATH" in missing(tools)[0]
