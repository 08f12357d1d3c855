"""ai-lsp/chat, with a model that is scripted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.acting import LINES, TEXT, Acting, edited
from tests.e2e.conftest import Start

CHAT = "ai-lsp/chat"


async def ask(acting: Acting, message: str, **more: Any) -> Any:
    return (await acting.client.request(CHAT, {"message": message, **more})).result


def place(acting: Acting, line: int, last: int | None = None) -> dict[str, Any]:
    end = {"line": line, "character": 0} if last is None else {"line": last, "character": 3}
    span = {"start": {"line": line, "character": 0}, "end": end}
    return {"textDocument": {"uri": acting.document.uri}, "range": span}


def streamed(acting: Acting, token: str) -> str:
    notes = [note["params"] for note in acting.client.notifications if note["method"] == "$/progress"]
    return "".join(note["value"].get("text", "") for note in notes if note["token"] == token)


async def test_an_answer_is_streamed_and_kept(acting: Acting, tmp_path: Path) -> None:
    acting.says("It sells fruit, and nothing else.")
    found = await ask(acting, "What does @file:shop.py do?", partialResultToken="p", workDoneToken="w")
    assert found["message"] == "It sells fruit, and nothing else." == streamed(acting, "p")
    assert found["model"] == "scripted"
    assert found["used"] == [{"kind": "other_files", "path": str(acting.folder / "shop.py")}]
    assert [value["kind"] for value in (acting.progress("begin") + acting.progress("end"))] == ["begin", "end"]
    acting.says("Yes.")
    again = await ask(acting, "Sure?", conversation=found["conversation"])
    assert [message["content"] for message in acting.asked[1]["messages"]][1:] == [
        "What does @file:shop.py do?",
        "It sells fruit, and nothing else.",
        "Sure?",
    ]
    [kept] = await acting.client.command("ai-lsp.chats")
    assert kept == {
        "conversation": again["conversation"],
        "title": "What does @file:shop.py do?",
        "root": str(acting.folder),
        "messages": 4,
    }
    assert len(list((tmp_path / "state").rglob("*.jsonl"))) == 1
    assert await acting.client.command("ai-lsp.forget-chat", kept["conversation"]) is True
    assert await acting.client.command("ai-lsp.forget-chat", kept["conversation"]) is False
    assert await acting.client.command("ai-lsp.chats") == []


async def test_the_open_text_counts_and_not_the_file(acting: Acting) -> None:
    acting.says("ok")
    acting.client.insert(acting.document, "unsaved = 1\n")
    await ask(acting, "@file:shop.py")
    assert "unsaved = 1" in acting.asked[0]["messages"][-1]["content"]


async def test_a_selection_goes_with_the_question(acting: Acting) -> None:
    acting.says("ok")
    found = await ask(acting, "Why?", **place(acting, 4, 5))
    assert found["used"] == [{"kind": "code", "path": str(acting.folder / "shop.py")}]
    assert acting.asked[0]["messages"][-1]["content"].startswith(
        "shop.py, lines 5 to 6:\n```python\n    result = 0\n"
    )


async def test_diagnostics_that_the_client_passes_on(acting: Acting) -> None:
    acting.says("ok")
    span = {"start": {"line": 19, "character": 0}, "end": {"line": 19, "character": 1}}
    told = {"uri": acting.document.uri, "diagnostics": [{"range": span, "message": "opn is not defined"}]}
    acting.client.notify("ai-lsp/diagnostics", told)
    await ask(acting, "Why @diagnostics?")
    assert "line 20: opn is not defined" in acting.asked[0]["messages"][-1]["content"]


async def test_a_slash_is_an_action_with_its_edit(acting: Acting) -> None:
    acting.says("return max(numbers)")
    found = await ask(acting, "/complete", partialResultToken="p", **place(acting, LINES["largest"]))
    assert edited(TEXT, found["edit"]) == TEXT.replace("    ...", "    return max(numbers)")
    assert found["message"] == streamed(acting, "p") == "return max(numbers)"
    assert acting.applied == acting.shown == []
    acting.says("y = 7")
    told = await ask(acting, "/rewrite make it 7", **place(acting, LINES["error"]))
    assert edited(TEXT, told["edit"]) == TEXT.replace("y = opn(2)", "y = 7")
    acting.says("It adds up.")
    assert (await ask(acting, "/explain", **place(acting, LINES["total"])))["message"] == "It adds up."


async def test_what_is_wrong_is_mended(acting: Acting) -> None:
    """In the user's words, else in those of a language server that the client passes on."""
    acting.says("x = 1\n\n# Das ist die Summe\ny = open(2)")
    for message, told in (("/fix opn should be open", "opn should be open"), ("/fix", "opn is not defined")):
        span = {"start": {"line": 19, "character": 0}, "end": {"line": 19, "character": 1}}
        known = {"uri": acting.document.uri, "diagnostics": [{"range": span, "message": "opn is not defined"}]}
        acting.client.notify("ai-lsp/diagnostics", known)
        found = await ask(acting, message, **place(acting, LINES["error"]))
        assert "y = open(2)" in edited(TEXT, found["edit"])
        assert told in acting.asked[-1]["messages"][-1]["content"]


