"""Each action on real files of three languages, with answers as good models write them: fenced, some with talk."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.acting import Acting, Json, edited

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = [
    tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).with_name("cases").glob("*.toml"))
]
EDITS = [
    pytest.param(case, edit, id=f"{case['language']}-{edit['action']}") for case in CASES for edit in case["edit"]
]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n")


def told(text: str, edit: Json) -> list[Json]:
    """What a language server says of the line, where the case says so."""
    line = line_of(text, edit["at"])
    span = {"start": {"line": line, "character": 2}, "end": {"line": line, "character": 5}}
    return [{"range": span, "message": edit["told"], "severity": 1}] if "told" in edit else []


def opened(acting: Acting, case: Json) -> str:
    for name, text in case.get("files", {}).items():
        (acting.folder / name).write_text(text)
    acting.open(case["text"], case["file"], case["language"])
    text: str = case["text"]
    return text


@pytest.mark.parametrize(("case", "edit"), EDITS)
async def test_an_edit(case: Json, edit: Json, acting: Acting) -> None:
    text = opened(acting, case)
    acting.says(edit["answer"])
    action = await acting.resolved(edit["action"], line_of(text, edit["at"]), diagnostics=told(text, edit))
    assert action.get("edit"), acting.shown
    assert text.count(edit["old"]) == 1
    assert edited(text, action["edit"]) == text.replace(edit["old"], edit["new"])
    # As little as can be is exchanged.
    [change] = action["edit"]["documentChanges"]
    assert change["textDocument"]["version"] == 1
    assert sum(len(one["newText"]) for one in change["edits"]) <= len(edit["new"]) + 2
    assert len(acting.asked) == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["language"])
async def test_a_test(case: Json, acting: Acting) -> None:
    text, test = opened(acting, case), case["test"]
    acting.says(test["answer"])
    action = await acting.resolved("Write a test", line_of(text, test["at"]))
    assert action.get("edit"), acting.shown
    create, change = action["edit"]["documentChanges"]
    assert (create["kind"], Path(create["uri"]).name) == ("create", test["file"])
    assert change["edits"][0]["newText"] == test["text"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["language"])
async def test_an_explanation(case: Json, acting: Acting) -> None:
    text = opened(acting, case)
    acting.says("It is *short*.")
    found = await acting.run("Explain", line_of(text, case["test"]["at"]))
    assert found["text"] == "It is *short*."
    await acting.client.until(lambda: acting.shown)
    assert "It is *short*." in acting.shown[0]
