"""Code as search terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.index.tokens import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [("getUserName", ["getusername", "get", "user", "name"]),
     ("HTTPServer", ["httpserver", "http", "server"]),
     ("parse2Json", ["parse2json", "parse", "json"]),
     ("utf_16_bytes", ["utf_16_bytes", "utf", "16", "bytes"]),
     ("__init__", ["__init__", "init"]),
     ("MAX_SIZE", ["max_size", "max", "size"]),
     ("plain", ["plain"]),
     ("_x", ["_x"]),
     ("i j", []),
     ("0x1F 3.14 42 7", ["0x1f", "3.14", "42"]),
     ("a->b", ["->"]),
     ("std::vec != nil", ["std", "::", "!=", "vec", "nil"]),
     ("x => y === z", ["=>", "==="]),
     ("f(a)[b]; c = d", []),
     ("größeÜberlauf", ["größeüberlauf", "größe", "überlauf"]),
     ("变量 naïve_x", ["变量", "naïve_x", "naïve"]),
     ("e" * 48, ["e" * 48]),
     ("e" * 49, []),
     ("it's \"quoted\"", ["it", "quoted"]),
     ("foo foo", ["foo", "foo"])],
)  # fmt: skip
def test_tokens(text: str, expected: list[str]) -> None:
    assert sorted(tokens(text)) == sorted(expected)


@given(st.text())
def test_a_term_is_one_word_for_the_full_text_index(text: str) -> None:
    for term in tokens(text):
        assert 2 <= len(term) <= 48
        assert term.split() == [term]
        assert '"' not in term
        assert "'" not in term
