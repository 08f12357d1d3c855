"""Trees that follow edits against trees of the same text parsed anew."""

import asyncio
import gc
import itertools
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from ai_lsp.documents import Document
from ai_lsp.syntax.languages import new_parser
from ai_lsp.syntax.source import Source, encoded
from ai_lsp.syntax.tree import SyntaxTree, Trees

PIECES = [
    "a",
    " = ",
    "(",
    ")",
    "\n",
    "\r\n",
    "\r",
    "é",
    "😀",
    '"',
    "'''",
    "#",
    "def f():\n  ",
    "  ",
    "\t",
    ":",
    "class B:\n\t",
]
texts = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
positions = st.builds(types.Position, st.integers(0, 9), st.integers(0, 12))
full, partial = types.TextDocumentContentChangeWholeDocument, types.TextDocumentContentChangePartial
edits = st.builds(partial, text=texts, range=st.builds(types.Range, positions, positions))
LONG = "def f(a, b):\n    return [a, b, 'é']\n\n" * 60


def document(text: str, language: str = "python") -> Document:
    return Document("file:///a.py", text, 1, language)


def insert(line: int, column: int, text: str) -> partial:
    place = types.Position(line, column)
    return partial(text=text, range=types.Range(place, place))


def shape(node) -> list[tuple]:
    """All nodes with their places."""
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        found.append((one.type, one.byte_range, tuple(one.start_point), tuple(one.end_point), one.is_missing))
        waiting += one.children
    return found


def fresh(text: str, language: str = "python") -> list[tuple]:
    return shape(new_parser(language).parse(encoded(text)).root_node)


def stops_always() -> float:
    """A clock by which every look finds the time for a slice to be over."""
    return next(stops_always.ticks)


stops_always.ticks = itertools.count()


@settings(max_examples=300, deadline=None)
@given(texts, st.lists(edits | st.builds(full, text=texts), max_size=6), st.booleans())
async def test_an_edited_tree_is_that_of_the_text(text, changes, each):
    tested = document(text)
    tree = SyntaxTree(tested)
    await tree.root()
    for change in changes:
        tested.apply_change(change)
        if each:
            root = await tree.root()
            assert root.end_byte == tested.n_bytes
    assert shape(await tree.root()) == fresh(tested.source)


def block(number: int, what: str) -> partial:
    """A change of one of the functions of `LONG` that leaves it without an error."""
    line = 3 * number
    if what == "delete":
        return partial(text="", range=types.Range(types.Position(line, 0), types.Position(line + 3, 0)))
    return insert(line + 1, 15, "'é😀', ") if what == "value" else insert(line, 0, f"{what}\n")


# How a parse gets over errors depends on where it was interrupted; without errors there is one tree.
valid_edits = st.builds(block, st.integers(0, 50), st.sampled_from(["delete", "value", "x = 1\n\n", "#\r\n\n"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(valid_edits, min_size=1, max_size=5), st.booleans())
async def test_edits_while_a_parse_is_under_way(changes, first):
    tested = document(LONG)
    tree = SyntaxTree(tested, clock=stops_always)
    if first:
        await tree.root()
    waiting = asyncio.create_task(tree.root())
    for change in changes:
        await asyncio.sleep(0.002)
        tested.apply_change(change)
        asyncio.create_task(tree.root()).cancel()
    await waiting
    assert shape(await tree.root()) == fresh(tested.source)


async def test_a_long_parse_is_interrupted_for_the_event_loop():
    tested = document(LONG)
    tree = SyntaxTree(tested, clock=stops_always)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    assert shape(await tree.root()) == fresh(LONG)
    counting.cancel()
    assert turns > 5


async def test_a_caller_who_stops_waiting_does_not_stop_the_parse():
    tested = document(LONG)
    tree = SyntaxTree(tested, clock=stops_always)
    first = asyncio.create_task(tree.root())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    work = tree._task
    assert work is not None
    await work
    assert shape(await tree.root()) == fresh(tested.source)


async def test_nothing_is_parsed_before_somebody_asks():
    tested = document("x = 1\n")
    tree = SyntaxTree(tested)
    tested.apply_change(insert(0, 0, "y"))
    assert tree.held == 0
    assert shape(await tree.root()) == fresh("yx = 1\n")
    assert tree.held == 7


@pytest.mark.parametrize("text", ["x = 1\n" * 9999, "x" * 99_999 + "\n", "é" * 99_999, "x\n" + "y" * 99_999])
def test_a_reader_reads_by_pieces(text):
    source, row, column, pieces = Source(document(text).lines), 0, 0, []
    while piece := source(0, (row, column)):
        pieces.append(bytes(piece))
        row, column = (
            row + piece.count(b"\n"),
            (0 if b"\n" in piece else column) + len(piece) - piece.rfind(b"\n") - 1,
        )
    assert b"".join(pieces) == text.encode()
    assert max(map(len, pieces)) <= 1 << 14


@pytest.mark.parametrize(("language", "limit"), [("plaintext", 99), ("", 99), ("python", 5)])
async def test_no_tree(language, limit):
    tested = document("x = 12\n", language)
    tree = SyntaxTree(tested, limit=limit)
    assert await tree.root() is None
    tested.apply_change(insert(0, 0, "y"))
    assert await tree.root() is None


async def test_a_document_that_grows_too_large_loses_its_tree_and_one_that_shrinks_gets_it_back():
    tested = document("x = 1\n")
    tree = SyntaxTree(tested, limit=10)
    assert await tree.root() is not None
    tested.apply_change(insert(0, 5, "23456789"))
    assert (await tree.root(), tree.held) == (None, 0)
    tested.apply_change(full(text="y\n"))
    assert shape(await tree.root()) == fresh("y\n")


async def test_a_very_long_line():
    tested = document("x = [" + "1, " * 20_000 + "'é'" + ", 2" * 20_000 + "]\n")
    tree = SyntaxTree(tested)
    await tree.root()
    tested.apply_change(insert(0, 50_000, "3, 'é', "))
    assert shape(await tree.root()) == fresh(tested.source)


async def test_a_key_in_a_long_document_makes_no_copy_of_its_text():
    tested = document(50 * LONG)
    tree = SyntaxTree(tested)
    await tree.root()
    tested.apply_change(insert(600, 0, "x = 1\n"))
    await tree.root()
    assert tested._source is None


async def test_trees_make_room():
    trees = Trees(room=20)
    one, two, three = document("x = 1\n"), document("y = 1234567\n"), document("z = 1\n")
    for each in (one, two):
        await trees.of(each).root()
    assert trees.of(two).held == 12
    assert (trees.of(one).held, trees.of(two).held) == (6, 12)
    await trees.of(three).root()
    assert [trees.of(each).held for each in (three, two, one)] == [6, 12, 0]


async def test_a_closed_document_is_freed_with_its_tree():
    trees = Trees()
    tested = document("x = 1\n")
    await trees.of(tested).root()
    left = weakref.ref(tested)
    gc.disable()
    try:
        del tested
        assert left() is None
    finally:
        gc.enable()


def test_a_reader_gives_away_one_buffer_while_it_parses():
    source = Source(["é\r\n", "b\r", "c"])
    assert [source(0, place) for place in [(0, 0), (0, 2), (1, 0), (2, 0), (2, 1), (3, 0)]] == [
        "é\r\nb\nc".encode(), b"\r\nb\nc", b"b\nc", b"c", b"", None]  # fmt: skip
    source.parsing = True
    pieces = [source(0, (line, 0)) for line in (0, 1)]
    assert pieces[0] is pieces[1]
    assert pieces[1] == b"b\nc"
