"""The models of edit and chat that the options ask for, changed while others still answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ai_lsp.engine.precedence import Precedence
from ai_lsp.host import engine_settings
from ai_lsp.models.store import ModelError, resolve
from ai_lsp.options import ModelOptions, Options
from ai_lsp.providers.chat import ChatModel, ProviderError
from ai_lsp.providers.local import LocalModel
from ai_lsp.providers.settings import LOCAL
from ai_lsp.roles.table import Choice, RoleTable


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

    def __init__(self, precedence: Precedence, load: Callable[[_LocalKey], LocalModel] | None = None) -> None:
        """`precedence` makes local models wait for completions."""
        self._precedence = precedence
        self._load = load or self._load_local
        self._options = Options()
        self._local: dict[_LocalKey, LocalModel] = {}
        self.table = RoleTable()

    def use(self, options: Options) -> None:
        """Take up new options; what is being answered goes on."""
        self._options = options
        self.table = RoleTable.read(options)
        choices = self.table.choices("edit", "chat")
        wanted = {self._key(choice.model) for choice in choices if choice.provider == LOCAL}
        for key in self._local.keys() - wanted:
            self._local.pop(key).retire()

    def model(self, role: Literal["edit", "chat"], *, language: str = "", path: str = "") -> ChatModel:
        """Return the model for a role; raises ProviderError when what the options name cannot be had."""
        return self._of(self._choice(role, language, path))

    def completes(self) -> ModelOptions:
        """Return how the local model is run that completes, also while another one should and cannot."""
        try:
            choice = self.table.choice("autocomplete")
        except ValueError:
            return self._options.model
        return self._named(choice.model if choice.provider == LOCAL else "")

    async def close(self) -> None:
        """Free all models, once what they do has stopped."""
        models = list(self._local.values())
        self._local.clear()
        await asyncio.gather(*(asyncio.to_thread(model.close) for model in models))

    def _choice(self, role: str, language: str, path: str) -> Choice:
        try:
            return self.table.choice(role, language=language, path=path)
        except ValueError as error:
            raise ProviderError(f"the role {role} has no model: {error}") from error

    def _of(self, choice: Choice) -> ChatModel:
        key = self._key(choice.model)
        if key not in self._local:
            try:
                self._local[key] = self._load(key)
            except ModelError as error:
                raise ProviderError(str(error)) from error
        return self._local[key]

    def _key(self, name: str) -> _LocalKey:
        roles = self._options.roles
        return _LocalKey(self._named(name), roles.context_tokens, roles.unload_after_minutes)

    def _named(self, name: str) -> ModelOptions:
        return replace(self._options.model, name=name) if name else self._options.model

    def _load_local(self, key: _LocalKey) -> LocalModel:
        settings = engine_settings(key.options, resolve(key.options.name))
        minutes = key.unload_after_minutes
        return LocalModel(settings, key.context_tokens, self._precedence, minutes * 60 if minutes else None)
