"""Texts tokenised in pieces: the same tokens, at the cost of what is new."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.engine import vocabulary as module
from ai_lsp.engine.llama import LlamaModel
from ai_lsp.engine.vocabulary import _SEAM_CHARS, Vocabulary, _last_cut, _pieces

SOURCES = sorted((Path(__file__).parents[2] / "ai_lsp").rglob("*.py"))
SNIPPETS = sorted((Path(__file__).parents[1] / "syntax" / "golden").glob("*.txt"))


@pytest.mark.parametrize("path", [*SOURCES[::8], *SNIPPETS], ids=lambda path: path.name)
def test_code_has_the_tokens_that_it_has_in_one_go(path: Path, vocabulary: Vocabulary, model: LlamaModel) -> None:
    text = path.read_text("utf-8")
    for start in range(0, len(text), 2000):
        part = text[start : start + 3000]
        assert vocabulary.tokens(part).tolist() == model.tokenize(part)


@given(text=st.text(st.sampled_from("ab_1(\t \n\"'é世"), max_size=200))
def test_so_has_any_text(text: str, vocabulary: Vocabulary, model: LlamaModel) -> None:
    assert vocabulary.tokens(text).tolist() == model.tokenize(text)


@given(text=st.text(max_size=200) | st.text(st.sampled_from("a1 \t\n"), max_size=200))
def test_pieces_are_the_text_and_the_last_is_found_from_the_end(text: str) -> None:
    pieces = list(_pieces(text))
    assert "".join(pieces) == text
    cut = _last_cut(text)
    assert text[cut:] == pieces[-1]
    assert cut == 0 or list(_pieces(text[:cut])) == pieces[:-1]


def test_seams_stay_where_they_are_when_the_start_goes_and_the_end_grows() -> None:
    text = SOURCES[0].parent.joinpath("completion", "pipeline.py").read_text("utf-8")
    whole = list(_pieces(text))
    assert len(whole) > 20
    for cut in range(200, 4000, 37):
        later = list(_pieces(text[cut:] + "    return None\n"))
        starts = itertools.accumulate(map(len, later), initial=0)
        # Nearer to the start there is less text before a seam than seams are chosen by.
        assert {piece for piece, at in zip(later[:-1], starts, strict=False) if at >= _SEAM_CHARS} <= set(whole)


def test_a_key_tokenises_one_piece(vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    text = SOURCES[0].parent.joinpath("completion", "pipeline.py").read_text("utf-8")[:4000]
    vocabulary.tokens(text)
    asked: list[str] = []
    monkeypatch.setattr(vocabulary._model, "tokenize", lambda piece: asked.append(piece) or [1])
    vocabulary.tokens(text + "x")
    assert len(asked) == 1 and len(asked[0]) < 1000


def test_a_tokeniser_that_adds_spaces_gets_the_whole_text(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "_adds_space", True)
    monkeypatch.setattr(module, "_pieces", lambda _text: pytest.fail("it was cut"))
    assert len(vocabulary.tokens("def f():\n    return 1\nx = 2\n"))
