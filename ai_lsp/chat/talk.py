"""One question of a conversation: what it names is looked up, what fits is sent, the answer is streamed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ai_lsp.actions.action import Refused
from ai_lsp.actions.catalogue import SHIPPED
from ai_lsp.actions.extract import without_thoughts
from ai_lsp.actions.fitting import clipped, tokens_of
from ai_lsp.actions.streaming import answered, rambles
from ai_lsp.chat.conversation import Conversation
from ai_lsp.chat.lookup import Block, Lookup
from ai_lsp.chat.mentions import mentions
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import ChatModel, Message, Part, Wish

_ANSWER_SHARE = 0.3
_MOST_TOKENS = 2_048
_MESSAGE_TOKENS = 8
_BYTES_PER_TOKEN = 3


@dataclass(frozen=True)
class Answer:
    """What the model said, and what it was shown."""

    question: str
    """As it was sent: values that look like secrets replaced."""
    text: str
    model: str
    parts: tuple[Part, ...]


@cache
def system() -> str:
    """Return what the model is told before everything else."""
    return (SHIPPED / "chat" / "system.md").read_text("utf-8").strip()


async def talk(
    question: str,
    conversation: Conversation,
    lookup: Lookup,
    model: ChatModel,
    on_text: Callable[[str], None] = lambda _text: None,
    shown: Sequence[Block] = (),
) -> Answer:
    """Ask the model; `on_text` is told each piece of the answer, `shown` is what it gets besides what is named;
    secrets are replaced in all of it.

    Raises Refused for what is named and cannot be had, and ProviderError.
    """
    words = await asyncio.to_thread(redact, question)
    named = [block for mention in mentions(words) for block in await lookup.find(mention, words)]
    wish = await asyncio.to_thread(
        _prepared, words, conversation, [*shown, *named], model.context_tokens, str(lookup.root or "")
    )
    text = await answered(model, wish, on_text, rambles)
    return Answer(words, without_thoughts(text).strip(), model.title, wish.parts)


def wish_for(
    question: str, conversation: Conversation, blocks: Sequence[Block], context_tokens: int, repository: str
) -> Wish:
    """Return what the model is asked: the question with its blocks, and as much of what was said as fits.

    Raises Refused where the question alone is too long.
    """
    answer = min(_MOST_TOKENS, int(context_tokens * _ANSWER_SHARE))
    room = context_tokens - answer - _size(system()) - _size(question)
    if room < 0:
        raise Refused(f"the question is too long for the model, which can read {context_tokens} tokens")
    kept = _fitted(blocks, room)
    text = "\n\n".join([*(_fenced(block) for block in kept), question])
    room -= _size(text) - _size(question)
    earlier: list[Message] = []
    for said, heard in zip(conversation.messages[-2::-2], conversation.messages[::-2], strict=False):
        room -= _size(said.content) + _size(heard.content)
        if room < 0:
            break
        earlier[:0] = [said, heard]
    messages = (Message("system", system()), *earlier, Message("user", text))
    parts = tuple(dict.fromkeys(block.part for block in kept))
    return Wish(messages=messages, max_tokens=answer, parts=parts, repository=repository)


def _prepared(
    words: str, conversation: Conversation, blocks: Sequence[Block], context_tokens: int, repository: str
) -> Wish:
    """Return what the model is asked, with secrets replaced in all blocks."""
    hidden = [replace(block, text=redact(block.text)) for block in blocks]
    return wish_for(words, conversation, hidden, context_tokens, repository)


def _size(text: str) -> int:
    return tokens_of(text) + _MESSAGE_TOKENS


def _fitted(blocks: Sequence[Block], room: int) -> list[Block]:
    """Cut blocks to their share of the room; what the short ones leave is for the others."""
    kept: dict[int, Block] = {}
    left = room
    order = sorted(range(len(blocks)), key=lambda number: len(blocks[number].text))
    for done, number in enumerate(order):
        block = blocks[number]
        share = left // (len(blocks) - done) - _size(block.title) - 2 * _MESSAGE_TOKENS
        text = clipped(
            block.text, max(0, share * _BYTES_PER_TOKEN * len(block.text) // max(1, len(block.text.encode())))
        )
        if text.strip():
            kept[number] = Block(block.title, text, block.language, block.part)
            left -= _size(_fenced(kept[number]))
    return [kept[number] for number in sorted(kept)]


def _fenced(block: Block) -> str:
    fence = "```"
    while fence in block.text:
        fence += "`"
    return f"{block.title}:\n{fence}{block.language}\n{block.text.rstrip()}\n{fence}"
