"""Prompts as tokens, cut where the KV has not the room for all of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from ai_lsp.engine.generation import Generation
from ai_lsp.engine.llama import EngineError, LlamaModel, Tokens
from ai_lsp.engine.prompt import Prompt, PromptChoice
from ai_lsp.engine.vocabulary import Vocabulary

_LONGEST_GUESS = 15
"""Tokens of the forced tail that are evaluated with the prompt, in the hope that they will be chosen."""
_CUTS_KEPT = 32
"""Windows of which it is remembered where their prompts were cut."""
SPARE_CELLS = 16
"""Cells that are kept free beyond what may be decoded after a prompt."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A prompt as tokens: `head`, then `guess`, a likely spelling of the `forced` bytes."""

    prompt: Prompt
    head: Tokens
    part_tokens: dict[int, int]
    """Tokens of each text of the head, by its hash: generations are kept, and have the text once already."""
    guess: tuple[int, ...]
    forced: bytes

    @property
    def whole(self) -> Tokens:
        """Head and guess together."""
        return np.concatenate([self.head, np.array(self.guess, dtype=np.int32)])

    @property
    def size(self) -> int:
        """Tokens of the whole."""
        return len(self.head) + len(self.guess)


@dataclass(frozen=True, slots=True)
class Short:
    """A shortened prompt: that many characters, of a full prompt of so many."""

    chars: int = 0
    of: int = 0

    def grown(self, of: int) -> int:
        """Return the characters of one that begins where this one did, of a full prompt of so many."""
        return max(0, self.chars + of - self.of)


class Encoder:
    """Tokenises for one model with so many KV `cells` for a prompt; belongs to the engine thread."""

    def __init__(self, model: LlamaModel, vocabulary: Vocabulary, cells: int) -> None:
        self._model = model
        self._vocabulary = vocabulary
        self._cells = cells
        self._cuts: OrderedDict[tuple[str, str] | None, Short] = OrderedDict()

    def encode(self, prompt: Prompt) -> Encoded:
        """Tokenise `prompt`; what was tokenised before costs next to nothing."""
        model = self._model
        first = model.bos if model.bos >= 0 else 0
        begin = np.array([first] if model.add_bos and model.bos >= 0 else [], dtype=np.int32)
        parts = [self._tokens_of(part) for part in prompt.parts]
        head = np.concatenate([begin, *parts])
        part_tokens = {
            hash(text): len(part) for text, part in zip(prompt.parts, parts, strict=True) if isinstance(text, str)
        }
        guess = self._vocabulary.guess(prompt.forced) if prompt.forced and model.rewinds else ()
        if len(guess) > _LONGEST_GUESS:
            guess = ()
        if not len(head):  # an empty document: there must be a position to read logits from
            head = np.array([first], dtype=np.int32)
        return Encoded(prompt, head, part_tokens, guess, prompt.forced.encode())

    def _tokens_of(self, part: str | int) -> Tokens:
        return self._vocabulary.tokens(part) if isinstance(part, str) else np.array([part], dtype=np.int32)

    def fitting(self, choice: PromptChoice, out: Generation, *, reserve: int, whole: bool = False) -> Encoded:
        """Encode the full prompt, or what of it the cells hold with `reserve` left; `out` is told how dense it is.

        Raises `EngineError` where even the shortest does not fit, or it must be the `whole` one.
        """
        room = max(self._cells - reserve, 16)
        encoded = self.encode(choice.full)
        out.chars_per_token = len(choice.full.text) / encoded.size
        if encoded.size > room and not whole:
            encoded = self._cut(choice, encoded, room)
        if encoded.size > room:
            raise EngineError(f"the prompt needs {encoded.size} tokens and the context has {room}")
        return encoded

    def _cut(self, choice: PromptChoice, full: Encoded, room: int) -> Encoded:
        """Encode what fits; it begins where the last one of the same window did, if that is most of the room."""
        chars = len(choice.full.text)
        if (last := self._cuts.pop(choice.window, None)) is not None:
            encoded = self.encode(choice.shorter(last.grown(chars)))
            if room // 2 <= encoded.size <= room:
                self._cuts[choice.window] = last
                return encoded
        encoded, left = full, chars
        while encoded.size > room and left > 0:
            left = int(left * 0.9 * room / encoded.size)
            encoded = self.encode(choice.shorter(left))
        self._cuts[choice.window] = Short(left, chars)
        while len(self._cuts) > _CUTS_KEPT:
            self._cuts.popitem(last=False)
        return encoded
