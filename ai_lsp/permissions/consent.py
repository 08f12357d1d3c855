"""One confirmation for each place outside that something may be sent to, remembered between sessions."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from ai_lsp.models.files import write_atomic
from ai_lsp.providers.settings import ProviderSettings

Ask = Callable[[str], Awaitable[bool]]
"""Asks the user a question of yes or no; no answer is a no."""

REFUSED_SECONDS = 300.0
"""How long a no holds before there is another question."""


class Consent:
    """Asks about each provider and URL once. Belongs to the event loop."""

    def __init__(self, folder: Path, ask: Ask, clock: Callable[[], float] = time.monotonic) -> None:
        """`folder` keeps the answers."""
        self._file = folder / "confirmed.json"
        self._ask = ask
        self._clock = clock
        self._given: set[str] | None = None
        self._refused: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[bool]] = {}

    async def given(self, provider: ProviderSettings) -> bool:
        """Return whether the user has said yes to this provider at this URL, asking if nobody has."""
        key = f"{provider.name} {provider.url}"
        if self._given is None:
            self._given = await asyncio.to_thread(self._read)
        if key in self._given:
            return True
        if self._clock() < self._refused.get(key, -1.0):
            return False
        if key not in self._asking:
            task = self._asking[key] = asyncio.create_task(self._decide(key, provider))
            task.add_done_callback(lambda _task: self._asking.pop(key, None))
        # Whoever asks may be cancelled; the question stands all the same.
        return await asyncio.shield(self._asking[key])

    async def _decide(self, key: str, provider: ProviderSettings) -> bool:
        question = (
            f"ai-lsp: may code be sent to {provider.name} ({provider.url})? Your settings name it; what it may "
            "get is in [[permissions]]."
        )
        if not await self._ask(question):
            self._refused[key] = self._clock() + REFUSED_SECONDS
            return False
        self._given = await asyncio.to_thread(self._remember, key)
        return True

    def _read(self) -> set[str]:
        try:
            known = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return set()
        return {key for key in known if isinstance(key, str)} if isinstance(known, list) else set()

    def _remember(self, key: str) -> set[str]:
        """Add a yes to those on disk, where it stays only if it can; another server may have added some."""
        known = self._read() | (self._given or set()) | {key}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomic(self._file, json.dumps(sorted(known)))
        except OSError:
            return known
        return known
