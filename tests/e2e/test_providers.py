"""Suggestions from a provider, and from the local model where that fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.e2e.client import Client, Json
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE
from tests.providers.behaviours import Waits, drips, hangs_up, mute, replies, streams
from tests.providers.endpoint import Behaviour, Endpoint, Exchange, tls
from tests.providers.llama_server import llama_server
from tests.providers.secrets_planted import planted

ALLOWED = '[[permissions]]\nprovider = "team"\nallow = ["all"]\n'


def answering(title: str | None) -> Callable[[Json], Any]:
    def answer(request: Json) -> Any:
        return {"title": title} if title and request["method"] == "window/showMessageRequest" else None

    return answer


async def continues(exchange: Exchange) -> None:
    """Say the same whatever comes before."""
    await exchange.begin_stream()
    for text in ("urn ", "remote_", "value"):
        await exchange.send("data: " + json.dumps({"choices": [{"text": text}]}) + "\n\n")
    await exchange.send('data: {"choices": [{"text": "", "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n')


@pytest.fixture
def configured(tmp_path: Path, launch: Start) -> Callable[..., Any]:
    """Starts a server whose suggestions come from a URL."""

    async def start(
        url: str, more: str = "", permissions: str = ALLOWED, answer: str | None = "Allow", **options: Any
    ) -> Client:
        provider = f'[[providers]]\nname = "team"\nmodel = "qwen3"\nurl = "{url}"\n{more}\n'
        roles = '[roles]\nautocomplete = "team"\n'
        (tmp_path / "config.toml").write_text(provider + permissions + roles)
        off = {"completion": {"lookAhead": False, "alternatives": 1, **options}}
        client = await launch(options=off, answer=answering(answer))
        await client.ready()
        return client

    return start


async def test_it_comes_from_there(configured: Callable[..., Any], tmp_path: Path) -> None:
    async with Endpoint(continues).listening() as endpoint:
        client = await configured(endpoint.url)
        reply = await client.suggest(client.open(SOURCE + "ret"))
        assert reply.text == "urn remote_value"
        assert (await client.why(reply))["model"] == "qwen3 at team"
        request = endpoint.requests[0]
        assert request.head.startswith("POST /v1/completions ")
        assert str(request.json["prompt"]).endswith(SOURCE + "ret")
        questions = [one for one in client.requests if one["method"] == "window/showMessageRequest"]
        assert len(questions) == 1
        assert endpoint.url in questions[0]["params"]["message"]
    assert (tmp_path / "state" / "ai-lsp" / "audit.sqlite").exists()


async def test_typed_through_it_is_not_asked_again(configured: Callable[..., Any]) -> None:
    async with Endpoint(continues).listening() as endpoint:
        client = await configured(endpoint.url)
        document = client.open(SOURCE + "ret")
        await client.suggest(document)
        client.insert(document, "urn rem")
        assert (await client.suggest(document)).text == "ote_value"
        assert len(endpoint.requests) == 1


async def test_secrets_in_the_document_stay(configured: Callable[..., Any]) -> None:
    secrets = planted(40)
    async with Endpoint(continues).listening() as endpoint:
        client = await configured(endpoint.url)
        text = "\n".join(line for line, _value in secrets)
        reply = await client.suggest(client.open(f"'''\n{text}\n'''\n{SOURCE}ret"))
        assert reply.text == "urn remote_value"
        assert [value for _line, value in secrets if value.encode() in endpoint.received] == []


async def local_answers(client: Client, problem: str) -> None:
    """The local model answers, and the status says why."""
    reply = await client.suggest(client.open(SOURCE + "ret"))
    assert reply.text
    assert "remote" not in reply.text
    await client.until(lambda: any(one["params"]["kind"] == "Warning" for one in client.statuses))
    (told,) = [one["params"]["message"] for one in client.statuses if one["params"]["kind"] == "Warning"]
    assert problem in told
    assert told.endswith("; the local model answers")


FAULTS: dict[str, tuple[Behaviour, str]] = {
    "slow": (drips, "took more than 1 s"),
    "silent": (mute, "took more than 1 s"),
    "malformed": (streams("data: nonsense\n\n"), "no completion (an event that is no JSON)"),
    "hangs up": (hangs_up, "no HTTP"),
    "redirecting": (replies("302 Found", headers="Location: https://x.example/\r\n"), "is not followed"),
    "unauthorised": (replies("401 Unauthorized"), "refuses access (401)"),
    "down": (replies("500 Error"), "failed (500)"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_suggestions_go_on_when_it_is(name: str, configured: Callable[..., Any]) -> None:
    behaviour, problem = FAULTS[name]
    async with Endpoint(behaviour).listening() as endpoint:
        client = await configured(endpoint.url, "total_seconds = 1\n" if "1 s" in problem else "")
        await local_answers(client, problem)
        assert endpoint.received


async def test_suggestions_go_on_when_it_is_not_there(configured: Callable[..., Any]) -> None:
    await local_answers(await configured("http://127.0.0.1:9/v1"), "could not be reached")


async def test_suggestions_go_on_when_its_certificate_is_broken(configured: Callable[..., Any]) -> None:
    async with Endpoint(continues).listening(tls(trustme.CA(), "127.0.0.1")) as endpoint:
        await local_answers(await configured(endpoint.url), "certificate that is not trusted")
        assert endpoint.received == b""


async def test_a_late_one_is_not_waited_for(configured: Callable[..., Any]) -> None:
    async with Endpoint(mute).listening() as endpoint:
        client = await configured(endpoint.url, deadlineMs=4000)
        reply = await client.suggest(client.open(SOURCE + "ret"))
        assert reply.text
        assert reply.ms < 10_000
        assert (await client.why(reply))["model"] == ""


@pytest.mark.parametrize(
    ("permissions", "answer", "problem"),
    [
        ("", "Allow", "nothing allows code"),
        ('[[permissions]]\nprovider = "team"\nallow = ["git"]\n', "Allow", "nothing allows code"),
        (ALLOWED, None, "you have not confirmed team"),
        (ALLOWED, "Not now", "you have not confirmed team"),
    ],
)
async def test_what_may_not_go_there_does_not(
    permissions: str, answer: str | None, problem: str, configured: Callable[..., Any]
) -> None:
    async with Endpoint(continues).listening() as endpoint:
        client = await configured(endpoint.url, permissions=permissions, answer=answer)
        await local_answers(client, problem)
        assert endpoint.received == b""


async def test_a_cancelled_one_closes_the_stream(configured: Callable[..., Any]) -> None:
    waits = Waits()
    async with Endpoint(waits).listening() as endpoint:
        client = await configured(endpoint.url)
        future = client.ask(client.open(SOURCE + "ret"))
        await asyncio.wait_for(waits.asked.wait(), 30)
        client.cancel(future)
        await asyncio.wait_for(waits.left.wait(), 30)
        assert (await future).code == -32800


async def test_a_real_llama_server(configured: Callable[..., Any]) -> None:
    with llama_server() as url:
        client = await configured(url, 'kind = "llama-server"\n')
        reply = await client.suggest(client.open(SOURCE + "ret"))
        assert reply.text
        assert (await client.why(reply))["model"] == "qwen3 at team"
        assert (await client.why(reply))["tokens"] != []


GATED = "[filters]\nmin_right_probability = 0.4\n"


def says_of_its_tokens(logprob: float | None) -> Behaviour:
    """Say the same whatever comes before, as sure of each token."""

    async def behave(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for text in ("urn ", "re", "sult"):
            said = None if logprob is None else {"tokens": [text], "token_logprobs": [logprob]}
            await exchange.send("data: " + json.dumps({"choices": [{"text": text, "logprobs": said}]}) + "\n\n")
        await exchange.send('data: {"choices": [{"text": "", "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n')

    return behave


@pytest.mark.parametrize(("logprob", "shown"), [(-0.0001, True), (-0.9, False), (None, True)])
async def test_the_gate_judges_it_by_what_the_server_says_of_its_tokens(
    logprob: float | None, shown: bool, configured: Callable[..., Any]
) -> None:
    async with Endpoint(says_of_its_tokens(logprob)).listening() as endpoint:
        client = await configured(endpoint.url, permissions=ALLOWED + GATED)
        reply = await client.suggest(client.open(SOURCE + "ret"), kind=2)
        trace = await client.why()
        assert trace["model"] == "qwen3 at team"
        assert (trace["right_probability"] is None) == (logprob is None)
        assert bool(reply.text) == shown
        if not shown:
            assert trace["decisions"][-1]["filter"] == "gate"


async def test_the_default_models_weights_are_not_those_of_another_model(configured: Callable[..., Any]) -> None:
    async with Endpoint(says_of_its_tokens(-0.9)).listening() as endpoint:
        client = await configured(endpoint.url)
        assert (await client.suggest(client.open(SOURCE + "ret"), kind=2)).text
        trace = await client.why()
        assert (len(trace["tokens"]), trace["right_probability"]) == (3, None)
