"""initializationOptions, workspace/configuration, didChangeConfiguration and files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import CAPABILITIES, Client, Json
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE

ASKS = {**CAPABILITIES, "workspace": {"configuration": True}}


def settings(value: Any) -> Any:
    """Answer workspace/configuration with `value`, other requests with null."""

    def answer(request: Json) -> Any:
        if request["method"] != "workspace/configuration":
            return None
        if value is NEVER:
            raise asyncio.CancelledError
        return [value]

    return answer


NEVER = object()


async def off_for_python(client: Client) -> bool:
    await client.suggest(client.open(SOURCE + "ret"), kind=2)
    return bool((await client.why())["reason"] == "suggestions are off for python")


@pytest.mark.parametrize("value", [None, {}, NEVER])
async def test_a_client_with_nothing_to_say(launch: Start, value: Any) -> None:
    client = await launch(capabilities=ASKS, answer=settings(value))
    await client.ready()
    assert (await client.suggest(client.open(SOURCE + "ret"))).text
    assert client.messages() == ""


async def test_the_clients_settings(launch: Start) -> None:
    client = await launch(capabilities=ASKS, answer=settings({"completion": {"languagesOff": ["python"]}}))
    await client.ready()
    await client.until(lambda: any(one["method"] == "workspace/configuration" for one in client.requests))
    assert await off_for_python(client)


async def test_wrong_types_and_names_are_reported(launch: Start) -> None:
    wrong = {"completion": {"deadline_ms": "soon", "deadlin_ms": 5}}
    client = await launch(options=wrong)
    await client.ready()
    assert "completion.deadline_ms" in client.messages()
    assert "did you mean `completion.deadline_ms`" in client.messages()
    assert (await client.suggest(client.open(SOURCE + "ret"))).text


async def test_initialization_options(launch: Start) -> None:
    client = await launch(options={"completion": {"languages_off": ["python"]}})
    await client.ready()
    assert await off_for_python(client)


async def test_a_change_while_it_runs(client: Client) -> None:
    assert not await off_for_python(client)
    change = {"ai-lsp": {"completion": {"languagesOff": ["python"]}}}
    client.notify("workspace/didChangeConfiguration", {"settings": change})
    assert await off_for_python(client)


async def test_switched_off(launch: Start) -> None:
    client = await launch(options={"enabled": False})
    assert (await client.suggest(client.open(SOURCE + "ret"))).result is None


async def test_a_repository_cannot_choose_the_model(launch: Start, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    settings = '[model]\nname = "/tmp/other.gguf"\n[completion]\nlanguages_off = ["python"]\n'
    (tmp_path / ".ai-lsp.toml").write_text(settings)
    client = await launch(root=tmp_path.as_uri())
    await client.ready()
    assert "model.name" in client.messages()
    assert await off_for_python(client)


async def test_a_repositorys_rules_hold_and_those_that_cannot_be_used_are_told(
    launch: Start, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    wanted = (
        '[[filters.rules]]\nid = "nothing"\nregex = \'\\S\'\nmessage = "think for yourself"\naction = "veto"\n'
    )
    broken = '[[filters.rules]]\nid = "broken"\nregex = \'(a\'\nmessage = "a"\n'
    (tmp_path / ".ai-lsp.toml").write_text(wanted + broken)
    client = await launch(root=tmp_path.as_uri())
    await client.ready()
    assert (await client.suggest(client.open(SOURCE + "ret"))).result is None
    assert (await client.why())["reason"] == "rules: nothing: think for yourself"
    await client.until(lambda: "rule `broken`: `regex` cannot be used: missing )" in client.messages())


async def test_the_status_says_whether_suggestions_are_off(launch: Start) -> None:
    said = [{"enabled": False}]
    client = await launch(capabilities=ASKS, answer=lambda request: settings(said[-1])(request))

    def latest() -> str:
        return str(client.statuses[-1]["params"]["message"]) if client.statuses else ""

    await client.until(lambda: latest() == "suggestions are off")
    said.append({"enabled": True})
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    await client.until(lambda: latest() == "smollm2-135m")
