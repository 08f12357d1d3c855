"""What an action or a chat asks of a model, and what any provider of one answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["code", "other_files", "index", "diagnostics", "git", "terminal"]
"""Kinds of data that permissions tell apart: code of the file at hand, of other files, what the index found,
diagnostics, git's history and differences, text of terminals. What the user typed as an instruction is none."""


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Part:
    """What is in the messages besides the user's own words: of which kind, and from which file, if any."""

    kind: Kind
    path: str = ""
    """Absolute."""


@dataclass(frozen=True)
class Wish:
    """What a model is asked for."""

    messages: tuple[Message, ...]
    max_tokens: int
    parts: tuple[Part, ...] = ()
    """All that is in the messages; permissions are checked, and the audit log is written, by this."""
    stop: tuple[str, ...] = ()
    """Texts before which the answer ends."""
    temperature: float = 0.0
    repository: str = ""
    """The folder (absolute) that the request is about, for permissions and the audit log."""


class ProviderError(Exception):
    """A model could not answer; the message is one line for the user that says how to mend it."""


class NotAllowed(ProviderError):
    """Permissions keep what the wish contains from going there."""


class ChatModel(Protocol):
    """A model of some provider that can hold a conversation."""

    @property
    def title(self) -> str:
        """What users call it, such as `smollm2-135m` or `qwen3-coder at build-server`."""

    @property
    def context_tokens(self) -> int:
        """How many tokens messages and answer may have together, about; callers fit their messages to it."""

    @property
    def context_chars(self) -> int:
        """How much code of elsewhere helps it with an action, at most."""

    @property
    def most_around(self) -> int | None:
        """How many characters of the lines before some code, and of those after it, help; None for what fits."""

    async def allowed(self, parts: Sequence[Part], repository: str) -> frozenset[Part]:
        """Return those of `parts` that may be in a wish; the user is not asked."""

    def stream(self, wish: Wish) -> AsyncGenerator[str, None]:
        """Return the answer piece by piece; closing the generator ends the work at once.

        Raises ProviderError where no answer comes, NotAllowed where it may not be asked for.
        """


class ChatModels(Protocol):
    """Which model does which job where."""

    def model(self, role: Literal["edit", "chat"], *, language: str = "", path: str = "") -> ChatModel:
        """Return the model for a role; raises ProviderError when what the options name cannot be had."""
