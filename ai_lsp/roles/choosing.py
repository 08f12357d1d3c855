"""Another model for a role, from now on."""

from __future__ import annotations

from pathlib import Path

from ai_lsp.models.gguf import GgufError, read_header
from ai_lsp.models.store import InstalledModel, installed, resolve
from ai_lsp.options import Options
from ai_lsp.providers.settings import LOCAL
from ai_lsp.roles.table import OPTIONAL, ROLES, RoleTable
from ai_lsp.userfile import put

_RANK = 4  # llama.h: LLAMA_POOLING_TYPE_RANK
NONE = "none"
"""How it is written that no model is to do the job of a role."""


def use(role: str, model: str, options: Options, file: Path) -> None:
    """Have a model do the job of a role, by the user's settings in `file`. Reads and writes files.

    `NONE` takes it from a role that needs none. Raises ValueError, ModelError or UserFileError when the model
    cannot be had, or the settings not be written.
    """
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role; there are {', '.join(ROLES)}")
    if role in OPTIONAL and model == NONE:
        put(file, "roles", role, "")
        return
    choice = RoleTable.read(options).parse(model)
    if choice.provider == LOCAL:
        _check(role, resolve(choice.model or options.model.name))
    put(file, "roles", role, model)


def candidates(options: Options, role: str) -> list[str]:
    """Return models that a role could have: the local ones, and those of providers that settings name."""
    table = RoleTable.read(options)
    named = [choice for choice in table.choices(*ROLES) if choice.provider != LOCAL]
    remote = {f"{choice.provider}:{choice.model}" if choice.model else choice.provider for choice in named}
    remote |= {
        provider.name for provider in table.providers.values() if provider.model or provider.kind != "openai"
    }
    own = [] if role == "rerank" else [LOCAL]
    own += [f"{LOCAL}:{model.name}" for model in installed() if (role == "rerank") == _reranks(model)]
    return [*([NONE] if role in OPTIONAL else ()), *own, *sorted(remote)]


def _check(role: str, model: InstalledModel) -> None:
    """Raise ValueError where a local model cannot do the job of a role."""
    if role == "rerank" and not _reranks(model):
        raise ValueError(f"{model.name} does not compare texts: choose a reranker")
    if role != "rerank" and _reranks(model):
        raise ValueError(f"{model.name} only compares texts: it can be the model of rerank")


def _reranks(model: InstalledModel) -> bool:
    """Whether the file says that it is a reranker; it is read."""
    try:
        said = read_header(model.path).metadata
    except (OSError, GgufError):  # loading it tells what is wrong
        return False
    return said.get(f"{said.get('general.architecture')}.pooling_type") == _RANK
