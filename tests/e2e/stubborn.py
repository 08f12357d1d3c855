"""`python -m tests.e2e.stubborn`: a server with work that does not let itself be cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import os

from ai_lsp import features, stdio
from ai_lsp.server import Server


async def _for_ever() -> None:
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


def main() -> None:
    serve, tasks = stdio._serve, set()

    async def and_work(server: Server, stdout: int) -> None:
        tasks.add(asyncio.create_task(_for_ever()))
        await serve(server, stdout)

    stdio._serve, stdio._END_SECONDS = and_work, 0.5
    server = features.create()
    server.host.use = lambda _options: None  # type: ignore[method-assign]
    stdio.serve(server, os.dup(1))


if __name__ == "__main__":
    main()
