"""The one way out: nothing leaves that may not, no secret leaves at all, and whatever leaves is noted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ai_lsp.permissions.audit import AuditLog
from ai_lsp.providers.chat import Message, NotAllowed, Part, Wish
from tests.providers.behaviours import says_hello
from tests.providers.conftest import Remote, User, answer
from tests.providers.endpoint import Endpoint
from tests.providers.secrets_planted import planted

CODE = Wish((Message("user", "def f():"),), 20, (Part("code", "/work/a.py"), Part("git")), repository="/work")


async def test_no_secret_is_in_any_byte(remote: Remote, audit: AuditLog) -> None:
    secrets = planted(100)
    assert len({value for _line, value in secrets}) == 100
    text = "\n".join(f"def line_{number}():  # {line}\n{line}" for number, (line, _value) in enumerate(secrets))
    messages = (Message("system", secrets[0][0]), Message("user", text), Message("assistant", secrets[1][0]))
    async with Endpoint(says_hello).listening() as endpoint:
        wish = Wish(messages, 20, (Part("code", "/work/a.py"),), stop=(secrets[2][0],))
        await answer(remote(endpoint.url, audit={"text": True}), wish)
        await answer(remote(endpoint.url.removesuffix("/v1"), kind="llama-server"), wish)
        assert len(endpoint.requests) == 2
        left = [value for _line, value in secrets if value.encode() in endpoint.received]
        assert left == []
        assert endpoint.received.count(b"def line_99()") == 2
    assert not any(value in repr(audit.entries()) for _line, value in secrets)


async def test_what_is_not_allowed_leaves_no_byte(remote: Remote, audit: AuditLog, user: User) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        model = remote(endpoint.url, permissions=[{"provider": "team", "allow": ["code"]}])
        with pytest.raises(NotAllowed, match="nothing allows git of /work to team"):
            await answer(model, CODE)
        assert endpoint.received == b""
    assert user.questions == []
    (entry,) = audit.entries()
    assert entry.outcome.startswith("refused: not sent: nothing allows git")


async def test_a_file_that_must_not_be_read_leaves_no_byte(remote: Remote) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        wish = Wish(CODE.messages, 20, (Part("other_files", "/work/.env"),))
        with pytest.raises(NotAllowed, match=r"/work/\.env must not be read"):
            await answer(remote(endpoint.url), wish)
        assert endpoint.received == b""


async def test_the_user_is_asked_once(remote: Remote, user: User, audit: AuditLog) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        model = remote(endpoint.url)
        for _ in range(2):
            await answer(model, CODE)
        assert len(user.questions) == 1
        assert endpoint.url in user.questions[0]


async def test_a_no_leaves_no_byte(remote: Remote, user: User, audit: AuditLog) -> None:
    user.answer = False
    async with Endpoint(says_hello).listening() as endpoint:
        with pytest.raises(NotAllowed, match="you have not confirmed team"):
            await answer(remote(endpoint.url), CODE)
        assert endpoint.received == b""


async def test_all_that_left_is_noted_but_the_text(remote: Remote, audit: AuditLog) -> None:
    async with Endpoint(says_hello).listening() as endpoint:
        await answer(remote(endpoint.url), CODE)
        (entry,) = audit.entries()
        assert (entry.provider, entry.url, entry.role, entry.model) == ("team", endpoint.url, "chat", "qwen3")
        assert (entry.repository, entry.files, entry.kinds) == ("/work", ("/work/a.py",), ("code", "git"))
        assert entry.chars_sent == len(endpoint.requests[0].body)
        assert entry.outcome == "answered"
        assert entry.text is None
        await answer(remote(endpoint.url, audit={"text": True}), CODE)
        assert audit.entries()[1].text == endpoint.requests[1].body


async def test_what_cannot_be_noted_is_not_sent(remote: Remote, audit: AuditLog) -> None:
    audit.file.mkdir(parents=True)
    async with Endpoint(says_hello).listening() as endpoint:
        with pytest.raises(NotAllowed, match=r"the audit log .* cannot be written"):
            await answer(remote(endpoint.url), CODE)
        assert endpoint.received == b""


def test_nothing_else_can_send() -> None:
    """Only the outlet has a client to send with; models are downloaded by a module that sends nothing."""
    package = Path(__file__).parents[2] / "ai_lsp"
    modules = {path.relative_to(package).as_posix(): path.read_text("utf-8") for path in package.rglob("*.py")}
    network = re.compile(
        r"^\s*(?:import|from) (?:httpx|urllib\.request|http\.client|requests|aiohttp|socket)\b", re.M
    )
    assert {name for name, text in modules.items() if network.search(text)} == {
        "models/download.py",
        "providers/faults.py",
        "providers/line.py",
        "providers/outlet.py",
    }
    assert [name for name, text in modules.items() if "providers.line import" in text] == ["providers/outlet.py"]
