"""Messages that fit a model: what is around the subject makes way first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ai_lsp.actions.action import Action, Refused
from ai_lsp.providers.chat import Message

_BYTES_PER_TOKEN = 3.0
"""Of code; prose has more to a token."""
_MESSAGE_TOKENS = 8
"""What a chat template puts around each message."""
_ROOMY = 3_000
"""Tokens of context below which a model gets nothing of what is around the subject: it would be led astray."""
_AROUND_SHARE = 0.25
_ALWAYS = ("log", "example", "after", "before", "diff")
"""What is cut to fit, in this order, once the pieces of `context` are gone, of which the first goes first."""
_MAY_BE_CUT = frozenset({"message", "docstring", "test", "insertion", "file"})
"""Answers for which the code itself may be cut at its end: they do not write it anew."""
_LEAST_CHARS = 200
_REWRITTEN = frozenset({"replacement", "body", "comment"})
_SPARE_TOKENS = 96


@dataclass(frozen=True)
class Fitted:
    """What a model is asked, and how long its answer may be."""

    messages: tuple[Message, ...]
    max_tokens: int
    pieces: int = 0
    """How many of the last of `context` are in them."""


def tokens_of(text: str) -> int:
    """Return about how many tokens a text has."""
    return int(len(text.encode("utf-8", "replace")) / _BYTES_PER_TOKEN) + 1


def fitted(
    action: Action,
    values: Mapping[str, Any],
    context_tokens: int,
    reason: str = "",
    most_around: int | None = None,
) -> Fitted:
    """Return the messages of an action with the `values` of its variables, cut to `context_tokens`.

    `most_around` bounds the lines before and after the code further than that, in characters. The value of
    `context` is a list of texts, the best one last. With a `reason` they say why the last answer was of no use.
    Raises Refused for what is too long.
    """
    known = dict(values)
    room = around_chars(context_tokens, most_around)
    for name, keep_end in (("before", True), ("after", False)):
        known[name] = clipped(known.get(name, ""), room, keep_end=keep_end)
    tokens = _answer_tokens(action, str(known.get("code", "")))
    while True:
        messages = _messages(action, known, reason)
        used = sum(tokens_of(message.content) + _MESSAGE_TOKENS for message in messages)
        if used + tokens <= context_tokens:
            return Fitted(messages, tokens, len(known.get("context", ())))
        if not _shrink(known, action):
            raise Refused(
                f"this is too long for the model, which can read {context_tokens} tokens: choose a smaller part, "
                "or a model with a longer context"
            )


def around_chars(context_tokens: int, most_around: int | None = None) -> int:
    """Return how much of the lines before the subject, and of those after it, such a model gets."""
    room = 0 if context_tokens < _ROOMY else int(context_tokens * _AROUND_SHARE * _BYTES_PER_TOKEN)
    return room if most_around is None else min(room, most_around)


def clipped(text: str, chars: int, *, keep_end: bool = False) -> str:
    """Return whole lines of `text`, at most so many characters of its beginning or its end."""
    if len(text) <= chars:
        return text
    if keep_end:
        return text[len(text) - chars :].partition("\n")[2]
    return text[:chars].rpartition("\n")[0]


def _answer_tokens(action: Action, code: str) -> int:
    if action.answer not in _REWRITTEN:
        return action.tokens
    return max(min(action.tokens, 2 * tokens_of(code) + _SPARE_TOKENS), int(1.2 * tokens_of(code)))


def _messages(action: Action, values: Mapping[str, Any], reason: str) -> tuple[Message, ...]:
    from ai_lsp.actions.template import render  # brings Jinja, which no start should wait for

    values = {**values, "context": "\n".join(values.get("context", ()))}
    found = [Message(section.role, render(section.template, values)) for section in action.sections]
    found = [message for message in found if message.content]
    if reason:
        last = found[-1]
        found[-1] = Message(last.role, f"{last.content}\n\nAn earlier answer was of no use: it {reason}.")
    return tuple(found)


def _shrink(values: dict[str, Any], action: Action) -> bool:
    """Halve the first text that may be cut; whether there was any."""
    if values.get("context"):
        values["context"] = values["context"][1:]
        return True
    names = (*_ALWAYS, "code") if action.answer in _MAY_BE_CUT else _ALWAYS
    for name in names:
        text = str(values.get(name, ""))
        if len(text) > _LEAST_CHARS or (text and name not in ("code", "diff")):
            shorter = clipped(text, len(text) // 2, keep_end=name == "before")
            values[name] = shorter or ("" if name not in ("code", "diff") else text[: len(text) // 2])
            return True
    return False
