"""`ai-lsp serve`: the language server over stdio, TCP or WebSocket."""

from __future__ import annotations

import logging
import os
import sys

import click


class Address(click.ParamType[tuple[str, int]]):
    """``HOST:PORT``; the host may be left out for this machine only."""

    name = "HOST:PORT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Split the address."""
        host, _, port = str(value).rpartition(":")
        if not port.isdigit() or int(port) > 65535:
            self.fail(f"{value!r} is not HOST:PORT, such as 127.0.0.1:9257", param, ctx)
        return host.strip("[]") or "127.0.0.1", int(port)


@click.command()
@click.option("--tcp", type=Address(), help="Listen on this address instead, for one client.")
@click.option("--ws", type=Address(), help="The same over WebSocket (needs the extra: ai-lsp[ws]).")
@click.option("--log-file", type=click.Path(dir_okay=False), help="Log there instead of standard error.")
def serve(tcp: tuple[str, int] | None, ws: tuple[str, int] | None, log_file: str | None) -> None:
    """Run the language server; editors start it as `ai-lsp serve` and speak to it over stdin and stdout."""
    if tcp and ws:
        raise click.UsageError("--tcp and --ws exclude each other")
    _log_to(log_file)
    from ai_lsp import stdio
    from ai_lsp.features import create

    server = create()
    try:
        if tcp:
            server.start_tcp(*tcp)
        elif ws:
            server.start_ws(*ws)
        elif stdio.can_stream():
            stdio.serve(server, _own_stdout())
        else:
            server.start_io(stdout=os.fdopen(_own_stdout(), "wb"))
    finally:
        server.host.close()
    sys.exit(0 if server.left_properly else 1)


def _log_to(path: str | None) -> None:
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(filename=path, level=logging.WARNING, format=form)


def _own_stdout() -> int:
    """Keep the real standard output for the protocol alone: whatever else prints goes to standard error."""
    sys.stdout.flush()
    protocol = os.dup(1)
    os.dup2(2, 1)
    return protocol
