"""Chat with a GGUF model in this process, beside the one that completes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.engine.llama import LlamaModel
from ai_lsp.engine.precedence import Precedence
from ai_lsp.engine.talker import Talk, Talker
from ai_lsp.engine.worker import EngineSettings
from ai_lsp.engine.writer import Manner
from ai_lsp.providers.chat import Part, ProviderError, Wish

_SMALL_BYTES = 700_000_000
"""Of a file; a model of a billion weights and eight bits each has more."""
_CONTEXT_CHARS, _SMALL_CONTEXT_CHARS = 3_000, 0
_SMALL_AROUND_CHARS = 600


@dataclass(frozen=True)
class _End:
    problem: str


class LocalModel:
    """A `ChatModel` that is loaded when first asked, and whose memory is given back when it is idle.

    Nothing leaves the process, so no permission is asked for.
    """

    def __init__(
        self, settings: EngineSettings, context_tokens: int, precedence: Precedence, idle_seconds: float | None
    ) -> None:
        """`idle_seconds` are those without a wish after which it is unloaded; None for never."""
        self._name = settings.name
        self._context_tokens = context_tokens
        self._small = _bytes_of(settings.path) < _SMALL_BYTES
        self._talker = Talker(settings, context_tokens, precedence, idle_seconds)

    @property
    def title(self) -> str:
        """The model's name."""
        return self._name

    @property
    def context_tokens(self) -> int:
        """What messages and answer may have together."""
        return self._context_tokens

    @property
    def context_chars(self) -> int:
        """How much code of elsewhere goes with an action; none for the smallest models, which it leads astray."""
        return _SMALL_CONTEXT_CHARS if self._small else _CONTEXT_CHARS

    @property
    def most_around(self) -> int | None:
        """Have a few of the lines around some code for the smallest models, all that fits for others."""
        return _SMALL_AROUND_CHARS if self._small else None

    async def allowed(self, parts: Sequence[Part], _repository: str) -> frozenset[Part]:
        """Return all of them: nothing leaves the process."""
        return frozenset(parts)

    async def stream(self, wish: Wish) -> AsyncGenerator[str, None]:
        """Yield the answer as it is written. Raises ProviderError."""
        loop = asyncio.get_running_loop()
        news: asyncio.Queue[str | _End] = asyncio.Queue()

        def post(item: str | _End) -> None:
            with contextlib.suppress(RuntimeError):  # the loop was closed, so nobody listens
                loop.call_soon_threadsafe(news.put_nowait, item)

        def prompt(model: LlamaModel) -> list[int]:
            from ai_lsp.providers.template import prompt_tokens  # brings Jinja, which no start should wait for

            return prompt_tokens(model, wish.messages)

        talk = Talk(
            prompt=prompt,
            manner=Manner(wish.max_tokens, wish.stop, wish.temperature),
            say=post,
            end=lambda problem: post(_End(problem)),
        )
        self._talker.submit(talk)
        try:
            while not isinstance(item := await news.get(), _End):
                yield item
            if item.problem:
                raise ProviderError(f"{self._name}: {item.problem}")
        finally:
            self._talker.stop(talk)

    def retire(self) -> None:
        """Give the memory back as soon as nothing is asked; whoever still asks gets an answer."""
        self._talker.limit(0)

    def close(self) -> None:
        """Free the memory, once what runs has stopped; may take a moment, so not on the event loop."""
        self._talker.close()


def _bytes_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # loading it tells what is wrong
        return 0
