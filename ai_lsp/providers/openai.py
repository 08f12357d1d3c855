"""Chat with any OpenAI-compatible server: vLLM, llama-server, Ollama, LiteLLM, a cloud."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from ai_lsp.engine.ended import EndedText
from ai_lsp.permissions.errand import Errand
from ai_lsp.providers import faults
from ai_lsp.providers.chat import Part, Wish
from ai_lsp.providers.outlet import Answer, Outlet
from ai_lsp.providers.replies import first_choice, objects
from ai_lsp.providers.settings import ProviderSettings

_MOST_CONTEXT_CHARS, _CONTEXT_SHARE, _CHARS_PER_TOKEN = 6_000, 0.15, 3.0
_STOPS = 4
"""Texts to stop at that servers take; all of them are heeded here anyway."""


@dataclass(frozen=True)
class RemoteModel:
    """A `ChatModel` behind `/chat/completions`."""

    provider: ProviderSettings
    model: str
    role: str
    outlet: Outlet

    @property
    def title(self) -> str:
        """The model and where it runs."""
        return f"{self.model} at {self.provider.name}" if self.model else self.provider.name

    @property
    def context_tokens(self) -> int:
        """What messages and answer may have together, by the provider's settings."""
        return self.provider.context_tokens

    @property
    def context_chars(self) -> int:
        """How much code of elsewhere goes with an action: a share of what it can read, as far as that helps."""
        return min(_MOST_CONTEXT_CHARS, int(self.context_tokens * _CONTEXT_SHARE * _CHARS_PER_TOKEN))

    @property
    def most_around(self) -> None:
        """Have all that fits of the lines around some code."""

    async def allowed(self, parts: Sequence[Part], repository: str) -> frozenset[Part]:
        """Return those of `parts` that may go there."""
        errand = Errand(self.role, self.model, tuple(parts), repository)
        return frozenset(await self.outlet.allowed(self.provider, errand))

    async def stream(self, wish: Wish) -> AsyncGenerator[str, None]:
        """Yield the answer as it comes. Raises ProviderError."""
        errand = Errand(self.role, self.model, wish.parts, wish.repository)
        text = EndedText(wish.stop)
        path = "v1/chat/completions" if self.provider.kind == "llama-server" else "chat/completions"
        async with (
            self.outlet.post(self.provider, errand, path, _body(self.model, wish)) as answer,
            contextlib.aclosing(self._deltas(answer)) as deltas,
        ):
            async for delta in deltas:
                answer.chars += len(delta)
                if piece := text.add_text(delta):
                    yield piece
                if text.ended:
                    return
            if rest := text.rest():
                yield rest

    async def _deltas(self, answer: Answer) -> AsyncGenerator[str, None]:
        """Yield the text in what comes back, whether it is a stream or whole. Raises ProviderError."""
        async with contextlib.aclosing(objects(self.provider, answer)) as found:
            async for one in found:
                choice = first_choice(self.provider, one, answer)
                part = choice.get("message" if answer.is_whole else "delta")
                content = part.get("content") if isinstance(part, dict) else None
                if choice.get("finish_reason"):
                    answer.ended = True
                if isinstance(content, str):
                    yield content
                elif answer.is_whole:
                    raise faults.malformed(self.provider, "no text")


def _body(model: str, wish: Wish) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": one.role, "content": one.content} for one in wish.messages],
        "max_tokens": wish.max_tokens,
        "temperature": wish.temperature,
        "stream": True,
    }
    if model:
        body["model"] = model
    if wish.stop:
        body["stop"] = list(wish.stop[:_STOPS])
    return body
