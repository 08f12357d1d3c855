"""Code actions by a provider's model: what goes out, and what the user is told when it fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import trustme

from tests.e2e.acting import LINES, TEXT, Acting
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE
from tests.e2e.test_run_command import PLAIN
from tests.providers.behaviours import drips, hangs_up, replies, says_hello, streams
from tests.providers.endpoint import Endpoint, tls
from tests.providers.llama_server import llama_server
from tests.providers.secrets_planted import planted

ALLOWED = '[[permissions]]\nprovider = "team"\nallow = ["all"]\n'
Configured = Callable[..., Awaitable[Acting]]


@pytest.fixture
def configured(tmp_path: Path, launch: Start) -> Configured:
    """Starts a server whose actions are done at a URL, and whose suggestions are made here."""

    async def start(url: str, more: str = "", permissions: str = ALLOWED, text: str = TEXT) -> Acting:
        acting = Acting(tmp_path)
        provider = f'[[providers]]\nname = "team"\nmodel = "qwen3"\nurl = "{url}"\n{more}\n'
        (tmp_path / "config.toml").write_text(f'{provider}{permissions}[roles]\nedit = "team"\nchat = "team"\n')

        def answer(request: dict[str, object]) -> object:
            asked = request["method"] == "window/showMessageRequest"
            return {"title": "Allow"} if asked else acting.answer(request)

        acting.client = await launch(capabilities=PLAIN, answer=answer, root=acting.folder.as_uri())
        await acting.client.ready()
        acting.open(text)
        return acting

    return start


async def test_an_action_is_done_there(configured: Configured) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        acting = await configured(endpoint.url)
        found = await acting.run("Explain", LINES["total"])
        assert (found["text"], found["error"], found["model"]) == ("Hello there", "", "qwen3 at team")
        assert "def total(prices, tax):" in endpoint.requests[0].body


async def test_secrets_stay(configured: Configured) -> None:
    secrets = planted(100)
    lines = "\n".join(f"    {line}" for line, _value in secrets)
    text = f"def configured():\n    '''\n{lines}\n    '''\n    return 1\n"
    async with Endpoint(says_hello).listening() as endpoint:
        acting = await configured(endpoint.url, text=text)
        assert (await acting.run("Explain", 0))["text"] == "Hello there"
        assert b"def configured" in endpoint.received
        assert [value for _line, value in secrets if value.encode() in endpoint.received] == []


async def fails(acting: Acting, problem: str) -> None:
    """An action fails with that in one line; suggestions go on, and the document is as it was."""
    found = await acting.run("Explain", LINES["total"])
    assert found["applied"] is False
    assert problem in found["error"]
    assert "\n" not in found["error"]
    assert acting.applied == []
    assert (await acting.client.suggest(acting.client.open(SOURCE + "ret"))).text


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        (drips, "took more than 2 s"),
        (streams("data: nonsense\n\n"), "no completion (an event that is no JSON)"),
        (hangs_up, "no HTTP"),
        (replies("302 Found", headers="Location: https://x.example/\r\n"), "is not followed"),
        (replies("401 Unauthorized"), "refuses access (401)"),
    ],
    ids=["slow", "malformed", "hangs up", "redirecting", "unauthorised"],
)
async def test_a_fault_is_told(behaviour, problem: str, configured: Configured) -> None:
    async with Endpoint(behaviour).listening() as endpoint:
        await fails(await configured(endpoint.url, "total_seconds = 2\n" if "2 s" in problem else ""), problem)


async def test_a_dead_one_is_told(configured: Configured) -> None:
    await fails(await configured("http://127.0.0.1:9/v1"), "could not be reached")


async def test_a_broken_certificate_is_told(configured: Configured) -> None:
    async with Endpoint(says_hello).listening(tls(trustme.CA(), "127.0.0.1")) as endpoint:
        await fails(await configured(endpoint.url), "certificate that is not trusted")
        assert endpoint.received == b""


async def test_what_is_not_allowed_is_told(configured: Configured) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        await fails(await configured(endpoint.url, permissions=""), "nothing allows code")
        assert endpoint.received == b""


async def test_a_real_llama_server(configured: Configured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.e2e.client.SECONDS", 200)  # a whole explanation, on a machine that may be busy
    with llama_server() as url:
        acting = await configured(f"{url}/v1", "total_seconds = 200\n")
        found = await acting.run("Explain", LINES["total"])
        assert found["error"] == ""
        assert len(found["text"]) > 10
