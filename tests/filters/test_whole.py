"""What the whole file says of brackets and cuts where a window around the cursor does not show enough."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lsprotocol import types

from ai_lsp.completion.place import Place
from ai_lsp.documents import Document
from ai_lsp.filters.parses import parses_around
from ai_lsp.filters.standard import Services, chain_from
from ai_lsp.filters.whole import Parts, whole_at
from ai_lsp.knowledge import Knowledge
from ai_lsp.options import FilterOptions
from ai_lsp.syntax.faults import parsed

NAMES = "".join(f"            'NAME_{number:04}',\n" for number in range(600))
PREFIX = f"tokens = {{\n    'root': [\n        (words((\n{NAMES}            "
SUFFIX = "\n         Name.Function),\n    ],\n}\n"
WHERE = Place("file:///a.py", "a.py", "python", 1, PREFIX, SUFFIX, PREFIX.count("\n"))
GOOD = "'LAST'), suffix='b'),"


@pytest.fixture
def whole() -> Parts:
    lines = (PREFIX + SUFFIX).splitlines(keepends=True)
    tree = parsed("".join(lines), "python")
    assert tree is not None
    found = whole_at(WHERE, lines, tree.tree)
    assert found is not None
    return found


def test_it_is_cut_in_two_at_the_cursor(whole):
    assert (whole.before, whole.after) == (PREFIX, SUFFIX)


@pytest.mark.parametrize(("text", "worse"), [(GOOD, False), ("'LAST'", True), ("", False), ("'LAST')))", True)])
def test_worse_is_what_has_more_errors_than_before(whole, text, worse):
    assert whole.is_fine(text) is not worse


def test_a_cut_that_only_the_window_takes_for_good_is_kept_back(whole):
    assert chain_from(FilterOptions()).run(GOOD, WHERE)[0] == "'LAST'", (
        "the window does not show the first bracket"
    )
    shown, decisions = chain_from(FilterOptions(), Services(whole_of=lambda _place: whole)).run(GOOD, WHERE)
    assert shown == ""
    assert decisions[-1].reason == "the file would parse worse"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (GOOD, GOOD),
        ("'LAST', ('a', 'b')), suffix='b'),", "'LAST', ('a', 'b')), suffix='b'),"),
        ("'LAST'), suffix='b')),", ""),
        ("'LAST'), suffix='b'),\n    ],", ""),
    ],
)
def test_what_was_opened_above_the_window_may_be_closed_once(whole, text, shown):
    services = Services(
        lines_of=lambda _place: (PREFIX + SUFFIX).splitlines(keepends=True), whole_of=lambda _place: whole
    )
    assert chain_from(FilterOptions(), services).run(text, WHERE)[0] == shown


def test_php_is_code_where_the_window_does_not_show_its_start():
    prefix = "<?php\n" + "$a = $a + 1;\n" * 600
    where = Place("file:///a.php", "a.php", "php", 1, prefix, "\n$c = 1;\n", prefix.count("\n"))
    around = parses_around(where)
    assert around is not None
    assert around.is_fine("$b = f($a);")
    assert not around.is_fine("$b = f($a;")


async def test_the_tree_of_an_open_document_is_used_while_it_is_that_of_its_text():
    text = "def f():\n    return \n"
    document = Document("file:///a.py", text, 1, "python")
    knowledge = Knowledge(lambda: {document.uri: document})
    where = Place(document.uri, "a.py", "python", 1, "def f():\n    return ", "\n", 1)
    assert knowledge.whole(where, None) is None
    assert knowledge.whole(where, document) is None, "nobody has asked for the tree"
    await knowledge.trees.of(document).root()
    whole = knowledge.whole(where, document)
    assert whole is not None
    assert not whole.is_fine("1))")
    assert whole.is_fine("1")
    assert knowledge.whole(where, document) is whole
    selected = replace(where, prefix=where.prefix + "sum")
    assert knowledge.whole(selected, document) is None, "a menu's item is not in the file"
    chain = chain_from(FilterOptions(), Services(whole_of=lambda _place: whole))
    assert chain.run("1)", where)[0] == "1"
    document.apply_change(types.TextDocumentContentChangeWholeDocument("def g():\n    return (\n"))
    await knowledge.trees.of(document).root()
    anew = replace(where, prefix="def g():\n    return (", version=2)
    assert (found := knowledge.whole(anew, document)) is not None and found.is_fine("1)")


def test_a_text_is_judged_once(whole, monkeypatch):
    judged = []
    monkeypatch.setattr("ai_lsp.filters.whole.parsed", lambda *_arguments: judged.append(_arguments))
    assert whole.is_fine(GOOD) and whole.is_fine(GOOD)
    assert len(judged) == 1


def test_what_cannot_be_told_in_time_is_left_as_it_is(whole, monkeypatch):
    chain = chain_from(FilterOptions(off=("brackets",)), Services(whole_of=lambda _place: whole))
    with monkeypatch.context() as patch:
        patch.setattr("ai_lsp.filters.whole.SECONDS", 0.0)
        assert whole.may_be_fine("'LAST')))")
        assert not whole.is_fine("'LAST')))"), "nobody knows it to be fine"
        assert chain.run("'LAST')))", WHERE)[0] == "'LAST')))"
    assert not whole.may_be_fine("'OTHER'"), "a new text has time of its own"


def test_what_is_known_holds_also_when_the_time_is_over(whole):
    whole.begin("'LAST')))")
    assert not whole.is_fine("'LAST')))")
    whole._left = 0.0
    assert not whole.may_be_fine("'LAST')))")


def test_where_the_window_takes_too_long_nothing_is_judged(monkeypatch):
    monkeypatch.setattr("ai_lsp.filters.parses.SECONDS", 0.0)
    where = replace(WHERE, uri="file:///slow.py")
    assert parses_around(where) is None
    assert chain_from(FilterOptions(off=("brackets",))).run("'LAST')))", where)[0] == "'LAST')))"
