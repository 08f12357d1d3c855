"""textDocument/inlineCompletion with the real model; weights differ by machine, so few texts are exact."""

from __future__ import annotations

import pytest

from tests.e2e.client import Client, place
from tests.e2e.conftest import Start

SOURCE = """import os


def read_file(path):
    with open(path) as f:
        return f.read()


def write_file(path, text):
    with open(path, "w") as f:
        f.write(text)


def size_of(path):
    """


async def test_a_real_suggestion(client: Client) -> None:
    document = client.open(SOURCE + "return os.path.getsi")
    reply = await client.suggest(document)
    assert reply.text == "ze(path)"
    item, *_ = reply.result["items"]
    end = place(document.text, len(document.text))
    assert item["range"] == {"start": end, "end": end}
    assert item["command"]["command"] == "ai-lsp.accepted"


async def test_alternatives_when_asked_by_hand(launch: Start) -> None:
    client = await launch(options={"completion": {"deadline_ms": 5000, "alternatives": 3}})
    await client.ready()
    document = client.open(SOURCE)
    items = (await client.suggest(document, kind=1)).result["items"]
    assert len({item["insertText"] for item in items}) == len(items) == 3
    assert [item["command"]["arguments"][1] for item in items] == [0, 1, 2]
    await client.command(items[2]["command"]["command"], *items[2]["command"]["arguments"])
    trace = await client.command("ai-lsp.why", items[2]["command"]["arguments"][0])
    assert (trace["accepted"], trace["alternative"]) == (True, 2)
    assert trace["alternatives"][1] == items[2]["insertText"]
    client.insert(document, "x")
    automatic = (await client.suggest(document, kind=2)).result
    assert automatic is None or len(automatic["items"]) == 1


async def test_a_word_cut_in_two(client: Client) -> None:
    reply = await client.suggest(client.open(SOURCE + "ret"))
    assert reply.text is not None and reply.text.startswith("urn ")


async def test_an_indented_empty_line(client: Client) -> None:
    reply = await client.suggest(client.open(SOURCE))
    assert reply.text is not None and reply.text.startswith(("return ", "with open(", "if ", "size = "))


async def test_a_second_request_after_one_more_character_evaluates_few_tokens(client: Client) -> None:
    document = client.open(SOURCE * 6 + "ret")
    first = await client.suggest(document)
    assert (await client.why(first))["counts"]["prompt"] > 300
    client.insert(document, "z")  # away from what was suggested, so that the cache has no answer
    await client.suggest(document)
    trace = await client.why()
    assert (trace["cached"], trace["version"]) == (False, 2)
    assert trace["counts"]["evaluated"] < 16


async def test_typing_through_is_answered_from_the_cache(client: Client) -> None:
    document = client.open(SOURCE + "return os.path.getsi")
    await client.suggest(document)
    client.insert(document, "ze(")
    reply = await client.suggest(document)
    assert reply.text == "path)"
    assert (await client.why(reply))["reason"] == "typed through"


async def test_automatic_requests_within_a_word_stay_silent(client: Client) -> None:
    document = client.open(SOURCE + "return os.path.getsize(path)\n")
    within = document.text.rindex("size(")
    assert (await client.suggest(document, within, kind=2)).result is None
    assert (await client.why())["reason"] == "the cursor is within a word"
    await client.suggest(document, within, kind=1)
    assert (await client.why())["reason"] != "the cursor is within a word"


async def test_what_follows_the_cursor_is_not_repeated(client: Client) -> None:
    document = client.open(SOURCE + "return os.path.getsize()\n")
    reply = await client.suggest(document, document.text.rindex(")"))
    assert reply.text == "path"


async def test_the_popups_selected_item_is_extended(client: Client) -> None:
    document = client.open(SOURCE + "return os.path.gets")
    at = len(document.text)
    span = {"start": place(document.text, at - 4), "end": place(document.text, at)}
    reply = await client.suggest(document, selectedCompletionInfo={"range": span, "text": "getsize"})
    item, *_ = reply.result["items"]
    assert item["range"] == span
    assert item["insertText"].startswith("getsize(path")


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 24), ("utf-16", 20), ("utf-32", 18)])
async def test_columns_in_every_encoding(launch: Start, encoding: str, column: int) -> None:
    one = await launch(capabilities={"general": {"positionEncodings": [encoding]}})
    await one.ready()
    document = one.open(SOURCE.rstrip() + "\n    _ = '🙂🙂'; retu")
    position = {"line": document.text.count("\n"), "character": column + 4}
    params = {"textDocument": {"uri": document.uri}, "position": position, "context": {"triggerKind": 1}}
    reply = await one.request("textDocument/inlineCompletion", params)
    assert reply.text is not None and reply.text.startswith("rn ")
    assert reply.result["items"][0]["range"]["start"] == position


async def test_lines_end_as_editors_hold_them(client: Client) -> None:
    text = (SOURCE + "return os.path.getsize(path)\n\n\ndef copy(a, b):\n    ").replace("\n", "\r\n")
    document = client.open(text, uri="file:///work/crlf.py")
    reply = await client.suggest(document)
    assert reply.text
    assert "\r" not in reply.text


async def test_a_position_past_the_end(client: Client) -> None:
    document = client.open(SOURCE + "ret")
    params = {
        "textDocument": {"uri": document.uri},
        "position": {"line": 10_000, "character": 10_000},
        "context": {"triggerKind": 1},
    }
    reply = await client.request("textDocument/inlineCompletion", params)
    assert reply.text is None or reply.text.startswith("urn")


async def test_a_document_that_was_never_opened(client: Client) -> None:
    params = {
        "textDocument": {"uri": "file:///nowhere.py"},
        "position": {"line": 0, "character": 0},
        "context": {"triggerKind": 1},
    }
    assert (await client.request("textDocument/inlineCompletion", params)).result is None


async def test_malformed_parameters(client: Client) -> None:
    client.may_complain = True
    reply = await client.request("textDocument/inlineCompletion", {"textDocument": 5})
    assert reply.code == -32602
    assert (await client.suggest(client.open(SOURCE + "ret"))).text


async def test_an_unknown_method(client: Client) -> None:
    assert (await client.request("textDocument/nothing", {})).code == -32601


async def test_a_cell_of_a_notebook_in_vs_code(client: Client) -> None:
    document = client.open(SOURCE + "ret", uri="vscode-notebook-cell:/work/a.ipynb#W0sZmlsZQ%3D%3D")
    assert (await client.suggest(document)).text
