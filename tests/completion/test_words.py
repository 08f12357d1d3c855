"""The words of a text that begin like the one before the cursor."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.completion.signals import _beginning


@given(st.text("ab_$1 .é", min_size=1, max_size=3), st.text("ab_$1 .é", max_size=30))
def test_they_are_those_that_an_expression_finds(word: str, text: str) -> None:
    word = re.sub(r"[^\w$]", "", word) or "a"
    assert list(_beginning(word, text)) == re.findall(rf"(?<![\w$]){re.escape(word)}[\w$]*", text)
