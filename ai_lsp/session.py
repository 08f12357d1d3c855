"""A pipeline with its engine and no editor: what the command line uses."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import TracebackType

from ai_lsp.completion.cache import Cache
from ai_lsp.completion.debounce import Debounce
from ai_lsp.completion.pipeline import Pipeline
from ai_lsp.completion.request import settings_from
from ai_lsp.engine.worker import EngineState
from ai_lsp.host import EngineHost
from ai_lsp.options import Options

_LOAD_SECONDS = 300.0


class Session:
    """Loads the model on entry, as an async context manager, and frees it on exit.

    A model that cannot be loaded is no error here: the pipeline answers with the reason.
    """

    def __init__(self, options: Options) -> None:
        self._model = replace(options.model, shelf_mb=0)  # every run is to show the same
        self._settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._loop = asyncio.get_running_loop()
        self.host = EngineHost(self._on_state)
        self.pipeline = Pipeline(self.host, settings_from(options), Cache(0), Debounce(0, 0))

    async def __aenter__(self) -> Session:
        """Wait until the model is loaded or has failed to."""
        self.host.use(self._model)
        await asyncio.wait_for(self._settled, _LOAD_SECONDS)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the model."""
        self.host.close()

    def _on_state(self, state: EngineState) -> None:
        if state.kind in ("ready", "failed"):
            self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        if not self._settled.done():
            self._settled.set_result(None)
