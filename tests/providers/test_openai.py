"""Chat with an OpenAI-compatible server, and all that can go wrong with one."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest
import trustme

from ai_lsp.permissions.audit import AuditLog
from ai_lsp.providers.chat import ProviderError, Wish
from tests.providers.behaviours import FAULTS as ANY_FAULTS
from tests.providers.behaviours import cancelled_once_asked, drips, mute, replies, says_hello, streams
from tests.providers.conftest import WISH, Remote, answer
from tests.providers.endpoint import Behaviour, Endpoint, Exchange, tls

KEY = "Zx9-the-key-that-nobody-may-see"


async def test_it_streams(remote: Remote, audit: AuditLog) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        model = remote(endpoint.url)
        assert [piece async for piece in model.stream(WISH)] == ["Hel", "lo", " there"]
        (request,) = endpoint.requests
        assert request.head.startswith("POST /v1/chat/completions HTTP/1.1\r\n")
        assert "authorization" not in request.head.lower()
        assert request.json == {
            "model": "qwen3",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
            "max_tokens": 20,
            "temperature": 0.3,
            "stream": True,
        }
    assert model.title == "qwen3 at team"
    (entry,) = audit.entries()
    assert (entry.outcome, entry.tokens_sent, entry.tokens_received) == ("answered", 7, 2)
    assert entry.chars_received == len("Hello there")


async def test_it_stops_at_a_text_though_the_server_does_not(remote: Remote) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        wish = Wish(WISH.messages, 20, stop=("o th", "never"))
        assert await answer(remote(endpoint.url), wish) == "Hell"
        assert endpoint.requests[0].json["stop"] == ["o th", "never"]


async def test_an_answer_that_is_no_stream(remote: Remote) -> None:
    async def whole(exchange: Exchange) -> None:
        await exchange.reply("200 OK", json.dumps({"choices": [{"message": {"content": "Hello"}}]}))

    async with Endpoint(whole).listening() as endpoint:
        assert await answer(remote(endpoint.url)) == "Hello"


async def test_llama_server_has_its_chat_elsewhere(remote: Remote) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        await answer(remote(endpoint.url.removesuffix("/v1"), kind="llama-server"))
        assert endpoint.requests[0].head.startswith("POST /v1/chat/completions ")


async def test_events_may_come_in_any_pieces(remote: Remote) -> None:
    async def bytewise(exchange: Exchange) -> None:
        await exchange.begin_stream()
        event = json.dumps({"choices": [{"delta": {"content": "é€"}}]}, ensure_ascii=False)
        last = '{"choices": [{"delta": {}, "finish_reason": "stop"}]}'
        for byte in f": hello\r\nevent: message\r\ndata:{event}\r\n\r\ndata: {last}\r\n\r\n".encode():
            await exchange.send(bytes([byte]))

    async with Endpoint(bytewise).listening() as endpoint:
        assert await answer(remote(endpoint.url)) == "é€"


async def test_closed_within_an_answer_the_connection_is_closed(remote: Remote, audit: AuditLog) -> None:
    closed = asyncio.Event()

    async def endless(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.delta("Once")
        await exchange.left()
        closed.set()

    async with Endpoint(endless).listening() as endpoint:
        stream = remote(endpoint.url).stream(WISH)
        assert await anext(stream) == "Once"
        await stream.aclose()
        await asyncio.wait_for(closed.wait(), 10)
    assert audit.entries()[0].outcome == "cancelled"


async def test_cancelled_before_any_answer_the_connection_is_closed(remote: Remote, audit: AuditLog) -> None:
    await cancelled_once_asked(lambda url: answer(remote(url)))
    assert audit.entries()[0].outcome == "cancelled"


async def breaks_off(exchange: Exchange) -> None:
    await exchange.begin_stream()
    await exchange.delta("Hel")


async def cut_in_a_chunk(exchange: Exchange) -> None:
    await exchange.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nda"
    )


ERROR = json.dumps({"error": {"message": f"no access with {KEY}\n", "type": "x"}})

FAULTS = {
    **ANY_FAULTS,
    "unauthorised": (
        replies("401 Unauthorized", ERROR),
        "refuses access (401): no access with <key>; check the key in",
    ),
    "forbidden": (replies("403 Forbidden"), "refuses access (403); check the key in TEAM_KEY"),
    "quota says when": (replies("429 Too Many", headers="Retry-After: 7\r\n"), "try again in 7 s"),
    "too large": (replies("413 Too Large"), "finds the request too large; select or mention less"),
    "a page": (replies("200 OK", "<html></html>", "text/html"), "no completion (text/html): check `url`"),
    "an object": (replies("200 OK", "{}"), "no completion (no `choices`)"),
    "deep": (replies("200 OK", "[" * 100_000), "no completion (application/json)"),
    "breaks off": (breaks_off, "(the stream broke off)"),
    "cut in a chunk": (cut_in_a_chunk, "answered with something that is no HTTP"),
    "no JSON": (streams("data: Hello\n\n"), "(an event that is no JSON)"),
    "no object": (streams("data: [1]\n\n"), "(an event that is no JSON)"),
    "an error as an event": (
        streams('data: {"error": {"message": "out of memory"}}\n\n'),
        "stopped: out of memory",
    ),
    "no text": (streams('data: {"choices": "none"}\n\n'), "(no `choices`)"),
    "a line without end": (streams("data: ", *["x" * 100_000] * 12), "(a line of the stream is longer than 1 MB)"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_what_is_wrong_is_told_in_one_line(
    name: str, remote: Remote, audit: AuditLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TEAM_KEY", KEY)
    caplog.set_level("DEBUG")
    behaviour, message = FAULTS[name]
    async with Endpoint(behaviour).listening() as endpoint:
        model = remote(endpoint.url, key_env="TEAM_KEY")
        with pytest.raises(ProviderError) as caught:
            await answer(model)
        assert f"Bearer {KEY}" in endpoint.requests[0].head
    told = str(caught.value)
    assert told.startswith(f"team (127.0.0.1:{endpoint.port}) ")
    assert message in told
    assert told.isprintable()
    assert len(told) < 400
    assert audit.entries()[0].outcome == told
    assert KEY not in told + caplog.text + repr(model) + repr(audit.entries())


async def test_a_redirect_is_not_followed(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_KEY", KEY)
    async with Endpoint(says_hello).listening() as other:
        behaviour = replies("308 Moved", headers=f"Location: {other.url}/chat/completions\r\n")
        async with Endpoint(behaviour).listening() as endpoint:
            with pytest.raises(ProviderError, match="not followed"):
                await answer(remote(endpoint.url, key_env="TEAM_KEY"))
        assert other.received == b""


async def drips_a_head(exchange: Exchange) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
        await exchange.send(bytes([byte]))
        await asyncio.sleep(0.01)


async def never_ends(exchange: Exchange) -> None:
    await exchange.begin_stream()
    while True:
        await exchange.delta("and so on ")
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(
    ("behaviour", "settings", "message"),
    [
        (drips, {"total_seconds": 0.3}, "took more than 0.3 s: ask for less, or set `total_seconds` higher"),
        (drips_a_head, {"total_seconds": 0.3}, "took more than 0.3 s"),
        (never_ends, {"total_seconds": 0.3}, "took more than 0.3 s"),
        (mute, {"silence_seconds": 0.2}, "said nothing for 0.2 s"),
        (mute, {"total_seconds": 0.2}, "took more than 0.2 s"),
    ],
)
async def test_nothing_takes_longer_than_it_may(
    behaviour: Behaviour, settings: dict[str, float], message: str, remote: Remote
) -> None:
    async with Endpoint(behaviour).listening() as endpoint:
        model = remote(endpoint.url, **settings)
        with pytest.raises(ProviderError) as caught:
            await asyncio.wait_for(answer(model), 20)
    assert message in str(caught.value)


async def test_more_than_anybody_wants_is_cut_off(remote: Remote) -> None:
    async def floods(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for _ in range(200):
            await exchange.delta("x" * 90_000)

    async with Endpoint(floods).listening() as endpoint:
        with pytest.raises(ProviderError, match="more than 8 MB"):
            await answer(remote(endpoint.url))


async def test_nobody_listens(remote: Remote) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ProviderError, match=r"could not be reached .* is it running, is `url` right"):
        await answer(remote(f"http://127.0.0.1:{port}/v1"))


async def test_a_name_that_is_not_there(remote: Remote) -> None:
    with pytest.raises(ProviderError, match="could not be reached"):
        await answer(remote("http://nothing.invalid/v1"))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


class TestCertificates:
    async def test_one_that_is_not_trusted(self, remote: Remote, authority: trustme.CA) -> None:
        async with Endpoint(says_hello).listening(tls(authority, "127.0.0.1")) as endpoint:
            with pytest.raises(ProviderError, match=r"that is not trusted: .*; if it is your own, set `ca_file`"):
                await answer(remote(endpoint.url))
            assert endpoint.received == b""

    async def test_one_of_the_users_own(self, remote: Remote, authority: trustme.CA, tmp_path) -> None:
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        async with Endpoint(says_hello).listening(tls(authority, "127.0.0.1")) as endpoint:
            assert await answer(remote(endpoint.url, ca_file=str(tmp_path / "ca.pem"))) == "Hello there"

    async def test_one_of_another_host(self, remote: Remote, authority: trustme.CA, tmp_path) -> None:
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        async with Endpoint(says_hello).listening(tls(authority, "other.example")) as endpoint:
            with pytest.raises(ProviderError, match="certificate that is not trusted"):
                await answer(remote(endpoint.url, ca_file=str(tmp_path / "ca.pem")))
            assert endpoint.received == b""

    async def test_a_file_that_is_none(self, remote: Remote, tmp_path) -> None:
        (tmp_path / "ca.pem").write_text("nothing")
        with pytest.raises(ProviderError, match=r"`ca_file` .* cannot be used"):
            await answer(remote("https://127.0.0.1:9/v1", ca_file=str(tmp_path / "ca.pem")))


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "nonsense://127.0.0.1:9"])
async def test_a_proxy_that_cannot_be_used_is_told(
    proxy: str, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ProviderError, match="the proxy that your environment names cannot be used"):
        await answer(remote("http://models.invalid/v1"))
    async with Endpoint(says_hello).listening() as endpoint:  # which no proxy has a part in
        assert await answer(remote(endpoint.url)) == "Hello there"


async def test_a_key_that_is_not_there_is_told(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEAM_KEY", raising=False)
    async with Endpoint(says_hello).listening() as endpoint:
        with pytest.raises(ProviderError, match="TEAM_KEY is not set"):
            await answer(remote(endpoint.url, key_env="TEAM_KEY"))
        assert endpoint.received == b""


async def test_another_provider_of_the_same_name_gets_its_own_connections(remote: Remote) -> None:
    async with Endpoint(says_hello).listening() as first, Endpoint(says_hello).listening() as second:
        old = remote(first.url)
        stream = old.stream(WISH)
        assert await anext(stream) == "Hel"
        new = remote(second.url)
        assert await answer(new) == "Hello there"
        assert "".join([piece async for piece in stream]) == "lo there"
        assert len(first.requests) == len(second.requests) == 1


async def test_a_swap_within_a_hundred_answers_loses_none(remote: Remote, audit: AuditLog) -> None:
    async with Endpoint(says_hello).listening() as first, Endpoint(says_hello).listening() as second:
        model = remote(first.url)
        assert await answer(model) == "Hello there"
        asked = [asyncio.create_task(answer(model)) for _ in range(50)]
        await anext(model.stream(WISH))
        model = remote(second.url)
        asked += [asyncio.create_task(answer(model)) for _ in range(50)]
        assert await asyncio.gather(*asked) == ["Hello there"] * 100
        assert len(second.requests) == 50
    assert [entry.outcome for entry in audit.entries()].count("answered") == 101
