"""How the process ends, what it prints, and that it speaks to nobody else."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ai_lsp.filters.ledger import Ledger
from ai_lsp.filters.standard import Services, filters_from
from ai_lsp.options import FilterOptions
from tests.e2e.client import SECONDS, Client, start
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE


async def gone(client: Client) -> int:
    """Close standard input and wait for the process; returns its exit code."""
    assert client.process.stdin is not None
    client.process.stdin.close()
    return await asyncio.wait_for(client.process.wait(), 10)


async def test_it_ends_with_its_input(client: Client) -> None:
    assert await gone(client) == 1


async def test_while_the_model_is_loading(launch: Start) -> None:
    assert await gone(await launch()) == 1


async def test_while_a_prompt_is_evaluated(client: Client) -> None:
    client.ask(client.open(SOURCE * 10 + "ret"))
    assert await gone(client) == 1


async def test_before_anything_was_said(launch: Start) -> None:
    assert await gone(await launch(initialize=False)) == 1


async def test_exit_without_shutdown(client: Client) -> None:
    client.notify("exit", None)
    assert await asyncio.wait_for(client.process.wait(), 10) == 1


async def test_exit_with_work_that_does_not_end(launch: Start) -> None:
    client = await launch(module=("tests.e2e.stubborn",))
    await client.end()
    assert client.process.returncode == 0


async def test_exit_after_shutdown(client: Client) -> None:
    await client.end()
    assert client.process.returncode == 0


NO_NETWORK = """
import sys
def hook(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        sys.stderr.write(f"NETWORK {event} {arguments}\\n")
sys.addaudithook(hook)
from ai_lsp.cli import main
main(["serve"])
"""


async def test_nothing_goes_over_the_network(tmp_path: Path) -> None:
    calm = {"AI_LSP_COMPLETION_DEADLINE_MS": "10000", "AI_LSP_MODEL_SHELF_MB": "0"}
    env = {**os.environ, **calm, "AI_LSP_CONFIG": str(tmp_path / "none.toml")}
    (tmp_path / "none.toml").touch()
    client = await start([sys.executable, "-c", NO_NETWORK], env)
    await client.ready()
    assert (await client.suggest(client.open(SOURCE + "ret"))).text
    await client.end()
    assert "NETWORK" not in client.log


async def test_shutdown_while_requests_are_open(client: Client) -> None:
    asked = [client.ask(client.open(SOURCE * 10 + "ret", f"file:///work/{name}.py")) for name in "abc"]
    await client.end()
    assert client.process.returncode == 0
    assert [(await one).code for one in asked] == [-32800] * 3  # LSP's RequestCancelled


def test_a_client_that_does_not_read_stops_nothing() -> None:
    command = [sys.executable, "-m", "ai_lsp", "serve"]
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet) as process:
        assert process.stdin is not None and process.stdout is not None
        body = b'{"jsonrpc":"2.0","id":%d,"method":"nobody/knows","params":{}}'
        messages = [body % number for number in range(3000)]  # whose answers are more than a pipe holds
        sent = b"".join(b"Content-Length: %d\r\n\r\n" % len(message) + message for message in messages)
        process.stdin.write(sent)
        process.stdin.close()
        assert process.stdout.read().count(b'"id"') == len(messages)


@pytest.mark.parametrize("option", ["--tcp", "--ws"])
async def test_other_transports(option: str, tmp_path: Path, unused_tcp_port: int) -> None:
    (tmp_path / "none.toml").touch()
    env = {**os.environ, "AI_LSP_CONFIG": str(tmp_path / "none.toml")}
    command = [sys.executable, "-m", "ai_lsp", "serve", option, f"127.0.0.1:{unused_tcp_port}"]
    process = await asyncio.create_subprocess_exec(*command, env=env)
    try:
        speak = over_tcp if option == "--tcp" else over_websocket
        assert b"inlineCompletionProvider" in await asyncio.wait_for(speak(unused_tcp_port), SECONDS)
        assert await asyncio.wait_for(process.wait(), 15) is not None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


INITIALIZE = (
    b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
)


async def over_tcp(port: int) -> bytes:
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)  # until it listens
    writer.write(b"Content-Length: %d\r\n\r\n" % len(INITIALIZE) + INITIALIZE)
    size = int((await reader.readline()).split()[1])
    while (await reader.readline()).strip():
        pass
    answer = await reader.readexactly(size)
    writer.close()
    await writer.wait_closed()
    return answer


async def over_websocket(port: int) -> bytes:
    from websockets.asyncio.client import connect

    while True:
        try:
            async with connect(f"ws://127.0.0.1:{port}") as socket:
                await socket.send(INITIALIZE.decode())
                return str(await socket.recv()).encode()
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)  # until it listens


async def test_what_filters_did_outlives_the_server(launch: Start, tmp_path: Path) -> None:
    for count in (1, 2):
        client = await launch()
        await client.ready()
        assert (await client.suggest(client.open(SOURCE + "ret"))).text
        await client.end()
        found = Ledger(tmp_path / "state" / "ai-lsp" / "filters.sqlite").since()
        assert found["fim_tokens"].ran >= count
        assert set(found) <= {*filters_from(FilterOptions(), Services()), "gate"}
