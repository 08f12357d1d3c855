"""A peer's process."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from typing import Protocol

import httpx

_START_SECONDS = 60


class Server(Protocol):
    """Something that answers HTTP requests."""

    async def start(self) -> httpx.AsyncClient:
        """Start it, wait until it answers and return a client for it."""

    async def stop(self) -> None:
        """End it."""


class Process:
    """A child that serves HTTP on a loopback port of its own; ended by its pid."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> httpx.AsyncClient:
        """Start it, wait until it answers and return a client for it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "benchmarks.latency.peers.serve", *self._arguments, str(port)]
        quiet = asyncio.subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                if (await client.get("/health")).status_code == 200:
                    return client
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
        raise SystemExit(f"the peer {self._arguments[0]} did not start")

    async def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
