"""`python -m benchmarks.latency.serve_ours`: `python -m ai_lsp serve` whose event loop is timed.

Two requests only exist here. `bench/loop` returns the times since the last one, and how many tokens the model was
given by jobs of all kinds. `bench/traces` writes the traces since the last one: to be asked for each of them after
its reply would cost the loop 2 ms at every key, which no editor asks of it.
"""

from __future__ import annotations

import asyncio
import functools
import json
from pathlib import Path
from typing import Any

from ai_lsp import features
from ai_lsp.cli import main
from ai_lsp.completion.disclosure import as_dict
from ai_lsp.completion.trace import Trace
from ai_lsp.engine.sequences import Sequences
from ai_lsp.server import Server
from benchmarks.latency.looptime import LoopTimes, install

LOOP = "bench/loop"
TRACES = "bench/traces"


def count_tokens() -> list[int]:
    """Return a list to which each call into the model adds its number of tokens, whatever the job is for."""
    tokens: list[int] = []
    evaluate = Sequences.evaluate

    @functools.wraps(evaluate)
    def counted(self: Sequences, sequence: Any, batch: Any, **options: Any) -> Any:
        tokens.append(len(batch))
        return evaluate(self, sequence, batch, **options)

    setattr(Sequences, "evaluate", counted)  # noqa: B010 - mypy lets nobody assign to a method
    return tokens


def keep_traces(server: Server) -> list[Trace]:
    """Return a list to which the trace of each request is added, before its reply is sent."""
    traces: list[Trace] = []
    add = server.history.add

    def adding(trace: Trace) -> None:
        traces.append(trace)
        add(trace)

    setattr(server.history, "add", adding)  # noqa: B010 - mypy lets nobody assign to a method
    return traces


def write(traces: list[Trace], path: Path) -> None:
    """Write each trace as a line of JSON."""
    path.write_text("".join(json.dumps(as_dict(trace)) + "\n" for trace in traces), "utf-8")


def serve() -> None:
    """Serve over stdio until the client leaves."""
    times = LoopTimes()
    install(times)
    tokens = count_tokens()
    create = features.create

    def create_timed() -> Server:
        server = create()
        traces = keep_traces(server)

        @server.feature(LOOP)
        def loop_times(_params: Any) -> dict[str, Any]:
            summary = {**times.summary(), "engine_tokens": sum(tokens)}
            times.reset()
            tokens.clear()
            return summary

        @server.feature(TRACES)
        async def traces_so_far(params: Any) -> None:
            since = traces.copy()
            traces.clear()
            await asyncio.to_thread(write, since, Path(params.path))

        return server

    features.create = create_timed
    main(["serve"], prog_name="ai-lsp")


if __name__ == "__main__":
    serve()
