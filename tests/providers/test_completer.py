"""Suggestions from a provider: what it is sent, and what is made of its answer."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ai_lsp.engine.prompt import Extra, Surroundings
from ai_lsp.permissions.audit import AuditLog
from ai_lsp.providers.chat import NotAllowed, ProviderError
from ai_lsp.providers.completer import Completer, Where
from tests.providers.conftest import Remote
from tests.providers.endpoint import Behaviour, Endpoint, Exchange

EXTRAS = (
    Extra("similar", "lib/near.py", "near = 1\n"),
    Extra("diagnostics", "a.py", "# error\n"),
    Extra("neighbours", "tests/test_a.py", "test = 1\n"),
)
AROUND = Surroundings("file:///work/a.py", "a.py", "python", "def f():\n    x =", "\n    return x\n", EXTRAS)
WHERE = Where("/work/a.py", "/work")
FILES = "# lib/near.py\nnear = 1\n# a.py\n# error\n# tests/test_a.py\ntest = 1\n# a.py\n"

Make = Callable[..., Completer]


@pytest.fixture
def completer(remote: Remote) -> Make:
    def make(url: str, **settings: object) -> Completer:
        model = remote(url, **settings)
        return Completer(model.provider, "" if model.provider.kind == "llama-server" else "qwen3", model.outlet)

    return make


async def written(one: Completer, around: Surroundings = AROUND) -> list[str | None]:
    return [token and token.text async for token in one.stream(around, WHERE, 16)]


def continues(*texts: str, reason: str = "stop") -> Behaviour:
    """Answer as `/completions` does."""

    async def behave(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for text in texts:
            await exchange.send("data: " + json.dumps({"choices": [{"text": text}]}) + "\n\n")
        last = json.dumps({"choices": [{"text": "", "finish_reason": reason}]})
        await exchange.send(f"data: {last}\n\ndata: [DONE]\n\n")

    return behave


def llama(*texts: str, stop_type: str = "eos", infills: bool = True) -> Behaviour:
    """Answer as llama-server's own methods do."""

    async def behave(exchange: Exchange) -> None:
        if not infills and exchange.head.startswith("POST /infill "):
            await exchange.reply("501 Not Implemented", '{"error": {"message": "no infill"}}')
            return
        await exchange.begin_stream()
        for text in texts:
            await exchange.send("data: " + json.dumps({"content": text, "stop": False}) + "\n\n")
        await exchange.send("data: " + json.dumps({"content": "", "stop": True, "stop_type": stop_type}) + "\n\n")

    return behave


async def test_completions_get_what_is_before_the_cursor(completer: Make, audit: AuditLog) -> None:
    async with Endpoint(continues(" 1", "\n")).listening() as endpoint:
        assert await written(completer(endpoint.url)) == [" 1", "\n"]
        (request,) = endpoint.requests
        assert request.head.startswith("POST /v1/completions ")
        expected = {"max_tokens": 16, "temperature": 0.0, "stream": True, "logprobs": 1, "model": "qwen3"}
        assert request.json == {**expected, "prompt": FILES + AROUND.prefix}
    (entry,) = audit.entries()
    assert (entry.role, entry.outcome, entry.chars_received) == ("autocomplete", "answered", 3)
    assert set(entry.kinds) == {"code", "index", "other_files", "diagnostics"}
    assert set(entry.files) == {"/work/a.py", "/work/lib/near.py", "/work/tests/test_a.py"}


async def test_white_space_before_the_cursor_is_left_to_the_model(completer: Make) -> None:
    around = Surroundings("file:///work/a.py", "a.py", "python", "def f():\n    ", "")
    async with Endpoint(continues("  ", "  return", " 1")).listening() as endpoint:
        assert await written(completer(endpoint.url), around) == ["return", " 1"]
        assert endpoint.requests[0].json["prompt"] == "# a.py\ndef f():\n"


@pytest.mark.parametrize(
    ("fim", "expected"),
    [
        ("suffix", {"prompt": FILES + AROUND.prefix, "suffix": AROUND.suffix}),
        ("<P>{prefix}<S>{suffix}<M>", {"prompt": f"<P>{FILES}{AROUND.prefix}<S>{AROUND.suffix}<M>"}),
        ("<S>{suffix}<P>{prefix}", {"prompt": f"<S>{AROUND.suffix}<P>{FILES}{AROUND.prefix}"}),
    ],
)
async def test_what_follows_the_cursor(fim: str, expected: dict[str, str], completer: Make) -> None:
    async with Endpoint(continues(" 1")).listening() as endpoint:
        assert await written(completer(endpoint.url, fim=fim)) == [" 1"]
        sent = endpoint.requests[0].json
        assert {name: sent.get(name) for name in expected} == expected


async def test_infill(completer: Make) -> None:
    async with Endpoint(llama(" 1")).listening() as endpoint:
        one = completer(endpoint.url.removesuffix("/v1"), kind="llama-server")
        assert await written(one) == [" 1"]
        (request,) = endpoint.requests
        assert request.head.startswith("POST /infill ")
        sent = request.json
        assert (sent["input_prefix"], sent["input_suffix"]) == (AROUND.prefix, AROUND.suffix)
        assert sent["input_extra"] == [{"filename": extra.path, "text": extra.text} for extra in EXTRAS]
        assert (sent["n_predict"], sent["n_probs"]) == (16, 1)


