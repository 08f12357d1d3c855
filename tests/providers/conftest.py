from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from ai_lsp.config import Layer, merge
from ai_lsp.options import Options
from ai_lsp.permissions.audit import AuditLog
from ai_lsp.permissions.consent import Consent
from ai_lsp.permissions.gate import Gate
from ai_lsp.providers.chat import Message, Wish
from ai_lsp.providers.openai import RemoteModel
from ai_lsp.providers.outlet import Outlet
from ai_lsp.providers.settings import read_providers

Remote = Callable[..., RemoteModel]


def options_of(**values: object) -> Options:
    """The options of a user who says this; nothing of it may be wrong."""
    configuration = merge([Layer("config.toml", values)])
    assert configuration.problems == ()
    return configuration.options


WISH = Wish((Message("system", "Be brief."), Message("user", "Hi")), max_tokens=20, temperature=0.3)


async def answer(model: RemoteModel, wish: Wish = WISH) -> str:
    return "".join([piece async for piece in model.stream(wish)])


class User:
    """Answers the question whether a provider may be sent anything."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.answer = True

    async def ask(self, question: str) -> bool:
        self.questions.append(question)
        return self.answer


@pytest.fixture
def user() -> User:
    return User()


@pytest.fixture
def audit(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "state")


@pytest_asyncio.fixture
async def outlet(tmp_path: Path, user: User, audit: AuditLog) -> AsyncIterator[Outlet]:
    gate = Gate(Consent(tmp_path / "state", user.ask), lambda path: path.name != ".env")
    one = Outlet(gate, audit)
    yield one
    await one.close()


@pytest.fixture
def remote(outlet: Outlet) -> Remote:
    """Makes a model at a URL, of a user who allows it everything unless told otherwise."""

    def make(url: str, *, permissions: object = None, audit: object = None, **settings: object) -> RemoteModel:
        provider = {"name": "team", "url": url, **settings}
        allowed = [{"provider": "team", "allow": ["all"]}] if permissions is None else permissions
        options = options_of(providers=[provider], permissions=allowed, audit=audit or {})
        providers, problems = read_providers(options.providers)
        assert problems == []
        outlet.use(options, providers)
        return RemoteModel(providers["team"], "qwen3", "chat", outlet)

    return make
