"""Measures a model file on this machine, each time in a child process, and scores what was measured."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from ai_lsp.models.machine import usable_cores
from ai_lsp.models.recipes import Recipe

WARM_TOKENS = 8
"""Prompt tokens that one keystroke adds, after token healing has backed up over a word."""
DECODED_TOKENS = 12
"""Tokens of a typical suggestion."""
COLD_TOKENS = 768
"""Tokens of a prompt of which nothing is in the KV yet: another file, or a window that moved."""
COLD_SHARE = 0.1
"""Share of requests that start cold."""

QUIET = 0.9
"""From this share of the processor on a round counts as undisturbed; an idle machine gives 0.97 and more."""


@dataclass(frozen=True)
class Settings:
    """What is set in llama.cpp for one measurement."""

    threads: int
    threads_batch: int
    ubatch: int
    flash_attn: bool


@dataclass(frozen=True)
class Speed:
    """Medians over the rounds of one measurement."""

    prefill_tps: float
    warm_ms: float
    decode_ms: float
    cpu_share: float = 1.0
    """Processor time that the threads got, as a share of what they could have had; less when others ran too."""

    @property
    def score_ms(self) -> float:
        """Milliseconds of an average completion: a keystroke, a suggestion, and its share of a cold prompt."""
        cold = COLD_SHARE * COLD_TOKENS / self.prefill_tps * 1000
        return self.warm_ms + DECODED_TOKENS * self.decode_ms + cold


@dataclass(frozen=True)
class Judgement:
    """What a file predicts over the fixed sample."""

    top: tuple[int, ...]
    """The most likely next token after each position."""
    hits: float
    """Share of positions where that is what the sample goes on with."""

    def agreement(self, other: Judgement) -> float:
        """Share of positions, from the seventeenth on, where both predict the same token."""
        pairs = list(zip(self.top, other.top, strict=True))[16:]
        return sum(mine == theirs for mine, theirs in pairs) / max(len(pairs), 1)


class BenchError(Exception):
    """A child process failed, crashed or took too long; the message says which."""


class CrashError(BenchError):
    """A child process was ended by a signal, as by a fault in native code."""


def quantise(source: Path, target: Path, recipe: Recipe, timeout: float) -> None:
    """Write `source` to `target` by `recipe`. Raises BenchError."""
    threads = usable_cores()
    request = {"source": str(source), "target": str(target), "recipe": recipe.name, "threads": threads}
    _run("quantise", request, timeout)


def judge(model: Path, threads: int, gpu_layers: int, timeout: float) -> Judgement:
    """Predict over the sample. Raises BenchError."""
    answer = _run("judge", {"model": str(model), "threads": threads, "gpu_layers": gpu_layers}, timeout)
    return Judgement(tuple(answer["top"]), answer["hits"])


def time_rounds(
    model: Path, settings: Sequence[Settings], prompt: int, rounds: int, gpu_layers: int, seconds: float
) -> list[list[list[float]]]:
    """The raw rounds for each setting, for `speed`.

    No new round starts after `seconds`. Raises BenchError.
    """
    request = {
        "model": str(model),
        "settings": [astuple(setting) for setting in settings],
        "prompt": prompt,
        "rounds": rounds,
        "gpu_layers": gpu_layers,
        "seconds": seconds,
    }
    answer: list[list[list[float]]] = _run("time", request, seconds * 4 + 60)
    return answer


def speed(rounds: Sequence[Sequence[float]]) -> Speed:
    """The medians over rounds, of which those that other programs disturbed are left out if there are others.

    A round is (seconds a prompt token, seconds a keystroke, seconds a decoded token, share of the processor).
    """
    chosen = [row for row in rounds if is_quiet(row)] or rounds
    prefill, warm, decode, share = (statistics.median(column) for column in zip(*chosen, strict=True))
    return Speed(1 / prefill, warm * 1000, decode * 1000, share)


def is_quiet(row: Sequence[float]) -> bool:
    """Whether that round's threads had the processor for themselves; never so when a GPU does the work."""
    return row[3] >= QUIET


def thread_counts(cores: int) -> list[int]:
    """The thread counts worth trying on a machine with that many logical cores, in rising order."""
    steps = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, cores // 2, cores}
    return sorted(count for count in steps if 1 <= count <= cores)


def _run(verb: str, arguments: dict[str, Any], timeout: float) -> Any:
    request = json.dumps({"verb": verb, **arguments})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ai_lsp.models.bench_one", request],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            # With -m Python imports from the working directory, which may be someone else's repository.
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"took longer than {timeout:.0f} s") from error
    if done.returncode < 0:
        raise CrashError(f"crashed with signal {-done.returncode}")
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise BenchError(last or f"exit code {done.returncode}")
    return json.loads(done.stdout)
