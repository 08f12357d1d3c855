"""textDocument/completion, for clients without inline completion."""

from __future__ import annotations

from tests.e2e.client import Client, Document, Reply, place
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE


async def complete(client: Client, document: Document) -> Reply:
    at = place(document.text, len(document.text))
    return await client.request("textDocument/completion", {"textDocument": {"uri": document.uri}, "position": at})


async def test_one_item_that_stays_out_of_the_way(client: Client) -> None:
    document = client.open(SOURCE + "return os.path.getsi")
    result = (await complete(client, document)).result
    assert result["isIncomplete"] is True
    (item,) = result["items"]
    at = place(document.text, len(document.text))
    start = {"line": at["line"], "character": at["character"] - len("getsi")}
    assert item["textEdit"] == {"range": {"start": start, "end": at}, "newText": "getsize(path)"}
    assert item["label"] == item["filterText"] == "getsize(path)"
    assert item["sortText"] > "zzzz"
    assert item["documentation"]["value"] == "```python\ngetsize(path)\n```"


async def test_nothing_to_say_is_an_empty_list(client: Client) -> None:
    document = client.open("x = 1;\n")
    assert (await complete(client, document)).result == {"isIncomplete": True, "items": []}


async def test_a_client_that_has_ghost_text_gets_no_second_copy(client: Client) -> None:
    document = client.open(SOURCE + "return os.path.getsi")
    await client.suggest(document)
    assert (await complete(client, document)).result is None


async def test_it_can_be_switched_off(launch: Start) -> None:
    client = await launch(options={"completion": {"fallbackCompletion": False}})
    await client.ready()
    assert (await complete(client, client.open(SOURCE + "ret"))).result is None


async def test_menu_entries_have_the_documents_line_ends(launch: Start) -> None:
    client = await launch(options={"completion": {"multiline": "always"}})
    await client.ready()
    document = client.open(
        (SOURCE + "return os.path.getsize(path)\n\n\ndef sum_of(a, b):\n    ").replace("\n", "\r\n")
    )
    (item,) = (await complete(client, document)).result["items"]
    assert "\n" not in item["textEdit"]["newText"].replace("\r\n", "")
