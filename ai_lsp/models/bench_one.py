"""One measurement in a process of its own, so that a crash in native code ends only this.

Run as ``python -m ai_lsp.models.bench_one REQUEST`` with a JSON object that names a ``verb`` and its arguments;
the answer is one line of JSON on standard output. `bench` is the other end.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ai_lsp.engine.llama import ContextSettings, LlamaContext, LlamaModel
from ai_lsp.models import recipes
from ai_lsp.models.bench import WARM_TOKENS, Settings

_JUDGE_CHUNK = 64
_DECODED = 12


def main(request: str) -> None:
    """Do what `request` says and print the answer."""
    arguments = json.loads(request)
    verbs: dict[str, Callable[..., Any]] = {"quantise": _quantise, "judge": _judge, "time": _time}
    print(json.dumps(verbs[arguments.pop("verb")](**arguments)), flush=True)


def _quantise(source: str, target: str, recipe: str, threads: int) -> None:
    recipes.quantise(Path(source), Path(target), recipes.RECIPES[recipe], threads)


def _judge(model: str, threads: int, gpu_layers: int) -> dict[str, Any]:
    """The most likely token after each prefix of the sample, and the share that the sample goes on with."""
    weights = LlamaModel(Path(model), gpu_layers=gpu_layers)
    tokens = _sample_tokens(weights)
    settings = Settings(threads, threads, _JUDGE_CHUNK, True)
    context = _context(weights, settings, len(tokens), _JUDGE_CHUNK)
    top: list[int] = []
    for start in range(0, len(tokens), _JUDGE_CHUNK):
        chunk = tokens[start : start + _JUDGE_CHUNK]
        context.decode(chunk, start, 0, logits=len(chunk))
        top += [int(np.argmax(context.logits(i))) for i in range(len(chunk))]
    hits = sum(guess == actual for guess, actual in zip(top, tokens[1:], strict=False))
    return {"top": top, "hits": hits / max(len(tokens) - 1, 1)}


def _time(
    model: str, settings: list[list[Any]], prompt: int, rounds: int, gpu_layers: int, seconds: float
) -> list[list[list[float]]]:
    """For each setting its rounds, as `bench.speed` takes them.

    Rounds go round all settings, so that a disturbance hits all alike; no round starts after `seconds`.
    """
    weights = LlamaModel(Path(model), gpu_layers=gpu_layers)
    tokens = _sample_tokens(weights)
    prompt = min(prompt, len(tokens) - WARM_TOKENS - _DECODED)
    contexts: dict[tuple[int, bool], LlamaContext] = {}
    timings: list[list[list[float]]] = [[] for _ in settings]
    deadline = time.perf_counter() + seconds
    for done in range(rounds):
        for values, rows in zip(settings, timings, strict=True):
            setting = Settings(*values)
            key = (setting.ubatch, setting.flash_attn)
            if key not in contexts:
                contexts[key] = _context(weights, setting, len(tokens), 512)
                contexts[key].decode(tokens[:_JUDGE_CHUNK], 0, 0)
            contexts[key].set_threads(setting.threads, setting.threads_batch)
            if not done or time.perf_counter() < deadline:
                rows.append(_one_round(contexts[key], tokens, prompt, setting.threads_batch))
    return timings


def _one_round(context: LlamaContext, tokens: list[int], prompt: int, threads: int) -> list[float]:
    context.remove(0, 0)
    clock, processor = [time.perf_counter()], time.process_time()
    for start in range(0, prompt, context.batch_size):
        context.decode(tokens[start : min(start + context.batch_size, prompt)], start, 0)
    clock.append(time.perf_counter())
    processor = time.process_time() - processor
    at = prompt + WARM_TOKENS
    context.decode(tokens[prompt:at], prompt, 0)
    clock.append(time.perf_counter())
    for position in range(at, at + _DECODED):
        context.decode(tokens[position : position + 1], position, 0)
    clock.append(time.perf_counter())
    prefill, warm, decode = (float(seconds) for seconds in np.diff(clock))
    return [prefill / prompt, warm, decode / _DECODED, processor / (prefill * threads)]


def _sample_tokens(model: LlamaModel) -> list[int]:
    text = Path(__file__).with_name("sample.txt").read_text("utf-8")
    return ([model.bos] if model.add_bos else []) + model.tokenize(text)


def _context(model: LlamaModel, settings: Settings, cells: int, batch: int) -> LlamaContext:
    return LlamaContext(
        model,
        ContextSettings(
            cells=-(-cells // 256) * 256,
            sequences=1,
            threads=settings.threads,
            threads_batch=settings.threads_batch,
            batch=batch,
            ubatch=min(settings.ubatch, batch),
            flash_attention="on" if settings.flash_attn else "off",
        ),
    )


if __name__ == "__main__":
    main(sys.argv[1])
