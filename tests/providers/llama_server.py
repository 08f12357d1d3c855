"""A real llama-server on loopback, with the default model unless another is named."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from ai_lsp.models.store import resolve

_SECONDS = 60


@contextlib.contextmanager
def llama_server(kind: str = "llama-server", model: Path | None = None) -> Iterator[str]:
    """Where it listens, without /v1; the kinds `vectors` and `reranker` compare texts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.latency.peers.serve", kind]
    command += [str(model or resolve("smollm2-135m").path), "2", str(port)]
    root = Path(__file__).parents[2]
    quiet = subprocess.DEVNULL
    environment = {**os.environ, "PYTHONPATH": str(root)}
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=quiet, stderr=quiet)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.1)  # another process loads a model, and has no other way to say that it has
    raise AssertionError("llama-server did not start; is xllamacpp installed?")