async def test_a_bad_edit_is_text_only(acting: Acting) -> None:
    acting.says("return (max(")
    found = await ask(acting, "/complete", **place(acting, LINES["largest"]))
    assert "edit" not in found
    assert found["message"].startswith("the answer of scripted is no python that can be parsed there:")


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, "a chat needs a `message`"),
        (None, "a chat needs a `message`"),
        ({"message": " "}, "a chat needs a `message`"),
        ({"message": 5}, "a chat needs a `message`"),
        ({"message": "x", "range": {"start": 3}}, "`range` of a chat must be a range"),
        ({"message": "x", "conversation": "none"}, "there is no conversation none"),
        ({"message": "x", "conversation": "../../x"}, "is no name of a conversation"),
        ({"message": "/nothing"}, "there is no /nothing; there are /commit, /complete, "),
        ({"message": "/explain"}, "/explain needs a place"),
        ({"message": "see @file:none.py"}, "there is no file"),
        ({"message": "see @file:../../x.py"}, "is not in"),
        ({"message": "see @diagnostics"}, "no language server says anything"),
        ({"message": "hello"}, "the endpoint is down"),
    ],
)
async def test_what_cannot_be_answered(acting: Acting, params: Any, error: str) -> None:
    acting.says("<error> the endpoint is down")
    found = (await acting.client.request(CHAT, params)).result
    assert list(found) == ["error"] and error in found["error"]


async def test_cancelled_in_the_middle(acting: Acting) -> None:
    acting.says("It sells <slow>fruit.")
    future = acting.client.send(CHAT, {"message": "What?", "partialResultToken": "p"})
    await acting.client.until(lambda: streamed(acting, "p"))
    acting.client.cancel(future)
    assert (await future).code == -32800
    assert await acting.client.command("ai-lsp.chats") == []


async def test_cancelled_by_the_progress_bar(acting: Acting) -> None:
    acting.says("It sells <slow>fruit.")
    future = acting.client.send(CHAT, {"message": "What?", "partialResultToken": "p", "workDoneToken": 7})
    await acting.client.until(lambda: streamed(acting, "p"))
    acting.client.notify("window/workDoneProgress/cancel", {"token": 7})
    assert (await future).code == -32800
    await acting.client.until(lambda: acting.progress("end"))


async def test_the_default_model(launch: Start, tmp_path: Path) -> None:
    """It writes something, and stops when it is told to: its answer to this has some 400 tokens."""
    acting = Acting(tmp_path)
    acting.client = await launch(root=acting.folder.as_uri(), answer=acting.answer)
    acting.open()
    message = "Write tests for every function of @file:shop.py, with many cases."
    question = {"message": message, "partialResultToken": "p", "workDoneToken": "w"}
    future = acting.client.send(CHAT, question)
    await acting.client.until(lambda: streamed(acting, "p").strip(), 120)
    acting.client.cancel(future)
    assert (await future).code == -32800
    await acting.client.until(lambda: {"kind": "end", "message": "cancelled"} in acting.progress("end"))
