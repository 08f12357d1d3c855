"""Errors counted in texts that are much like each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.syntax.faults import parsed
from ai_lsp.syntax.languages import grammar, parser_for
from ai_lsp.syntax.parsing import matches, prepare
from ai_lsp.syntax.query import query_for

TEXT = "def f(a):\n    return [a, 'é', 2]\n\n\nprint(f(1))\n"
PIECES = st.text(st.sampled_from("()[]{}:=,'é\n \tab1"), max_size=12)


@pytest.mark.parametrize(
    ("language", "text", "faults"),
    [
        ("python", TEXT, 0),
        ("python", "x = (1\n", 1),
        ("python", "x = = 1\ny = = 2\n", 2),
        ("go", "package main\n\nfunc f() {\n", 1),
        ("typescript", "const a = {b: 1;\n", 1),
        ("java", "class A { void f() { g() } }\n", 1),
    ],
)
def test_errors_are_counted(language: str, text: str, faults: int) -> None:
    found = parsed(text, language)
    assert found is not None and found.faults == faults


def test_a_language_without_a_grammar() -> None:
    assert parsed("x", "unheard-of") is None


@given(first=PIECES, put=PIECES, data=st.data())
def test_a_text_like_another_has_the_same_errors_as_alone(first: str, put: str, data: st.DataObject) -> None:
    before = TEXT[:10] + first + TEXT[10:]
    at = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(at, len(before)))
    after = before[:at] + put + before[end:]
    like = parsed(after, "python", parsed(before, "python"))
    alone = parsed(after, "python")
    assert like is not None and alone is not None
    assert (like.text, bool(like.faults)) == (alone.text, bool(alone.faults))


def test_what_is_prepared_is_not_loaded_again() -> None:
    prepare("rust")
    before = grammar.cache_info().misses, query_for.cache_info().misses
    assert parser_for("rust") is not None
    assert query_for("rust") is not None
    assert (grammar.cache_info().misses, query_for.cache_info().misses) == before


def test_a_query_may_compare_the_text_of_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "own.scm").write_text('((identifier) @x (#eq? @x "needle"))')
    query = query_for("python", tmp_path)
    monkeypatch.setattr("ai_lsp.syntax.parsing.query_for", lambda _grammar: query)
    text = "".join(f"a{n} = needle(é{n}, other)\n" for n in range(3000))
    found = parsed(text, "python")
    assert found is not None
    captured = [captures["x"][0] for _, captures in matches(found.tree.root_node, "python") if "x" in captures]
    assert [node.text for node in captured] == [b"needle"] * 3000


def test_a_parse_that_takes_too_long_is_given_up_and_leaves_no_trace() -> None:
    text = TEXT * 500
    with pytest.raises(TimeoutError, match="too long"):
        parsed(text, "python", seconds=0.0)
    found, other = parsed(text, "python"), parsed(TEXT, "python")
    assert found is not None and found.tree.root_node.end_byte == len(text.encode())
    assert other is not None and other.tree.root_node.child_count == 2
