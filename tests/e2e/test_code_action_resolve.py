"""codeAction/resolve, with a model that is scripted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.e2e.acting import FULL, LINES, TEXT, WORKSPACE, Acting, edited, started
from tests.e2e.conftest import Start
from tests.e2e.test_code_action import DIAGNOSTIC


@pytest.mark.parametrize(
    ("word", "line", "answer", "old", "new"),
    [
        (
            "Document",
            "total",
            "Add up prices.\nprices: What they are.",
            "    result = 0\n",
            '    """Add up prices."""\n    result = 0\n',
        ),
        ("Complete", "largest", "return max(numbers)", "    ...\n", "    return max(numbers)\n"),
        ("Rewrite", "instruction", "```python\nx = 2\n```", "# ai: double it\nx = 1\n", "x = 2\n"),
        ("Translate", "comment", "This is the sum", "# Das ist die Summe", "# This is the sum"),
        (
            "Simplify",
            "total",
            "def total(prices, tax):\n    return sum(prices) * (1 + tax)\n\ntotal([1], 2)",
            TEXT[TEXT.index("    result = 0") : TEXT.index("    return result")] + "    return result * (1 + tax)",
            "    return sum(prices) * (1 + tax)",
        ),
        (
            "Fix",
            "error",
            "x = 1\n\n# Das ist die Summe\ny = open(2)",
            "y = opn(2)",
            "y = open(2)",
        ),
    ],
)
async def test_each_edit(acting: Acting, word: str, line: str, answer: str, old: str, new: str) -> None:
    acting.says(answer)
    action = await acting.resolved(word, LINES[line], diagnostics=[DIAGNOSTIC])
    assert edited(TEXT, action["edit"]) == TEXT.replace(old, new)
    [change] = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": acting.document.uri, "version": 1}
    assert len(acting.progress("begin")) == len(acting.progress("end"))
    assert acting.client.messages() == ""


async def test_edits_are_small(acting: Acting) -> None:
    acting.says("x = 1\n\n# Das ist die Summe\ny = open(2)")
    action = await acting.resolved("Fix", LINES["error"], diagnostics=[DIAGNOSTIC])
    [change] = action["edit"]["documentChanges"]
    assert [(edit["range"]["start"], edit["newText"]) for edit in change["edits"]] == [
        ({"line": 19, "character": 6}, "e")
    ]


async def test_utf_16_and_windows_line_ends(acting: Acting) -> None:
    text = 'def f():\r\n    s = "😀" + "é"\r\n    return s\r\n'
    acting.open(text, "emoji.py")
    acting.says('def f():\n    s = "😀" + "e"\n    t = s\n    return s')
    action = await acting.resolved("Simplify", 1)
    [change] = action["edit"]["documentChanges"]
    [edit] = change["edits"]
    assert edit["newText"] == '    s = "😀" + "e"\r\n    t = s'
    assert edit["range"]["end"] == {"line": 1, "character": 18}


async def test_what_the_user_must_confirm(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    edit = {**WORKSPACE["workspaceEdit"], "changeAnnotationSupport": {"groupsOnLabel": True}}
    one.client = await started(launch, one, capabilities={**FULL, "workspace": {"workspaceEdit": edit}})
    one.open()
    one.says("return max(numbers)")
    found = (await one.resolved("Complete", LINES["largest"]))["edit"]
    assert found["changeAnnotations"] == {"ai-lsp": {"label": "ai-lsp (scripted)", "needsConfirmation": True}}
    assert found["documentChanges"][0]["edits"][0]["annotationId"] == "ai-lsp"


async def test_a_client_without_document_changes(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    one.client = await started(launch, one, capabilities={**FULL, "workspace": {}})
    one.open()
    one.says("return max(numbers)")
    found = (await one.resolved("Complete", LINES["largest"]))["edit"]
    assert list(found) == ["changes"] and list(found["changes"]) == [one.document.uri]
    one.says("def test_total():\n    assert total([1], 0) == 1")
    await one.resolved("Write a test", LINES["total"])
    assert "this editor cannot make files; make" in one.shown[0]


async def test_a_test_in_a_new_file(acting: Acting) -> None:
    acting.says("def test_total():\n    assert total([1], 0) == 1")
    create, write = (await acting.resolved("Write a test", LINES["total"]))["edit"]["documentChanges"]
    uri = (acting.folder / "tests" / "test_shop.py").as_uri()
    assert (create["kind"], create["uri"], create["options"]["overwrite"]) == ("create", uri, False)
    assert write["textDocument"] == {"uri": uri, "version": None}
    assert write["edits"][0]["newText"] == (
        "from shop import total\n\n\ndef test_total():\n    assert total([1], 0) == 1\n"
    )


async def test_a_test_in_a_file_that_is_there_and_open(acting: Acting) -> None:
    there = "from shop import total\n\n\ndef test_none():\n    assert total([], 0) == 0\n"
    (acting.folder / "tests").mkdir()
    path = acting.folder / "tests" / "test_shop.py"
    path.write_text("on disk it is older\n")
    acting.client.open(there, path.as_uri())
    acting.says("def test_total():\n    assert total([1], 0) == 1")
    edit = (await acting.resolved("Write a test", LINES["total"]))["edit"]
    assert edit["documentChanges"][0]["textDocument"] == {"uri": path.as_uri(), "version": 1}
    assert edited(there, edit) == there + "\n\ndef test_total():\n    assert total([1], 0) == 1\n"
    example = acting.asked[0]["parts"]
    assert {"kind": "other_files", "path": str(path)} in example


async def test_a_bad_answer_is_tried_again_and_then_shown(acting: Acting) -> None:
    acting.says("return (max(", "return (min(")
    action = await acting.resolved("Complete", LINES["largest"])
    assert action.get("edit") is None
    [text] = acting.shown
    assert "the answer of scripted is no python that can be parsed there" in text
    assert "return (min(" in text
    assert "is no python that can be parsed there" in acting.asked[1]["messages"][-1]["content"]


async def test_a_model_that_fails(acting: Acting) -> None:
    acting.says("<error> the endpoint is down: start it")
    action = await acting.resolved("Complete", LINES["largest"])
    assert action.get("edit") is None
    await acting.client.until(lambda: acting.client.messages() == "ai-lsp: the endpoint is down: start it")
    await acting.client.until(lambda: acting.progress("end"))


async def test_cancel_leaves_nothing(acting: Acting) -> None:
    acting.says("return max(<slow>numbers)")
    future = acting.client.send("codeAction/resolve", await acting.action("Complete", LINES["largest"]))
    await acting.client.until(lambda: acting.progress("report"))
    acting.client.cancel(future)
    assert (await future).code == -32800
    await acting.client.until(lambda: acting.progress("end"))
    assert acting.applied == acting.shown == []
    assert acting.progress("report")[0]["message"] in ("return", "return max(")


async def test_cancel_by_the_progress_bar(acting: Acting) -> None:
    acting.says("return max(<slow>numbers)")
    future = acting.client.send("codeAction/resolve", await acting.action("Complete", LINES["largest"]))
    await acting.client.until(lambda: acting.progress("report"))
    assert acting.progress("begin")[0]["cancellable"] is True
    token = next(n["params"]["token"] for n in acting.client.notifications if n["method"] == "$/progress")
    acting.client.notify("window/workDoneProgress/cancel", {"token": token})
    assert (await future).code == -32800
    await acting.client.until(lambda: acting.progress("end"))


async def test_the_text_changes_above_while_the_model_works(acting: Acting) -> None:
    acting.says("return max(<slow>numbers)")
    future = acting.client.send("codeAction/resolve", await acting.action("Complete", LINES["largest"]))
    await acting.client.until(lambda: acting.progress("report"))
    acting.client.insert(acting.document, "import sys\n", 0)
    await acting.client.command("ai-lsp.stats")  # what is answered after the change knows of it
    acting.go_on()
    edit = (await future).result["edit"]
    assert edit["documentChanges"][0]["textDocument"]["version"] == 2
    assert edited("import sys\n" + TEXT, edit) == "import sys\n" + TEXT.replace(
        "    ...", "    return max(numbers)"
    )


async def test_the_text_itself_changes_while_the_model_works(acting: Acting) -> None:
    acting.says("return max(<slow>numbers)")
    future = acting.client.send("codeAction/resolve", await acting.action("Complete", LINES["largest"]))
    await acting.client.until(lambda: acting.progress("report"))
    acting.client.insert(acting.document, "x", TEXT.index("..."))
    await acting.client.command("ai-lsp.stats")
    acting.go_on()
    assert (await future).result.get("edit") is None
    await acting.client.until(lambda: "the text has changed while the model worked" in acting.client.messages())


async def test_an_offer_for_a_text_that_has_changed_since(acting: Acting) -> None:
    action = await acting.action("Complete", LINES["largest"])
    acting.client.insert(acting.document, "x", 0)
    assert (await acting.client.request("codeAction/resolve", action)).result.get("edit") is None
    await acting.client.until(lambda: "the text has changed since this was offered" in acting.client.messages())
    assert acting.asked == []


@pytest.mark.parametrize(
    "data", [{}, [], 5, {"action": "complete", "uri": 3}, {"action": "x", "uri": "y", "first": -1}]
)
async def test_odd_data(acting: Acting, data: object) -> None:
    acting.client.may_complain = True
    reply = await acting.client.request("codeAction/resolve", {"title": "x", "data": data})
    assert reply.code == -32602


async def test_an_action_that_is_not_there(acting: Acting) -> None:
    data = {"action": "nothing", "uri": acting.document.uri, "first": 0}
    assert (await acting.client.request("codeAction/resolve", {"title": "x", "data": data})).result.get(
        "edit"
    ) is None
    await acting.client.until(lambda: acting.client.messages() == "ai-lsp: there is no action `nothing`")


async def test_many_at_once_are_answered_once_each(acting: Acting) -> None:
    acting.says("return max(numbers)")
    action = await acting.action("Complete", LINES["largest"])
    futures = [acting.client.send("codeAction/resolve", action) for _ in range(20)]
    for future in futures[::3]:
        acting.client.cancel(future)
    replies = await asyncio.wait_for(asyncio.gather(*futures), 30)
    assert {reply.code for reply in replies} <= {None, -32800}
    assert acting.client.unanswered == []