async def test_a_model_that_cannot_infill_is_asked_to_go_on_and_that_is_remembered(completer: Make) -> None:
    async with Endpoint(llama(" 1", infills=False)).listening() as endpoint:
        one = completer(endpoint.url.removesuffix("/v1"), kind="llama-server")
        for _ in range(2):
            assert await written(one) == [" 1"]
        paths = [request.head.split()[1] for request in endpoint.requests]
        assert paths == ["/infill", "/completion", "/completion"]
        assert endpoint.requests[1].json["prompt"] == FILES + AROUND.prefix


@pytest.mark.parametrize(
    ("behaviour", "settings"),
    [(continues("1 +", reason="length"), {}), (llama("1 +", stop_type="limit"), {"kind": "llama-server"})],
)
async def test_a_text_cut_for_its_length_is_told(
    behaviour: Behaviour, settings: dict[str, str], completer: Make
) -> None:
    async with Endpoint(behaviour).listening() as endpoint:
        assert await written(completer(endpoint.url.removesuffix("/v1"), **settings)) == ["1 +", None]


async def test_context_that_may_not_go_there_stays(completer: Make, audit: AuditLog) -> None:
    allowed = [{"provider": "team", "allow": ["code", "other_files"]}]
    async with Endpoint(continues(" 1")).listening() as endpoint:
        assert await written(completer(endpoint.url, permissions=allowed)) == [" 1"]
        prompt = str(endpoint.requests[0].json["prompt"])
        assert "test_a.py" in prompt
        assert "near" not in prompt
        assert "# error" not in prompt
    assert "/work/lib/near.py" not in audit.entries()[0].files


async def test_where_the_file_itself_may_not_go_nothing_does(completer: Make) -> None:
    allowed = [{"provider": "team", "allow": ["other_files"]}]
    async with Endpoint(continues(" 1")).listening() as endpoint:
        with pytest.raises(NotAllowed, match=r"nothing allows code of /work/a\.py"):
            await written(completer(endpoint.url, permissions=allowed))
        assert endpoint.received == b""


async def test_another_error_of_infill_is_one(completer: Make) -> None:
    async def busy(exchange: Exchange) -> None:
        await exchange.reply("503 Busy")

    async with Endpoint(busy).listening() as endpoint:
        with pytest.raises(ProviderError, match=r"failed \(503\)"):
            await written(completer(endpoint.url, kind="llama-server"))
        assert len(endpoint.requests) == 1


def events(*found: object) -> Behaviour:
    """Stream these objects."""

    async def behave(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for one in found:
            await exchange.send(f"data: {json.dumps(one)}\n\n")

    return behave


SAID = [{"token": " 1", "logprob": -0.5}, {"token": " +", "logprob": -1}]
LAST = {"text": "", "finish_reason": "stop", "logprobs": None}


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (
            "llama-server",
            [
                {"content": " 1 +", "stop": False, "completion_probabilities": SAID},
                {"content": "", "stop": True, "stop_type": "eos", "completion_probabilities": []},
            ],
        ),
        (
            "openai",
            [
                {
                    "choices": [
                        {"text": " 1 +", "logprobs": {"tokens": [" 1", " +"], "token_logprobs": [-0.5, -1]}}
                    ]
                },
                {"choices": [LAST]},
            ],
        ),
        ("openai", [{"choices": [{"text": " 1 +", "logprobs": {"content": SAID}}]}, {"choices": [LAST]}]),
    ],
)
async def test_what_is_said_of_tokens(kind: str, found: list[object], completer: Make) -> None:
    async with Endpoint(events(*found)).listening() as endpoint:
        stream = completer(endpoint.url, kind=kind).stream(AROUND, WHERE, 16)
        assert [token async for token in stream if token and token.text] == [(" 1", -0.5), (" +", -1)]


@pytest.mark.parametrize("status", ["400 Bad", "422 Unprocessable"])
async def test_a_server_that_knows_no_probabilities_is_not_asked_for_them_again(
    status: str, completer: Make
) -> None:
    async def plain(exchange: Exchange) -> None:
        if "logprobs" in exchange.json:
            await exchange.reply(status, '{"error": "no such parameter"}')
        else:
            await continues(" 1")(exchange)

    async with Endpoint(plain).listening() as endpoint:
        one = completer(endpoint.url)
        for _ in range(2):
            assert await written(one) == [" 1"]
        assert ["logprobs" in request.json for request in endpoint.requests] == [True, False, False]


async def test_refused_for_something_else_it_is_asked_for_them_again(completer: Make) -> None:
    answers = iter([False, False, True])

    async def refuses(exchange: Exchange) -> None:
        if next(answers):
            await continues(" 1")(exchange)
        else:
            await exchange.reply("400 Bad", '{"error": "too long"}')

    async with Endpoint(refuses).listening() as endpoint:
        one = completer(endpoint.url)
        with pytest.raises(ProviderError, match="too long"):
            await written(one)
        assert await written(one) == [" 1"]
        assert ["logprobs" in request.json for request in endpoint.requests] == [True, False, True]
