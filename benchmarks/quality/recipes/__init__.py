"""What peers put into a prompt, on the same weights and with the same decoding; see README.md."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from benchmarks.quality.recipes.continue_dev import continue_dev
from benchmarks.quality.recipes.llama_vim import llama_vim
from benchmarks.quality.recipes.lsp_ai import lsp_ai
from benchmarks.quality.recipes.view import Recipe

PEERS: Mapping[str, Recipe] = MappingProxyType(
    {"llama.vim": llama_vim, "continue": continue_dev, "lsp-ai": lsp_ai}
)
"""By the name that reports use."""
