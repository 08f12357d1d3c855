"""One file in memory once."""

from pathlib import Path

import pytest

from ai_lsp.engine import weights
from ai_lsp.engine.llama import ModelLoadError


def test_the_same_file_is_loaded_once_and_freed_by_the_last(model_path: Path) -> None:
    first, second = weights.borrow(model_path), weights.borrow(model_path)
    assert first is second
    weights.give_back(first)
    assert second.tokenize("still there")
    weights.give_back(second)
    assert second.pointer is None


def test_a_file_that_cannot_be_loaded_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    for text, reason in (("", "empty"), ("text", "not a GGUF")):
        path.write_text(text)
        with pytest.raises(ModelLoadError, match=reason):
            weights.borrow(path)
