"""What the engine is asked to continue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """Text and control tokens in the order in which the model reads them.

    The text that follows the last part is what gets decoded. It starts with `forced`: the end of the user's
    own text, backed over so that the model may choose how to tokenise it (`healing`).
    """

    parts: tuple[str | int, ...]
    """Texts, tokenised each for itself, and ids of control tokens."""
    forced: str = ""

    @property
    def text(self) -> str:
        """The prompt for people to read, control tokens as their ids."""
        return "".join(part if isinstance(part, str) else f"<{part}>" for part in self.parts) + self.forced


@dataclass(frozen=True, slots=True)
class Extra:
    """A piece of context."""

    source: str
    """The context source that found it."""
    path: str
    """The file as a person would name it."""
    text: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a prompt is made of, for servers that lay it out themselves."""

    uri: str
    path: str
    language: str
    prefix: str
    suffix: str
    extras: tuple[Extra, ...] = ()
    """The best one last."""


@dataclass(frozen=True, slots=True)
class PromptChoice:
    """The prompt that is wanted, and how to get a shorter one when there is not the time or room for it."""

    full: Prompt
    shorter: Callable[[int], Prompt]
    """Gives the prompt with at most so many characters of text before the cursor; 0 is allowed."""
    around: Surroundings | None = None
    window: tuple[str, str] | None = None
    """What names the part of a document that it is for, whatever its context is; None where nobody comes back."""
