"""The models of edit and chat that the options ask for, changed while others still answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.worker import EngineSettings
from ai_lsp.folders import state_folder
from ai_lsp.host import engine_settings
from ai_lsp.models.store import ModelError, resolve
from ai_lsp.options import ModelOptions, Options
from ai_lsp.permissions.audit import AuditLog
from ai_lsp.permissions.consent import Ask, Consent
from ai_lsp.permissions.gate import Gate
from ai_lsp.providers.chat import ChatModel, ProviderError
from ai_lsp.providers.completer import Completer
from ai_lsp.providers.local import LocalModel
from ai_lsp.providers.openai import RemoteModel
from ai_lsp.providers.outlet import Outlet
from ai_lsp.providers.settings import LOCAL
from ai_lsp.ranking.local import LocalEmbedder, LocalReranker
from ai_lsp.ranking.ranker import Memory, Ranker, Tell
from ai_lsp.ranking.remote import RemoteEmbedder, RemoteReranker
from ai_lsp.ranking.vectors import Embedder, Reranker
from ai_lsp.roles.table import Choice, RoleTable, local_model


@dataclass(frozen=True)
class _LocalKey:
    """What makes one local model another one."""

    options: ModelOptions
    context_tokens: int
    unload_after_minutes: float


class Roles:
    """Which model does which job where (`ChatModels`). Belongs to the event loop.

    A model that the options no longer ask for goes on with what it was asked, and is unloaded after that.
    """

    def __init__(self, precedence: Precedence, outlet: Outlet, tell: Tell = lambda _problem: None) -> None:
        """`precedence` makes local models wait for completions; `outlet` sends what goes to others.

        `tell` is told why what was found is not put in order, an empty text when that is over.
        """
        self._precedence = precedence
        self._memory = Memory(tell)
        self._embedders: dict[_LocalKey, LocalEmbedder] = {}
        self._rerankers: dict[_LocalKey, LocalReranker] = {}
        self._outlet = outlet
        self._options = Options()
        self._local: dict[_LocalKey, LocalModel] = {}
        self._completers: dict[Completer, Completer] = {}
        self._continues_elsewhere = False
        self.table = RoleTable()

    def use(self, options: Options) -> None:
        """Take up new options; what is being answered goes on."""
        self._options = options
        self.table = RoleTable.read(options)
        self._completers.clear()
        self._memory.silent_until.clear()  # what kept a model from comparing texts may be mended
        self._outlet.use(options, self.table.providers)
        elsewhere = [one.provider for one in self.table.choices("autocomplete") if one.provider != LOCAL]
        self._continues_elsewhere = bool(elsewhere)
        for name in elsewhere:
            self._outlet.prepare(self.table.providers[name])
        for key in self._local.keys() - self._wanted("edit", "chat"):
            self._local.pop(key).retire()
        for key in self._embedders.keys() - self._wanted("embed"):
            self._embedders.pop(key).retire()
        for key in self._rerankers.keys() - self._wanted("rerank"):
            self._rerankers.pop(key).retire()

    def model(self, role: Literal["edit", "chat"], *, language: str = "", path: str = "") -> ChatModel:
        """Return the model for a role; raises ProviderError when what the options name cannot be had."""
        choice = self._choice(role, language, path)
        if choice.provider == LOCAL:
            return self._local_model(choice.model)
        return self._remote_model(choice, role)

    def ranker(self, *, language: str = "", path: str = "") -> Ranker | None:
        """Return what puts in order what an index found; None where the options name no model for it."""
        try:
            embed = self.table.optional("embed", language=language, path=path)
            rerank = self.table.optional("rerank", language=language, path=path)
            embedder = self._embedder(embed) if embed is not None else None
            reranker = self._reranker(rerank) if rerank is not None else None
        except (ValueError, ProviderError) as error:
            self._memory.tell(str(error))
            return None
        if embedder is None and reranker is None:
            return None
        written = self._options.roles
        return Ranker(self._memory, embedder, reranker, written.embed_query_prefix, written.embed_text_prefix)

    def completer(self, language: str, path: Callable[[], str]) -> Completer | None:
        """Return who continues code of a language id in a file; None for the local model.

        `path` tells the file (absolute), and is not asked where no provider is in question: this is for each key.
        """
        if not self._continues_elsewhere:
            return None
        try:
            choice = self.table.choice("autocomplete", language=language, path=path())
        except ValueError:
            return None
        if choice.provider == LOCAL:
            return None
        wanted = Completer(self.table.providers[choice.provider], choice.model, self._outlet)
        return self._completers.setdefault(wanted, wanted)  # which knows what its server can do

    def completes(self) -> ModelOptions:
        """Return how the local model is run that completes, also while another one should and cannot."""
        return local_model(self._options)

    async def close(self) -> None:
        """Free all models, once what they do has stopped."""
        kept: tuple[dict[_LocalKey, Any], ...] = (self._local, self._embedders, self._rerankers)
        models = [model for some in kept for model in some.values()]
        for some in kept:
            some.clear()
        await asyncio.gather(self._outlet.close(), *(asyncio.to_thread(model.close) for model in models))

    def _choice(self, role: str, language: str, path: str) -> Choice:
        try:
            return self.table.choice(role, language=language, path=path)
        except ValueError as error:
            raise ProviderError(f"the role {role} has no model: {error}") from error

    def _remote_model(self, choice: Choice, role: str) -> RemoteModel:
        return RemoteModel(self.table.providers[choice.provider], choice.model, role, self._outlet)

    def _local_model(self, name: str) -> LocalModel:
        key = self._key(name)
        if key not in self._local:
            settings, idle = self._loaded_by(key)
            self._local[key] = LocalModel(settings, key.context_tokens, self._precedence, idle)
        return self._local[key]

    def _embedder(self, choice: Choice) -> Embedder:
        """Return what makes vectors. Raises ProviderError."""
        if choice.provider != LOCAL:
            return RemoteEmbedder(self.table.providers[choice.provider], choice.model, self._outlet)
        key = self._key(choice.model)
        if key not in self._embedders:
            settings, idle = self._loaded_by(key)
            self._embedders[key] = LocalEmbedder(settings, self._precedence, idle)
        return self._embedders[key]

    def _reranker(self, choice: Choice) -> Reranker:
        """Return what scores texts. Raises ProviderError."""
        if choice.provider != LOCAL:
            return RemoteReranker(self.table.providers[choice.provider], choice.model, self._outlet)
        key = self._key(choice.model)
        if key not in self._rerankers:
            settings, idle = self._loaded_by(key)
            self._rerankers[key] = LocalReranker(settings, self._precedence, idle)
        return self._rerankers[key]

    def _loaded_by(self, key: _LocalKey) -> tuple[EngineSettings, float | None]:
        """Return how a local model is loaded, and the idle seconds after which it goes. Raises ProviderError."""
        try:
            settings = engine_settings(key.options, resolve(key.options.name))
        except ModelError as error:
            raise ProviderError(str(error)) from error
        return settings, key.unload_after_minutes * 60 or None

    def _wanted(self, *roles: str) -> set[_LocalKey]:
        """Return the local models that these roles may have somewhere."""
        return {self._key(choice.model) for choice in self.table.choices(*roles) if choice.provider == LOCAL}

    def _key(self, name: str) -> _LocalKey:
        roles = self._options.roles
        return _LocalKey(self._named(name), roles.context_tokens, roles.unload_after_minutes)

    def _named(self, name: str) -> ModelOptions:
        return replace(self._options.model, name=name) if name else self._options.model


def roles(precedence: Precedence, ask: Ask, may_be_read: Callable[[Path], bool], tell: Tell) -> Roles:
    """Return roles with the user's own state folder.

    `ask` asks the user to confirm a provider; `may_be_read` says of a file, in any thread, whether it may get into
    a prompt; `tell` is as in `Roles`.
    """
    gate = Gate(Consent(state_folder(), ask), may_be_read)
    return Roles(precedence, Outlet(gate, AuditLog()), tell)
