"""Checks of the model: installed, whole, measured, loadable and fast enough here."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ai_lsp import models
from ai_lsp.doctor.finding import ERROR, OK, WARNING, Finding
from ai_lsp.models import bench, catalogue
from ai_lsp.models.gguf import GgufError, check_whole
from ai_lsp.models.machine import cpu_name, llama_version
from ai_lsp.models.store import InstalledModel, ModelError, resolve
from ai_lsp.options import ModelOptions, Options

if TYPE_CHECKING:
    from ai_lsp.completion.trace import Trace
    from ai_lsp.engine.generation import Counts
    from ai_lsp.session import Session

_SAMPLE = Path(models.__file__).with_name("sample.txt")
_SAMPLE_CHARS = 1200
_PATIENT_MS = 60_000
_OTHER = "choose another with model.name"
_RECOMPILE = (
    "remove the wheel with `pip cache remove llama_cpp_python` and install again by `make install`, which "
    "compiles around GCC's bug 114098 (CPUs with AMX); else try another model"
)


def installed(options: ModelOptions) -> Iterator[Finding]:
    """Check that the model is there and whole, and look whether it was measured."""
    try:
        found = resolve(options.name)
    except ModelError as error:
        problem, *advice = re.split(r"; |\n", str(error), maxsplit=1)
        yield Finding("model", ERROR, problem, advice[0] if advice else _OTHER)
        return
    try:
        header = check_whole(found.path)
    except (GgufError, OSError) as error:
        yield Finding("model", ERROR, f"{found.path} is damaged: {error}", _renew(found))
        return
    size = found.path.stat().st_size / 1e6
    yield Finding("model", OK, f"{found.name}, {header.quant}, {size:.0f} MB, licence {found.licence}, file whole")
    yield optimised(found, options.gpu_layers)


def _renew(found: InstalledModel) -> str:
    """Return how to get a whole file in place of the one that the engine would load."""
    if found.path != found.original:
        return f"ai-lsp models optimise {found.name} --force"
    if found.source == "file":
        return f"put a whole copy there, or {_OTHER}"
    source = found.name if catalogue.find(found.name) else f"{found.source} --name {found.name}"
    return f"ai-lsp models pull {source} --force"


def optimised(found: InstalledModel, gpu_layers: int) -> Finding:
    """Look whether the fastest copy and settings were measured on this machine, with this library."""
    again = f"ai-lsp models optimise {found.name}" + (f" --gpu-layers {gpu_layers}" if gpu_layers else "")
    if not found.sha256:
        again = f"ai-lsp models pull {found.path}, and set model.name to the name it prints"
    if found.tuning is None:
        return Finding("optimised", WARNING, "never measured on this machine", again)
    if not found.tuning.fits(cpu_name(), llama_version(), gpu_layers):
        return Finding("optimised", WARNING, "measured on another machine, with another library or GPU use", again)
    return Finding("optimised", OK, f"fastest here: {found.tuning.quant}, threads {found.tuning.threads}")


def speed(options: Options) -> list[Finding]:
    """Load the model, which takes seconds, and time it; first in another process, in case that it crashes."""
    crash = _crash(resolve(options.model.name).path, options.model.gpu_layers)
    return [crash] if crash is not None else asyncio.run(_speed(options))


def _crash(path: Path, gpu_layers: int) -> Finding | None:
    """Report that llama.cpp takes its process down on this machine."""
    try:
        bench.time_rounds(path, [bench.Settings(1, 1, 64, False)], 64, 1, gpu_layers, 10.0)
    except bench.CrashError as error:
        return Finding("loading", ERROR, f"llama.cpp {error} as soon as it evaluates a prompt", _RECOMPILE)
    except bench.BenchError:
        pass  # loading it here gives the better message
    return None


async def _speed(options: Options) -> list[Finding]:
    from ai_lsp.session import Session

    options = replace(options, completion=replace(options.completion, look_ahead=False))
    started = time.perf_counter()
    async with Session(options) as session:
        loaded = time.perf_counter() - started
        info = session.host.state.info
        if info is None:
            return [Finding("loading", ERROR, session.host.state.message, _OTHER)]
        cold, warm = await _cold_and_warm(session)
    return [
        Finding("loading", OK, f"{loaded:.1f} s"),
        ability(bool(info.fim)),
        engine_speed(cold.counts),
        keystroke(warm, options.completion.deadline_ms),
    ]


async def _cold_and_warm(session: Session) -> tuple[Trace, Trace]:
    """Ask at a place whose prompt is new, then one word on, both through the whole pipeline."""
    from ai_lsp.completion.place import Place
    from ai_lsp.completion.request import Request

    first = Place("file:///first.py", "first.py", "python", 1, "values = [1, 2]\n", "")
    await session.pipeline.suggest(Request(first, manual=True, deadline_ms=_PATIENT_MS))
    text = _SAMPLE.read_text("utf-8")[:_SAMPLE_CHARS].rpartition("\n")[0]
    place = Place("file:///doctor.py", "doctor.py", "python", 1, text + "\n    retur", "\n")
    cold = await session.pipeline.suggest(Request(place, manual=True, deadline_ms=_PATIENT_MS))
    key = replace(place, prefix=place.prefix + "n ")
    return cold, await session.pipeline.suggest(Request(key, manual=True))


def ability(fim: bool) -> Finding:
    """Say whether the model sees the text after the cursor: `fim`, fill in the middle."""
    if fim:
        return Finding("ability", OK, "it fills in the middle")
    better = "a better one: ai-lsp models pull qwen2.5-coder-1.5b, then set model.name to it"
    return Finding("ability", OK, "it continues the text before the cursor, without seeing the rest", better)


def engine_speed(counts: Counts) -> Finding:
    """Say how fast the model read and wrote, from the counts of a cold request."""
    if not counts.evaluated or not counts.decoded:
        return Finding("engine", WARNING, "the model wrote nothing that could be timed", "run ai-lsp doctor again")
    prefill, decode = counts.evaluated * 1000 / counts.prefill_ms, counts.decode_ms / counts.decoded
    return Finding("engine", OK, f"prefill {prefill:.0f} tokens/s, decode {decode:.1f} ms/token")


def keystroke(trace: Trace, deadline_ms: int) -> Finding:
    """Say whether one more key was answered in time, the wait for a pause in typing left out."""
    finding = f"one key is answered in {trace.stages['total']:.0f} of {deadline_ms} ms"
    if trace.late:
        mend = "choose a smaller model, make the machine quieter, or raise completion.deadline_ms"
        return Finding("keystroke", WARNING, f"{finding}, cut off by the deadline", mend)
    return Finding("keystroke", OK, finding)
