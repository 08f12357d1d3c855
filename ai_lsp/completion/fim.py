"""Fill-in-the-middle layouts: in which order a model family reads context, prefix and suffix.

Every layout is laid out so that a keystroke changes only its end, where the KV need not be computed again. Parts
end with a line, so that each can be tokenised for itself.
Sources: the families' own papers and model cards; llama.vim (llama.cpp PR #9787) puts the current line after
the middle token in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ai_lsp.engine import healing
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Texts:
    """What there is to lay out."""

    files: tuple[str, ...]
    """Parts of other files and last the start of this one, each with its path line and a newline at its end."""
    prefix: str
    suffix: str

    @property
    def before(self) -> tuple[str, ...]:
        """All texts before the prefix that the prefix goes on from: other files, each for itself."""
        return self.files[:-1]

    @property
    def own(self) -> str:
        """The start of this file with the prefix."""
        return "".join(self.files[-1:]) + self.prefix


Part = str | int
Layout = Callable[[Texts, dict[str, int]], Prompt]


def prefix_only(texts: Texts, _fim: dict[str, int]) -> Prompt:
    """Lay out `files prefix`, for models without fill-in-the-middle tokens."""
    head, forced = healing.split(texts.own)
    return Prompt(_filled([*texts.before, head]), forced)


def prefix_suffix_middle(texts: Texts, fim: dict[str, int]) -> Prompt:
    """Lay out `files PRE lines SUF suffix MID current-line`."""
    start = texts.prefix.rfind("\n") + 1
    head, forced = healing.split(texts.prefix[start:])
    parts: list[Part] = [*_header(texts, fim), fim["pre"], texts.prefix[:start], fim["suf"], texts.suffix]
    if "mid" in fim:
        parts.append(fim["mid"])
    return Prompt(_filled([*parts, head]), forced)


def suffix_prefix_middle(texts: Texts, fim: dict[str, int]) -> Prompt:
    """Lay out `files SUF suffix PRE prefix MID`, as Mellum and Seed-Coder are trained.

    The middle token comes before the current line's tail, so that typing on the line only appends.
    """
    start = texts.prefix.rfind("\n") + 1
    head, forced = healing.split(texts.prefix[start:])
    parts = [*_header(texts, fim), fim["suf"], texts.suffix, fim["pre"], texts.prefix[:start], fim["mid"], head]
    return Prompt(_filled(parts), forced)


def suffix_then_prefix(texts: Texts, fim: dict[str, int]) -> Prompt:
    """Lay out `SUF suffix PRE files prefix`, as Codestral is trained: it has no middle token."""
    head, forced = healing.split(texts.own)
    return Prompt(_filled([fim["suf"], texts.suffix, fim["pre"], *texts.before, head]), forced)


def code_llama(texts: Texts, fim: dict[str, int]) -> Prompt:
    """Lay out `PRE SUF suffix MID files prefix`, Code Llama's suffix-first form."""
    head, forced = healing.split(texts.own)
    return Prompt(_filled([fim["pre"], fim["suf"], texts.suffix, fim["mid"], *texts.before, head]), forced)


def layout_for(info: ModelInfo) -> Layout:
    """Return the layout that the model was trained with."""
    if not info.fim:
        return prefix_only
    if "mid" not in info.fim:
        return suffix_then_prefix
    if "<PRE>" in info.fim_spelled:
        return code_llama
    name = f"{info.name} {info.description} {info.file_name}".lower()
    if "mellum" in name or "<[fim-" in info.fim_spelled:
        return suffix_prefix_middle
    return prefix_suffix_middle


def _header(texts: Texts, fim: dict[str, int]) -> list[Part]:
    """Return the files, each behind the model's own separator of files if it has one."""
    if "sep" not in fim:
        return [*texts.files]
    return [part for file in texts.files for part in (fim["sep"], file)]


def _filled(parts: list[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part != "")
