"""What the options say of roles, and what follows for a language and a file."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ai_lsp import tables
from ai_lsp.options import ModelOptions, Options
from ai_lsp.paths import within
from ai_lsp.providers.settings import LOCAL, ProviderSettings, read_providers

ROLES = ("autocomplete", "edit", "chat", "embed", "rerank")
OPTIONAL = ("embed", "rerank")
"""Roles that no model has unless the options name one."""


@dataclass(frozen=True)
class Choice:
    """A model and where it runs."""

    provider: str
    """The name of a provider, or ``local``."""
    model: str = ""
    """Empty for the provider's own, or the one that `model.name` says."""


@dataclass(frozen=True)
class Deviation:
    """One table of `roles.by`: another model for a role in some languages or folders."""

    role: str = ""
    model: str = ""
    languages: tuple[str, ...] = ()
    """Language ids; empty for all."""
    folders: tuple[str, ...] = ()
    """Folders, or patterns of such, in which a file must lie; empty for all."""

    def fits(self, role: str, language: str, path: str) -> bool:
        """Whether it holds for a role, a language id and a file (absolute, empty for none)."""
        if self.role != role or (self.languages and language not in self.languages):
            return False
        return not self.folders or any(within(path, folder) for folder in self.folders)


@dataclass(frozen=True)
class RoleTable:
    """The models of all roles."""

    models: Mapping[str, str] = field(default_factory=lambda: _models(Options()))
    """By role, as the options write it."""
    deviations: tuple[Deviation, ...] = ()
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """A line about each thing that cannot be used."""

    @classmethod
    def read(cls, options: Options) -> RoleTable:
        """Read it from the options; never raises."""
        providers, problems = read_providers(options.providers)
        deviations, more = tables.read(options.roles.by, "roles.by", Deviation, _check)
        table = cls(_models(options), tuple(deviations), providers)
        wrong = [_wrong(role, written, providers) for role, written in table._written()]
        wrong += [_one_local(one) for one in deviations]
        return replace(table, problems=(*problems, *more, *filter(None, wrong)))

    def choice(self, role: str, *, language: str = "", path: str = "") -> Choice:
        """Return the model for a role, of the last deviation that fits. Raises ValueError when it cannot be."""
        return self.parse(self._written_for(role, language, path))

    def optional(self, role: str, *, language: str = "", path: str = "") -> Choice | None:
        """Return the model for a role that may have none, as `choice` does."""
        written = self._written_for(role, language, path)
        return self.parse(written) if written else None

    def parse(self, written: str) -> Choice:
        """Return the model that is written so. Raises ValueError when no such provider is there."""
        return _choice(written, self.providers)

    def _written_for(self, role: str, language: str, path: str) -> str:
        written = self.models[role]
        for deviation in self.deviations:
            if deviation.fits(role, language, path):
                written = deviation.model
        return written

    def choices(self, *roles: str) -> set[Choice]:
        """Return every model that one of these roles may have somewhere; what cannot be read is left out."""
        found = set()
        for role, written in self._written():
            with contextlib.suppress(ValueError):
                if role in roles:
                    found.add(_choice(written, self.providers))
        return found

    def _written(self) -> list[tuple[str, str]]:
        """Return roles and how their models are written."""
        named = [(role, written) for role, written in self.models.items() if written]
        return named + [(one.role, one.model) for one in self.deviations]


def local_model(options: Options) -> ModelOptions:
    """Return how the local model is run that completes, also while another one should and cannot."""
    try:
        choice = RoleTable.read(options).choice("autocomplete")
    except ValueError:
        return options.model
    name = choice.model if choice.provider == LOCAL else ""
    return replace(options.model, name=name) if name else options.model


def _wrong(role: str, written: str, providers: Mapping[str, ProviderSettings]) -> str:
    """Return what is wrong with how a role's model is written, empty for nothing."""
    try:
        _choice(written, providers)
    except ValueError as error:
        return f"{written!r} is no model for {role}: {error}"
    return ""


def _one_local(deviation: Deviation) -> str:
    if deviation.role != "autocomplete" or not deviation.model.startswith(f"{LOCAL}:"):
        return ""
    return f"{deviation.model!r}: autocomplete has one local model; write local, or a provider"


def _models(options: Options) -> dict[str, str]:
    return {role: getattr(options.roles, role) for role in ROLES}


def _choice(written: str, providers: Mapping[str, ProviderSettings]) -> Choice:
    """Read ``local``, ``local:MODEL``, ``PROVIDER``, ``PROVIDER:MODEL``, or the name or path of a local model."""
    provider, colon, model = written.partition(":")
    if provider == LOCAL:
        return Choice(provider, model)
    if provider in providers:
        settings = providers[provider]
        if not model and not settings.model and settings.kind == "openai":
            raise ValueError(f"it names no model of {provider}: write {provider}:MODEL")
        return Choice(provider, model or settings.model)
    if colon and not written.casefold().endswith(".gguf"):
        known = ", ".join([LOCAL, *providers])
        raise ValueError(f"no provider is called {provider!r}; there are {known}")
    return Choice(LOCAL, written)


def _check(deviation: Deviation) -> None:
    if deviation.role not in ROLES:
        raise ValueError(f"needs a `role`: one of {', '.join(ROLES)}")
    if not deviation.model:
        raise ValueError('needs a `model`: model = "local:qwen2.5-coder-1.5b"')
    if not (deviation.languages or deviation.folders):
        raise ValueError("fits everything: name `languages` or `folders`, or set the role itself")
