"""Whether an errand may go to a provider: the table, the files that must not be read, the user's confirmation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from ai_lsp.options import Options
from ai_lsp.paths import repository_of
from ai_lsp.permissions.consent import Consent
from ai_lsp.permissions.errand import Errand
from ai_lsp.permissions.table import ALL, PermissionTable, denied_at
from ai_lsp.providers.chat import NotAllowed, Part
from ai_lsp.providers.settings import ProviderSettings


class Gate:
    """Says no by raising `NotAllowed`. Belongs to the event loop; it looks at files in threads."""

    def __init__(self, consent: Consent, may_be_read: Callable[[Path], bool]) -> None:
        """`may_be_read` says of a file whether it may get into a prompt; any thread may call it."""
        self._consent = consent
        self._may_be_read = may_be_read
        self._table = PermissionTable()
        self._reads_repository_files = True

    def use(self, options: Options) -> None:
        """Take up new options."""
        self._table = PermissionTable.read(options.permissions)
        self._reads_repository_files = options.repository_file

    async def check(self, provider: ProviderSettings, errand: Errand) -> None:
        """Raise NotAllowed unless all that is in the errand may go there and the user has confirmed the place."""
        refusal = await asyncio.to_thread(self._refusal, provider.name, errand)
        if refusal:
            raise NotAllowed(f"not sent: {refusal}")
        if not await self._consent.given(provider):
            raise NotAllowed(
                f"not sent: you have not confirmed {provider.name} ({provider.url}); it is asked again in 5 min"
            )

    async def sifted(self, provider: ProviderSettings, errand: Errand) -> tuple[Part, ...]:
        """Return the parts of an errand that may go there; the user is not asked."""

        def sift() -> tuple[Part, ...]:
            found = ((part, replace(errand, parts=(part,))) for part in errand.parts)
            return tuple(part for part, one in found if not self._refusal(provider.name, one))

        return await asyncio.to_thread(sift)

    def _refusal(self, provider: str, errand: Errand) -> str:
        """Return the first reason against it, empty for none. Looks at files."""
        denied_in = cache(denied_at)

        def denies(kind: str, place: str) -> bool:
            if self._table.denies(provider, kind, place):
                return True
            own = denied_in(Path(place)) if place and self._reads_repository_files else PermissionTable()
            return own.denies(provider, kind, place)

        home = errand.repository
        if denies(ALL, home):
            return f"[[permissions]] deny {provider} everything{f' of {home}' if home else ''}"
        for kind, path in errand.places():
            if path and not self._may_be_read(Path(path)):
                return f"{path} must not be read: ignore files, context.exclude or context.never_read say so"
            for place in filter(None, (path, home)):
                if denies(kind, place):
                    return f"[[permissions]] deny {kind} of {place} to {provider}"
            if not any(self._table.allows(provider, kind, place) for place in _asked(path, home)):
                subject = f"{kind} of {path or home}" if path or home else kind
                return (
                    f"nothing allows {subject} to {provider}: add to your own settings [[permissions]] with "
                    f'provider = "{provider}" and allow = ["{kind}"]'
                )
        return ""


def _asked(path: str, home: str) -> tuple[str, ...]:
    """Return the places of which one must be allowed: a file of no repository belongs to the one that uses it."""
    if not path:
        return (home,)
    return (path,) if repository_of(Path(path)) else (path, home)
