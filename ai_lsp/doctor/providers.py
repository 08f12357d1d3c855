"""A check of roles, providers and permissions. It sends nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from ai_lsp.doctor.finding import ERROR, OK, WARNING, Finding
from ai_lsp.options import Options
from ai_lsp.permissions.table import KINDS, PermissionTable, problems_in
from ai_lsp.providers.chat import ProviderError
from ai_lsp.providers.keys import key_of
from ai_lsp.providers.settings import LOCAL, ProviderSettings
from ai_lsp.roles.table import OPTIONAL, ROLES, RoleTable


def providers(options: Options, root: str, env: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Say which providers are in use, whether their keys are there and what they may get of a workspace."""
    table = RoleTable.read(options)
    for problem in (*table.problems, *problems_in(options.permissions)):
        yield Finding("providers", ERROR, problem, "edit it there; see docs/roles.md")
    used: dict[str, list[str]] = {}
    for role in ROLES:
        for choice in table.choices(role):
            if choice.provider != LOCAL:
                used.setdefault(choice.provider, []).append(role)
    for name, roles in used.items():
        yield _provider(table.providers[name], roles, options, root, env)
    if not used:
        yield Finding("providers", OK, "every model in use is local: nothing is sent")


def _provider(
    provider: ProviderSettings, roles: list[str], options: Options, root: str, env: Mapping[str, str]
) -> Finding:
    subject = f"{provider.name} ({provider.host}) for {', '.join(roles)}"
    try:
        key_of(provider, env)
    except ProviderError as error:
        return Finding("providers", ERROR, f"{subject}: {error}")
    permissions = PermissionTable.read(options.permissions)
    allowed = [
        kind
        for kind in KINDS
        if permissions.allows(provider.name, kind, root) and not permissions.denies(provider.name, kind, root)
    ]
    kind = "index" if set(roles) <= set(OPTIONAL) else "code"
    if kind not in allowed:
        mend = f'add [[permissions]] with provider = "{provider.name}" and allow = ["{kind}"] to your own settings'
        return Finding("providers", WARNING, f"{subject} may not get {kind} of this workspace", mend)
    return Finding("providers", OK, f"{subject} may get {', '.join(allowed)}, as far as {root} does not deny it")
