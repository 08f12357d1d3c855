"""`python -m benchmarks.latency.serve_ours`: `python -m ai_lsp serve` whose event loop is timed.

The request `bench/loop`, which only exists here, returns the times since the last one, and how many tokens the
model was given by jobs of all kinds.
"""

from __future__ import annotations

import functools
from typing import Any

from ai_lsp import features
from ai_lsp.cli import main
from ai_lsp.engine.sequences import Sequences
from ai_lsp.server import Server
from benchmarks.latency.looptime import LoopTimes, install

LOOP = "bench/loop"


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


def serve() -> None:
    """Serve over stdio until the client leaves."""
    times = LoopTimes()
    install(times)
    tokens = count_tokens()
    create = features.create

    def create_timed() -> Server:
        server = create()

        @server.feature(LOOP)
        def loop_times(_params: Any) -> dict[str, Any]:
            summary = {**times.summary(), "engine_tokens": sum(tokens)}
            times.reset()
            tokens.clear()
            return summary

        return server

    features.create = create_timed
    main(["serve"], prog_name="ai-lsp")


if __name__ == "__main__":
    serve()
