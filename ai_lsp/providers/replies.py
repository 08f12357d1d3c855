"""What comes back from a provider, as objects."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from typing import Any

from ai_lsp.providers import faults
from ai_lsp.providers.outlet import Answer
from ai_lsp.providers.settings import ProviderSettings
from ai_lsp.providers.sse import TooLong, events

_DONE = "[DONE]"


async def objects(provider: ProviderSettings, answer: Answer) -> AsyncGenerator[dict[str, Any], None]:
    """Yield the JSON objects of a stream, or the one of an answer that is none; note what they say of tokens.

    Raises ProviderError, also for a stream that breaks off: whoever reads it sets `ended` with the last text.
    """
    if answer.is_whole:
        body = b"".join([chunk async for chunk in answer.chunks])
        kind = answer.content_type.partition(";")[0].strip() or "no content type"
        yield _object(provider, body.decode("utf-8", "replace"), kind, answer)
        return
    try:
        async with contextlib.aclosing(events(answer.chunks)) as stream:
            async for data in stream:
                if data.strip() == _DONE:
                    return
                yield _object(provider, data, "an event that is no JSON", answer)
    except TooLong as error:
        raise faults.malformed(provider, str(error)) from error
    if not answer.ended:
        raise faults.malformed(provider, "the stream broke off")


async def whole(provider: ProviderSettings, answer: Answer, wanted: str) -> dict[str, Any]:
    """Return the JSON object that an answer is, read in a thread: it may be long.

    Raises ProviderError, which says that it is not what was `wanted`.
    """
    body = b"".join([chunk async for chunk in answer.chunks])
    answer.chars = len(body)
    kind = answer.content_type.partition(";")[0].strip() or "no content type"
    return await asyncio.to_thread(_object, provider, body.decode("utf-8", "replace"), kind, answer, wanted)


def first_choice(provider: ProviderSettings, found: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """Return the first of an object's `choices`, an empty one where there is none. Raises ProviderError."""
    choices = found.get("choices")
    if not isinstance(choices, list) or (answer.is_whole and not choices):
        raise faults.malformed(provider, "no `choices`")
    return choices[0] if choices and isinstance(choices[0], dict) else {}


def _object(
    provider: ProviderSettings, text: str, what: str, answer: Answer, wanted: str = "completion"
) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise faults.malformed(provider, faults.one_line(what), wanted)
    if found.get("error"):
        raise faults.of_answer(provider, found["error"])
    usage = found.get("usage")
    if isinstance(usage, dict):
        answer.tokens_sent = _count(usage.get("prompt_tokens"))
        answer.tokens_received = _count(usage.get("completion_tokens"))
    return found


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
