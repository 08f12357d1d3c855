"""Ways to write a model's weights anew so that llama.cpp computes faster with them.

llama.cpp rearranges ``Q4_0``, ``IQ4_NL`` and ``Q8_0`` weights as it loads them, so that AVX2, AVX-512 and ARM
dot-product instructions can work on eight rows at once; it does not do so for ``Q4_1`` or ``Q5_1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_IQ4_NL, _Q4_0, _Q8_0 = 25, 2, 7  # enum llama_ftype
_TYPE_IQ4_NL = 20  # enum ggml_type


@dataclass(frozen=True)
class Recipe:
    """How to requantise: one format for most weights, and another for those whose names match a pattern."""

    name: str
    ftype: int
    pattern: str = ""
    tensor_type: int = 0


IQ4_NL = Recipe("IQ4_NL", _IQ4_NL)
Q4_0 = Recipe("Q4_0", _Q4_0)
Q8_0 = Recipe("Q8_0", _Q8_0)
GATE4 = Recipe("Q8_0-gate4", _Q8_0, "ffn_gate", _TYPE_IQ4_NL)
"""Four bits only for the feed-forward gates, a fifth of the weights and the ones that mind it least."""
FFN4 = Recipe("Q8_0-ffn4", _Q8_0, "ffn_(gate|up)", _TYPE_IQ4_NL)

RECIPES = {recipe.name: recipe for recipe in (IQ4_NL, Q4_0, Q8_0, GATE4, FFN4)}

_WIDE = {"F32", "F16", "BF16", "Q8_0"}


def candidates(quant: str) -> list[Recipe]:
    """The recipes worth trying on a file of that format, the most promising first.

    Weights that already have few bits lose most when they are rounded to another grid of few bits, so for them
    the ones with eight bits come first.
    """
    wide_first = [IQ4_NL, Q4_0, FFN4, GATE4, Q8_0]
    recipes = wide_first if quant in _WIDE else [GATE4, Q8_0, FFN4, Q4_0, IQ4_NL]
    return [recipe for recipe in recipes if recipe.name != quant]


def quantise(source: Path, target: Path, recipe: Recipe, threads: int) -> None:
    """Write `source` to `target` by `recipe`. Raises OSError when llama.cpp cannot.

    llama.cpp may also end the whole process: call it in a child.
    """
    from ai_lsp.engine.binding import llama, recent_errors

    ll = llama()
    params = ll.llama_model_quantize_default_params()
    params.nthread, params.ftype, params.allow_requantize = threads, recipe.ftype, True
    overrides = (ll.llama_model_tensor_override * 2)()
    if recipe.pattern:
        overrides[0].pattern, overrides[0].type = recipe.pattern.encode(), recipe.tensor_type
        params.tt_overrides = overrides
    if ll.llama_model_quantize(str(source).encode(), str(target).encode(), params) != 0:
        raise OSError("; ".join(recent_errors) or "llama.cpp gave no reason")
