"""Conversations kept on this machine: one file of JSON lines each, for the user only."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ai_lsp.folders import append_rows, state_folder
from ai_lsp.providers.chat import Message

_ID = re.compile(r"[\w-]{1,64}")
_TITLE_CHARS = 60


@dataclass(frozen=True)
class Conversation:
    """What was said so far; the user's words first and the model's after them, in turn."""

    id: str
    title: str = ""
    root: str = ""
    """The folder that it is about; empty for none."""
    messages: tuple[Message, ...] = ()

    def with_turn(self, question: str, answer: str) -> Conversation:
        """Return the conversation with one more question and its answer."""
        title = self.title or " ".join(question.split())[:_TITLE_CHARS]
        turn = (Message("user", question), Message("assistant", answer))
        return replace(self, title=title, messages=(*self.messages, *turn))


class NoConversation(Exception):
    """There is no conversation of that name; the message says so."""


def folder() -> Path:
    """Return where conversations are kept."""
    return state_folder() / "chats"


class Conversations:
    """The conversations in a folder."""

    def __init__(self, where: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        """`where` is by default in the user's state folder."""
        self._folder = where or folder()
        self._clock = clock

    def new(self, root: str = "") -> Conversation:
        """Return a conversation in which nothing was said yet; it is kept with its first turn."""
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(self._clock()))
        return Conversation(f"{stamp}-{secrets.token_hex(2)}", root=root)

    def read(self, name: str) -> Conversation:
        """Return the conversation of that id. Raises NoConversation."""
        found = Conversation(name)
        try:
            with self._path(name).open(encoding="utf-8") as file:
                for line in file:
                    found = _with_line(found, line)
        except OSError as error:
            raise NoConversation(f"there is no conversation {name}") from error
        return found

    def add(self, conversation: Conversation, question: str, answer: str) -> Conversation:
        """Return the conversation with one more turn, which is kept. Raises OSError."""
        longer = conversation.with_turn(question, answer)
        rows: list[dict[str, Any]] = [
            {"role": message.role, "content": message.content} for message in longer.messages[-2:]
        ]
        if not conversation.messages:
            rows.insert(0, {"title": longer.title, "root": longer.root, "time": self._clock()})
        append_rows(self._path(conversation.id), rows)
        return longer

    def all(self) -> list[Conversation]:
        """Return all conversations, the newest first."""
        return [self.read(name) for name in self._names()]

    def delete(self, name: str) -> None:
        """Delete a conversation. Raises NoConversation."""
        try:
            self._path(name).unlink()
        except OSError as error:
            raise NoConversation(f"there is no conversation {name}") from error

    def _names(self) -> Iterator[str]:
        try:
            yield from sorted((path.stem for path in self._folder.glob("*.jsonl")), reverse=True)
        except OSError:
            return

    def _path(self, name: str) -> Path:
        if not _ID.fullmatch(name):
            raise NoConversation(f"{name[:60]!r} is no name of a conversation")
        return self._folder / f"{name}.jsonl"


def _with_line(conversation: Conversation, line: str) -> Conversation:
    """Return a conversation with one more line of its file; one that makes no sense is passed over."""
    try:
        row = json.loads(line)
    except ValueError:
        return conversation
    if not isinstance(row, dict):
        return conversation
    if "title" in row:
        return replace(conversation, title=str(row["title"]), root=str(row.get("root", "")))
    role: Literal["user", "assistant"] = "assistant" if row.get("role") == "assistant" else "user"
    return replace(conversation, messages=(*conversation.messages, Message(role, str(row.get("content", "")))))
