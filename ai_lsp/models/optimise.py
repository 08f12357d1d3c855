"""Finds the file format and the settings with which a model answers soonest on this machine.

Candidates are requantised copies of the model. One that predicts too differently from the original is refused;
among the rest the lowest `Speed.score_ms` wins, where it is lower by enough. Nothing that was there changes before
the last step.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_lsp.models import bench, machine, store, tuning
from ai_lsp.models.bench import BenchError, Judgement, Settings, Speed
from ai_lsp.models.files import staging
from ai_lsp.models.gguf import GgufError, check_whole
from ai_lsp.models.recipes import Recipe, candidates
from ai_lsp.models.store import InstalledModel, ModelError
from ai_lsp.models.tuning import Tuning

MIN_AGREEMENT = 0.92
"""A candidate must predict the original's token at this share of the sample's positions.

Measured with SmolLM2-135M (Q4_1) on 200 line completions from the standard library and site-packages, of which
the original got 41 right: copies that agree at 0.97 and 0.94 got 40 and 40, those at 0.90, 0.84 and 0.78 only
33, 28 and 29. It is also what ``Q4_K_M`` keeps of an 8B model by llama.cpp's own figures (0.919 in
tools/perplexity/README.md).
"""

MIN_GAIN = 0.1
"""A file must be this much quicker than one that agrees better, the original above all, to be preferred."""

_TIE = 0.03
"""Settings closer than this are alike; then the plain ones win, or those with fewer threads."""

_ROUNDS = 3
_ORIGINAL = "original"
_UBATCHES = (512, 256, 128)


@dataclass
class _Candidate:
    """One file that was or could be measured."""

    name: str
    path: Path
    agreement: float = 1.0
    hits: float = 0.0
    rounds: list[list[float]] = field(default_factory=list)
    verdict: str = ""
    """Why it is out; empty while it may still win."""

    @property
    def fit(self) -> bool:
        return self.verdict in ("", _ORIGINAL)

    @property
    def speed(self) -> Speed:
        return bench.speed(self.rounds)

    def row(self) -> dict[str, Any]:
        """What was measured, for people to read."""
        row: dict[str, Any] = {"file": self.name, "verdict": self.verdict}
        if self.rounds:
            row |= {"agreement": round(self.agreement, 4), "hits": round(self.hits, 4)}
            row |= _speed_row(self.speed)
        return row


@dataclass
class _Job:
    """The state of one run."""

    model: InstalledModel
    quant: str
    gpu_layers: int
    say: Callable[[str], None]
    clock: Callable[[], float]
    started: float
    budget: float
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def left(self) -> float:
        return max(self.budget - (self.clock() - self.started), 0.0)

    def time(self, path: Path, settings: list[Settings], prompt: int, rounds: int = 1) -> list[list[list[float]]]:
        return bench.time_rounds(path, settings, prompt, rounds, self.gpu_layers, self.left / 4)


def optimise(
    model: InstalledModel,
    *,
    gpu_layers: int = 0,
    force: bool = False,
    say: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> Tuning:
    """Measure `model` here, keep the best copy and settings, and return them.

    What was measured on this machine before is returned as it is, unless `force`. `say` gets a line for each
    step. Raises ModelError when the original itself cannot be measured; the old state is then untouched.
    """
    cpu, version = machine.cpu_name(), machine.llama_version()
    if model.tuning and not force and model.tuning.fits(cpu, version, gpu_layers):
        say("measured before on this machine; --force measures again")
        return model.tuning
    if not model.sha256:
        raise ModelError(f"only a registered model can be optimised; run: ai-lsp models pull {model.original}")
    folder = store.model_dir(model.name)
    try:
        quant = check_whole(model.original).quant
        budget = 70.0 * min(max(model.original.stat().st_size / 100e6, 1.0), 12.0)
        job = _Job(model, quant, gpu_layers, say, clock, clock(), budget)
        with staging(folder, ".optimise-") as work:
            return _place(folder, *_search(job, work, cpu, version))
    except (BenchError, GgufError, OSError) as error:
        raise ModelError(f"cannot measure {model.original}: {error}") from error


def _search(job: _Job, work: Path, cpu: str, version: str) -> tuple[_Candidate, Tuning]:
    job.say("measuring thread counts")
    base, prompt = _best_threads(job)
    original = _Candidate(job.quant, job.model.original, verdict=_ORIGINAL)
    reference = bench.judge(original.path, base.threads_batch, job.gpu_layers, job.left + 60)
    original.hits = reference.hits
    tried = [original, *_try_candidates(job, work, base, prompt, reference)]
    _time_all(job, tried, base, prompt)
    best = _pick(original, [candidate for candidate in tried if candidate.fit])
    job.say(f"measuring batch sizes and flash attention with {best.name}")
    settings, speed = _best_settings(job, best, base, prompt)
    return best, Tuning(
        threads=settings.threads,
        threads_batch=settings.threads_batch,
        ubatch=settings.ubatch,
        flash_attn=settings.flash_attn,
        prefill_tps=round(speed.prefill_tps, 1),
        decode_ms=round(speed.decode_ms, 2),
        quant=best.name,
        file="" if best is original else f"{original.path.stem}.{best.name}.ai-lsp.gguf",
        warm_ms=round(speed.warm_ms, 2),
        agreement=round(best.agreement, 4),
        cpu_share=round(speed.cpu_share, 3),
        gpu_layers=job.gpu_layers,
        cpu=cpu,
        llama_cpp=version,
        measured=(*(candidate.row() for candidate in tried), *job.rows),
    )


def _best_threads(job: _Job) -> tuple[Settings, int]:
    """The thread counts that decode and prefill soonest, and a prompt length that takes a second at most."""
    counts = bench.thread_counts(machine.usable_cores())
    trials = [Settings(count, count, _UBATCHES[0], True) for count in counts]
    speeds = [bench.speed(rounds) for rounds in job.time(job.model.original, trials, 128, _ROUNDS)]
    job.rows += [{"threads": count, **_speed_row(speed)} for count, speed in zip(counts, speeds, strict=True)]
    least = min(speed.decode_ms for speed in speeds) * (1 + _TIE)
    most = max(speed.prefill_tps for speed in speeds) * (1 - _TIE)
    decode = next(count for count, speed in zip(counts, speeds, strict=True) if speed.decode_ms <= least)
    batch = next(count for count, speed in zip(counts, speeds, strict=True) if speed.prefill_tps >= most)
    return Settings(decode, batch, _UBATCHES[0], True), int(min(max(most, 64), 256))


def _try_candidates(job: _Job, work: Path, base: Settings, prompt: int, reference: Judgement) -> list[_Candidate]:
    tried: list[_Candidate] = []
    sizes: set[int] = set()
    for recipe in candidates(job.quant):
        candidate = _Candidate(recipe.name, work / f"{recipe.name}.gguf")
        if job.left < job.budget / 2:
            candidate.verdict = "not tried: no time left"
        elif shutil.disk_usage(work).free < 2 * job.model.original.stat().st_size:
            candidate.verdict = "not tried: no disk space left"
        else:
            job.say(f"trying {recipe.name}")
            candidate.verdict = _try(job, candidate, recipe, base, prompt, reference, sizes)
        tried.append(candidate)
    return tried


def _try(
    job: _Job,
    candidate: _Candidate,
    recipe: Recipe,
    base: Settings,
    prompt: int,
    reference: Judgement,
    sizes: set[int],
) -> str:
    """Make and judge a candidate; returns why it is out, or nothing when it is in."""
    path = candidate.path
    try:
        bench.quantise(job.model.original, path, recipe, job.left + 60)
        check_whole(path)
        size = path.stat().st_size
        if size in sizes:
            path.unlink()
            return "not tried: the same as another"
        sizes.add(size)
        judgement = bench.judge(path, base.threads_batch, job.gpu_layers, job.left + 60)
        candidate.agreement, candidate.hits = judgement.agreement(reference), judgement.hits
        if candidate.agreement >= MIN_AGREEMENT:
            return ""
        candidate.rounds = job.time(path, [base], prompt)[0]
        path.unlink()
        return f"refused: agrees with the original at {candidate.agreement:.1%} of the places only"
    except (BenchError, GgufError, OSError) as error:
        path.unlink(missing_ok=True)
        return f"failed: {error}"


def _time_all(job: _Job, tried: list[_Candidate], base: Settings, prompt: int) -> None:
    """Time the files turn by turn, with as many turns again where other programs disturb them."""
    for number in range(2 * _ROUNDS):
        fit = [candidate for candidate in tried if candidate.fit]
        steady = all(sum(map(bench.is_quiet, candidate.rounds)) >= 2 for candidate in fit)
        if number >= _ROUNDS and (steady or job.gpu_layers or job.left < job.budget / 4):
            return
        job.say(f"timing {len(fit)} files, turn {number + 1}")
        for candidate in fit:
            _time_once(job, candidate, base, prompt)


def _time_once(job: _Job, candidate: _Candidate, base: Settings, prompt: int) -> None:
    try:
        candidate.rounds += job.time(candidate.path, [base], prompt)[0]
    except BenchError as error:
        if candidate.verdict == _ORIGINAL:
            raise
        candidate.verdict = f"failed: {error}"


def _pick(original: _Candidate, fit: list[_Candidate]) -> _Candidate:
    enough = min(candidate.speed.score_ms for candidate in fit) / (1 - MIN_GAIN)
    near = [candidate for candidate in fit if candidate.speed.score_ms <= enough]
    best = max(near, key=lambda candidate: candidate.agreement)
    for candidate in fit:
        if candidate is not original:
            candidate.verdict = "chosen" if candidate is best else "not worth it beside the chosen one"
    return best


def _best_settings(job: _Job, best: _Candidate, base: Settings, prompt: int) -> tuple[Settings, Speed]:
    trials = [
        Settings(base.threads, base.threads_batch, ubatch, flash)
        for ubatch in _UBATCHES
        for flash in (True, False)
    ]
    try:
        timings = job.time(best.path, trials, 2 * prompt, _ROUNDS)
    except BenchError as error:
        job.rows.append({"settings": f"failed: {error}"})
        return base, best.speed
    speeds = [bench.speed(rounds) for rounds in timings]
    for trial, speed in zip(trials, speeds, strict=True):
        job.rows.append({"ubatch": trial.ubatch, "flash_attn": trial.flash_attn, **_speed_row(speed)})
    pairs = list(zip(trials, speeds, strict=True))
    soonest = min(pairs, key=lambda pair: pair[1].score_ms)
    return pairs[0] if pairs[0][1].score_ms <= soonest[1].score_ms * (1 + _TIE) else soonest


def _speed_row(speed: Speed) -> dict[str, float]:
    return {
        "prefill_tps": round(speed.prefill_tps, 1),
        "warm_ms": round(speed.warm_ms, 2),
        "decode_ms": round(speed.decode_ms, 2),
        "score_ms": round(speed.score_ms, 1),
    }


def _place(folder: Path, best: _Candidate, found: Tuning) -> Tuning:
    """Move the winner in, make it the one that is loaded, then delete the copies of earlier runs."""
    if found.file:
        best.path.replace(folder / found.file)
    tuning.save(folder / tuning.FILE_NAME, found)
    for old in folder.glob("*.ai-lsp.gguf"):
        if old.name != found.file:
            with contextlib.suppress(OSError):  # a server on Windows may have it open
                old.unlink()
    return found
