"""The limit: bare `llama_decode` of as many tokens as were shown, with the KV warm."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from ai_lsp.engine.llama import ContextSettings, LlamaContext, LlamaModel
from ai_lsp.engine.model_info import fim_tokens
from benchmarks.latency.corpus import File
from benchmarks.latency.replay import Answer

_PROMPT_TOKENS = 900


class Limit:
    """Times single tokens after a prompt of usual length, with the server's own settings."""

    def __init__(self, path: Path, settings: ContextSettings, files: list[File]) -> None:
        self._model = LlamaModel(path)
        self._context = LlamaContext(self._model, settings)
        self._tokens = self._model.tokenize(files[1].text[:20_000])[:_PROMPT_TOKENS]
        for at in range(0, _PROMPT_TOKENS, 128):
            self._context.decode(self._tokens[at : at + 128], at, 0)
        self._samples: dict[int, list[float]] = {settings.threads: [], 1: []}

    def sample(self, times: int = 10) -> None:
        """Time some tokens with all threads and with one; called between the others' segments."""
        for threads, samples in self._samples.items():
            self._context.set_threads(threads, threads)
            for n in range(times):
                start = time.perf_counter()
                self._context.decode([self._tokens[n]], _PROMPT_TOKENS, 0)
                samples.append((time.perf_counter() - start) * 1000)
                self._context.remove(0, _PROMPT_TOKENS)

    @property
    def fim(self) -> bool:
        """Whether the model can fill in the middle."""
        return {"pre", "suf", "mid"} <= set(fim_tokens(self._model))

    @property
    def token_ms(self) -> float:
        """The median of a token, with the thread count that is the faster one on this machine as it is now."""
        return min(statistics.median(samples) for samples in self._samples.values())

    def ms(self, answer: Answer) -> float:
        """How long the tokens of an answer take at the least."""
        return max(1, len(self._model.tokenize(answer.text))) * self.token_ms
