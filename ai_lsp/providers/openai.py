"""Chat with any OpenAI-compatible server: vLLM, llama-server, Ollama, LiteLLM, a cloud."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from ai_lsp.engine.ended import EndedText
from ai_lsp.permissions.errand import Errand
from ai_lsp.providers import faults
from ai_lsp.providers.chat import Wish
from ai_lsp.providers.outlet import Answer, Outlet
from ai_lsp.providers.settings import ProviderSettings
from ai_lsp.providers.sse import TooLong, events

_STOPS = 4
"""Texts to stop at that servers take; all of them are heeded here anyway."""
_DONE = "[DONE]"


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
        if "event-stream" not in answer.content_type:
            yield await self._whole(answer)
            return
        finished = False
        try:
            async with contextlib.aclosing(events(answer.chunks)) as stream:
                async for data in stream:
                    if data.strip() == _DONE:
                        return
                    delta, done = self._delta(data, answer)
                    finished = finished or done
                    if delta:
                        yield delta
        except TooLong as error:
            raise faults.malformed(self.provider, str(error)) from error
        if not finished:
            raise faults.malformed(self.provider, "the stream broke off")

    async def _whole(self, answer: Answer) -> str:
        """Return the text of an answer that is no stream."""
        data = b"".join([chunk async for chunk in answer.chunks])
        kind = answer.content_type.partition(";")[0].strip() or "no content type"
        found = self._object(data.decode("utf-8", "replace"), kind)
        choice = self._choice(found, answer)
        message = choice.get("message") if choice else None
        content = message.get("content") if isinstance(message, dict) else None
        if not isinstance(content, str):
            raise faults.malformed(self.provider, faults.one_line(kind))
        return content

    def _delta(self, data: str, answer: Answer) -> tuple[str, bool]:
        """Return the text of one event, and whether it is the last with any."""
        choice = self._choice(self._object(data, "an event that is no JSON"), answer)
        if choice is None:
            return "", False
        delta = choice.get("delta")
        content = delta.get("content") if isinstance(delta, dict) else None
        return (content if isinstance(content, str) else ""), bool(choice.get("finish_reason"))

    def _object(self, text: str, what: str) -> dict[str, Any]:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise faults.malformed(self.provider, faults.one_line(what))
        if found.get("error"):
            raise faults.of_answer(self.provider, found["error"])
        return found

    def _choice(self, found: dict[str, Any], answer: Answer) -> dict[str, Any] | None:
        """Return the first choice of an object, None where there is none; note what it says of tokens."""
        usage = found.get("usage")
        if isinstance(usage, dict):
            answer.tokens_sent = _count(usage.get("prompt_tokens"))
            answer.tokens_received = _count(usage.get("completion_tokens"))
        choices = found.get("choices")
        if not isinstance(choices, list):
            raise faults.malformed(self.provider, "no `choices`")
        return choices[0] if choices and isinstance(choices[0], dict) else None


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


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
