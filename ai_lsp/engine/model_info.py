"""What the rest of the program needs to know of a loaded model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ai_lsp.engine.binding import llama

if TYPE_CHECKING:
    from ai_lsp.engine.generate import Generator
    from ai_lsp.engine.llama import LlamaModel

FIM_TOKENS = ("pre", "suf", "mid", "pad", "rep", "sep")
"""The fill-in-the-middle tokens that a GGUF file can name, as llama.cpp abbreviates them."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model's name, size and fill-in-the-middle vocabulary."""

    name: str
    description: str
    cells: int
    """KV cells of one sequence, in tokens."""
    fim: dict[str, int]
    """Ids of the fill-in-the-middle tokens it has, by the names in `FIM_TOKENS`; empty when it has none."""
    fim_spelled: str = ""
    """How the prefix token is written, which tells the model families apart."""
    file_name: str = ""

    @classmethod
    def read(cls, generator: Generator, name: str) -> ModelInfo:
        """Read it from a loaded model."""
        model = generator.model
        fim = fim_tokens(model)
        spelled = token_text(model, fim["pre"]) if "pre" in fim else ""
        description = model.meta("general.name") or model.meta("general.architecture")
        return cls(name, description, generator.context.cells, fim, spelled, model.path.name)


_SPELLINGS: dict[str, tuple[str, ...]] = {
    "pre": (
        "<|fim_prefix|>", "<fim_prefix>", "<fim-prefix>", "<｜fim▁begin｜>", "▁<PRE>", "<PRE>", "[PREFIX]",
        "<[fim-prefix]>",
    ),
    "suf": (
        "<|fim_suffix|>", "<fim_suffix>", "<fim-suffix>", "<｜fim▁hole｜>", "▁<SUF>", "<SUF>", "[SUFFIX]",
        "<[fim-suffix]>",
    ),
    "mid": (
        "<|fim_middle|>", "<fim_middle>", "<fim-middle>", "<｜fim▁end｜>", "▁<MID>", "<MID>", "[MIDDLE]",
        "<[fim-middle]>",
    ),
}  # fmt: skip
"""How the known families write them: Qwen-Coder and CodeGemma, StarCoder, Granite and Mellum, Refact,
DeepSeek-Coder, Code Llama, Codestral, Seed-Coder."""


def fim_tokens(model: LlamaModel) -> dict[str, int]:
    """Return the ids of the fill-in-the-middle tokens, from the metadata, else from the vocabulary.

    Empty unless a prefix and a suffix token are there: without them the model can only continue.
    """
    ll = llama()
    found = {name: getattr(ll, f"llama_vocab_fim_{name}")(model.vocab) for name in FIM_TOKENS}
    found = {name: token for name, token in found.items() if token >= 0}
    for name, spellings in _SPELLINGS.items():
        if name not in found and (token := _one_token(model, spellings)) is not None:
            found[name] = token
    return found if {"pre", "suf"} <= found.keys() else {}


def token_text(model: LlamaModel, token: int) -> str:
    """Return how the vocabulary writes a control token."""
    text: bytes | None = llama().llama_vocab_get_text(model.vocab, token)
    return (text or b"").decode("utf-8", "replace")


def _one_token(model: LlamaModel, spellings: tuple[str, ...]) -> int | None:
    for spelling in spellings:
        tokens = model.tokenize(spelling, special=True)
        if len(tokens) == 1 and token_text(model, tokens[0]) == spelling:
            return tokens[0]
    return None
