"""Signals of a place in a real document, from its edits, its file and its tree."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types

from ai_lsp import attention
from ai_lsp.attention import Attention
from ai_lsp.completion.signals import Signals
from ai_lsp.completion.trace import Trace
from ai_lsp.completion.window import place_at
from ai_lsp.context.snippet import Query
from ai_lsp.documents import Document
from ai_lsp.history import History
from ai_lsp.syntax.tree import SyntaxTree, Trees

TEXT = "import os\n\n\ndef size(path):\n    return len(path)\n"


class Desk:
    """An open document and somebody who edits it."""

    def __init__(self, text: str = TEXT, uri: str = "file:///nowhere/a.py") -> None:
        self.document = Document(uri, text, language_id="python")
        self.trees = Trees()
        self.history = History()
        self.now = 0.0
        self.attention = Attention(self.history, self.trees, lambda: self.now)
        self.attention.opened(self.document)

    def insert(self, line: int, column: int, text: str) -> None:
        self.now += 0.2
        at = types.Position(line, column)
        self.document.apply_change(types.TextDocumentContentChangePartial(types.Range(at, at), text))
        self.attention.edited(self.document)

    def query(self, line: int, column: int) -> Query:
        place = place_at(self.document, line, column, path="a.py", prefix_chars=4000, suffix_chars=2000)
        return Query(place, self.document)

    def signals(self, line: int, column: int, *, popup: bool = False) -> Signals:
        query = self.query(line, column)
        return self.attention.look(query, self.attention.signals(query, popup=popup))


async def settled(desk: Desk) -> Desk:
    """Wait until the document was looked at and has its tree."""
    while desk.attention.looking:
        await asyncio.sleep(0)
    await desk.trees.of(desk.document).root()
    return desk


async def test_the_tree_tells_what_a_place_is_in() -> None:
    desk = await settled(Desk())
    assert desk.signals(4, 20).whole
    assert not desk.signals(4, 15).whole
    desk.insert(4, 20, "  # no")
    found = desk.signals(4, 26)
    assert (found.within, found.stroke, found.stroke_here, found.gap_ms) == ("comment", "typed", True, None)
    desk.insert(4, 26, "t")
    assert desk.signals(4, 27).gap_ms == pytest.approx(200)
    assert not desk.signals(0, 3).stroke_here


async def test_the_tree_adds_to_what_the_text_told() -> None:
    desk = await settled(Desk(TEXT + '\n\ndef no(): \n    """"""\n'))
    in_a_docstring, after_a_statement = desk.query(8, 7), desk.query(4, 20)
    told = Signals(language="told", word="told", accepted=7, within="string")
    seen = replace(told, within="docstring", opened=True)
    assert desk.attention.look(in_a_docstring, told) == seen
    assert desk.attention.look(after_a_statement, told) == replace(told, within="code", whole=True)


async def test_what_is_known_at_once_is_the_same_whatever_the_cursor_stands_in() -> None:
    desk = await settled(Desk(TEXT + "# not\n# not"))
    at_once = desk.attention.signals(desk.query(5, 3))
    assert (at_once.within, at_once.whole) == ("code", False)
    assert desk.signals(5, 3).within == "comment"


async def test_that_a_program_wrote_it_is_seen_when_it_comes_and_goes() -> None:
    desk = await settled(Desk())
    assert not desk.signals(4, 20).generated
    desk.insert(0, 0, "# @generated\n")
    assert desk.signals(5, 20).generated
    edited = types.Range(types.Position(0, 2), types.Position(0, 3))
    desk.document.apply_change(types.TextDocumentContentChangePartial(edited, ""))
    assert not desk.signals(5, 20).generated


async def test_the_first_request_does_not_wait_for_a_tree() -> None:
    desk = Desk()
    assert not desk.signals(4, 20).whole
    await settled(desk)
    assert desk.signals(4, 20).whole


async def test_with_a_menu_item_in_it_the_tree_does_not_count() -> None:
    desk = await settled(Desk())
    found = desk.signals(4, 20, popup=True)
    assert found.popup
    assert not found.whole


async def test_a_suggestion_that_was_accepted_is_no_paste() -> None:
    desk, long = Desk(), "return os.path.getsize(os.path.expanduser(path))"
    desk.insert(4, 4, long)
    assert desk.signals(4, 4).stroke == "pasted"
    desk = Desk()
    desk.history.add(Trace(1, desk.document.uri, 1, "python", False, text=long))
    desk.insert(4, 4, long)
    assert desk.signals(4, 4).stroke == ""


async def test_a_file_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention.os, "access", lambda _path, _mode: False)
    there, gone = tmp_path / "a.py", tmp_path / "b.py"
    there.write_text(TEXT)
    desks = [Desk(uri=path.as_uri()) for path in (there, gone)]
    for desk in desks:
        await settled(desk)
    assert [desk.signals(4, 20).read_only for desk in desks] == [True, False]


async def test_a_generated_file() -> None:
    assert Desk("# @generated\n" + TEXT).signals(5, 20).generated
    assert not Desk().signals(4, 20).generated


def counting_trees(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with each look at a tree."""
    looks: list[int] = []
    of = desk.trees.of

    def counted(document: Document) -> SyntaxTree:
        looks.append(1)
        return of(document)

    monkeypatch.setattr(desk.trees, "of", counted)
    return looks


async def test_a_name_that_is_typed_on_needs_no_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await settled(Desk())
    desk.insert(5, 0, "    return a + valu")
    desk.insert(5, 19, "e")
    desk.signals(5, 20)
    looks = counting_trees(desk, monkeypatch)
    for column, character in enumerate("_of", 20):
        desk.insert(5, column, character)
        assert desk.signals(5, column + 1).whole
    assert not looks
    desk.insert(5, 23, "(")
    assert not desk.signals(5, 24).whole
    assert looks


@pytest.mark.parametrize(("line", "typed"), [("    x = no", "t"), ("    pas", "s"), ("    x = not", "e")])
async def test_words_of_the_language_do(line: str, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await settled(Desk())
    desk.insert(5, 0, line[:-1])
    desk.insert(5, len(line) - 1, line[-1])
    desk.signals(5, len(line))
    looks = counting_trees(desk, monkeypatch)
    desk.insert(5, len(line), typed)
    desk.signals(5, len(line) + 1)
    assert looks


async def test_after_another_edit_the_tree_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await settled(Desk())
    desk.insert(5, 0, "    x = valu")
    desk.insert(5, 12, "e")
    assert desk.signals(5, 13).within == "code"
    desk.insert(0, 0, '"""')
    looks = counting_trees(desk, monkeypatch)
    desk.insert(5, 13, "s")
    desk.signals(5, 14)
    assert looks
