"""The models of edit and chat that the options ask for, changed while others still answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ai_lsp.engine.precedence import Precedence
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

    def __init__(self, precedence: Precedence, outlet: Outlet) -> None:
        """`precedence` makes local models wait for completions; `outlet` sends what goes to others."""
        self._precedence = precedence
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
        self._outlet.use(options, self.table.providers)
        elsewhere = [one.provider for one in self.table.choices("autocomplete") if one.provider != LOCAL]
        self._continues_elsewhere = bool(elsewhere)
        for name in elsewhere:
            self._outlet.prepare(self.table.providers[name])
        choices = self.table.choices("edit", "chat")
        wanted = {self._key(choice.model) for choice in choices if choice.provider == LOCAL}
        for key in self._local.keys() - wanted:
            self._local.pop(key).retire()

    def model(self, role: Literal["edit", "chat"], *, language: str = "", path: str = "") -> ChatModel:
        """Return the model for a role; raises ProviderError when what the options name cannot be had."""
        choice = self._choice(role, language, path)
        if choice.provider == LOCAL:
            return self._local_model(choice.model)
        return self._remote_model(choice, role)

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
        models = list(self._local.values())
        self._local.clear()
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
            try:
                settings = engine_settings(key.options, resolve(key.options.name))
            except ModelError as error:
                raise ProviderError(str(error)) from error
            idle = key.unload_after_minutes * 60 or None
            self._local[key] = LocalModel(settings, key.context_tokens, self._precedence, idle)
        return self._local[key]

    def _key(self, name: str) -> _LocalKey:
        roles = self._options.roles
        return _LocalKey(self._named(name), roles.context_tokens, roles.unload_after_minutes)

    def _named(self, name: str) -> ModelOptions:
        return replace(self._options.model, name=name) if name else self._options.model


def roles(precedence: Precedence, ask: Ask, may_be_read: Callable[[Path], bool]) -> Roles:
    """Return roles with the user's own state folder.

    `ask` asks the user to confirm a provider; `may_be_read` says of a file, in any thread, whether it may get into
    a prompt.
    """
    gate = Gate(Consent(state_folder(), ask), may_be_read)
    return Roles(precedence, Outlet(gate, AuditLog()))
