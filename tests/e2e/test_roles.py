"""Roles and providers of a real server: swapped while it is asked, and what a repository may not."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ai_lsp.models.store import resolve
from tests.e2e.client import CAPABILITIES
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE

_RATE, _COUNT = 50, 150


async def test_a_swap_under_fifty_requests_a_second_loses_none(launch: Start, tmp_path: Path) -> None:
    """Another file is another model, whatever is in it; requests of before, while and after are all answered."""
    other = tmp_path / "other.gguf"
    other.symlink_to(resolve("smollm2-135m").original)
    client = await launch(options={"completion": {"maxTokens": 3, "lookAhead": False, "alternatives": 1}})
    await client.ready()
    documents = [client.open(SOURCE + "ret", uri=f"file:///work/{name}.py") for name in "abcdefgh"]
    assert [(await client.suggest(document)).text for document in documents].count(None) == 0
    change = {"settings": {"roles": {"autocomplete": str(other)}}}
    asked = []
    for number in range(_COUNT):
        if number == _COUNT // 5:
            client.notify("workspace/didChangeConfiguration", change)
        if number % 25 == 0:  # the others are answered from the cache
            documents.append(client.open(f"# {number}\n{SOURCE}ret", uri=f"file:///work/{number}.py"))
        asked.append(client.ask(documents[-1] if number % 25 == 0 else documents[number % 8]))
        await asyncio.sleep(1 / _RATE)
    replies = await asyncio.wait_for(asyncio.gather(*asked), 60)
    assert [reply.text for reply in replies].count(None) == 0
    status = await client.command("ai-lsp.status")
    assert (status["engine"], status["model"]) == ("ready", str(other))
    await client.until(lambda: client.statuses[-1]["params"]["message"] == "other")


async def test_the_users_file_is_taken_up_while_the_server_runs(launch: Start, tmp_path: Path) -> None:
    client = await launch()
    await client.ready()
    document = client.open(SOURCE + "ret")
    assert (await client.suggest(document)).text
    (tmp_path / "config.toml").write_text('[roles]\nautocomplete = "local:qwen2.5-coder-7b"\n')

    async def told() -> bool:
        await client.suggest(document)
        return "ai-lsp models pull qwen2.5-coder-7b" in client.messages()

    while not await told():
        await asyncio.sleep(0.1)  # the file is looked at once a second
    assert "smollm2-135m stays in use" in client.messages()
    assert (await client.suggest(document)).text


async def test_what_a_repository_may_not_is_told(launch: Start, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".ai-lsp.toml").write_text(
        '[roles]\nchat = "evil"\n[[providers]]\nname = "evil"\nurl = "https://evil.example"\n'
        '[[permissions]]\nprovider = "evil"\nallow = ["all"]\n[[permissions]]\ndeny = ["kode"]\n'
    )
    client = await launch(root=tmp_path.as_uri(), capabilities=CAPABILITIES)
    await client.until(lambda: client.messages().count(str(tmp_path / ".ai-lsp.toml")) == 4)
    for name in ("roles.chat", "providers", "permissions.allow"):
        where = f"`{name}` in {tmp_path / '.ai-lsp.toml'}"
        assert f"{where} is ignored: only a user's own settings may set it" in client.messages()
    assert "'kode' is no kind of data" in client.messages()


async def test_another_model_is_chosen_in_the_editor(launch: Start, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.symlink_to(resolve("smollm2-135m").original)
    asked: list[dict] = []

    def answer(request):
        if request["method"] == "window/showMessageRequest":
            asked.append(request["params"])
            return {"title": "local:smollm2-135m"}
        return None

    literals = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["source"]}}}
    client = await launch(capabilities={"textDocument": {"codeAction": literals}}, answer=answer)
    document = client.open(SOURCE)
    start = {"line": 0, "character": 0}
    place = {"textDocument": {"uri": document.uri}, "range": {"start": start, "end": start}}

    async def offered(**context) -> list[dict]:
        context = {"diagnostics": [], **context}
        return (await client.request("textDocument/codeAction", {**place, "context": context})).result

    title = "Use another model for chat (now local)"
    assert not any(one["title"] == title for one in await offered())
    (entry,) = [one for one in await offered(only=["source"]) if one["title"] == title]
    command = entry["command"]
    assert await client.command(command["command"], *command["arguments"]) == "local:smollm2-135m"
    assert {"title": "local:smollm2-135m"} in asked[0]["actions"]
    assert (tmp_path / "config.toml").read_text() == '[roles]\nchat = "local:smollm2-135m"\n'
    assert await client.command("ai-lsp.use-model", "autocomplete", str(other)) == str(other)
    assert (await client.command("ai-lsp.status"))["roles"]["autocomplete"] == str(other)
    assert await client.command("ai-lsp.use-model", "chat", "qwen2.5-coder-7b") is None
    assert "ai-lsp models pull qwen2.5-coder-7b" in client.messages()
    assert await client.command("ai-lsp.use-model", "painter", "local") is None
    assert "'painter' is no role" in client.messages()
