from __future__ import annotations

from lsprotocol import types

from ai_lsp.completion.place import Place
from ai_lsp.completion.window import next_window, place_at
from ai_lsp.documents import Document

LINE = "x" * 9 + "\n"


def document(lines: int) -> Document:
    return Document("file:///a.py", LINE * lines, version=3, language_id="python")


def at(doc: Document, line: int, column: int = 0, chars: int = 1000) -> Place:
    return place_at(doc, line, column, path="a.py", prefix_chars=chars, suffix_chars=50)


def test_a_small_file_is_seen_whole() -> None:
    place = at(document(50), 40, 4)
    assert place.prefix == LINE * 40 + "xxxx"
    assert (place.suffix, place.line, place.version) == ("xxxxx\n" + LINE * 4, 40, 3)


def test_the_start_stays_while_one_types_on() -> None:
    doc = document(1000)
    first = at(doc, 500)
    starts = {at(doc, line).line - at(doc, line).prefix.count("\n") for line in range(500, 530)}
    assert starts == {500 - first.prefix.count("\n")}


def test_it_moves_before_the_prefix_outgrows_its_budget() -> None:
    doc = document(1000)
    for line in range(500, 700):
        assert 100 <= len(at(doc, line).prefix) <= 1000


def test_a_jump_up_moves_it() -> None:
    doc = document(1000)
    at(doc, 500)
    assert at(doc, 20).prefix == LINE * 20


def test_the_way_back_finds_the_old_start() -> None:
    doc = document(5000)
    first = at(doc, 500)
    at(doc, 3000)
    at(doc, 2000)
    assert at(doc, 505).prefix.startswith(first.prefix)


def test_there_is_always_something_above_the_cursor() -> None:
    doc = document(1000)
    at(doc, 500)
    for line in range(500, 400, -1):
        assert len(at(doc, line).prefix) >= 240


def test_an_edit_above_does_not_change_what_is_seen() -> None:
    doc = document(1000)
    before = at(doc, 500)
    start = types.Position(10, 0)
    doc.apply_change(types.TextDocumentContentChangePartial(range=types.Range(start, start), text="y\ny\n"))
    assert at(doc, 502).prefix == before.prefix


def test_a_line_longer_than_the_budget() -> None:
    doc = Document("file:///a.py", "z" * 5000, version=1, language_id="python")
    assert at(doc, 0, 4000).prefix == "z" * 1000


def test_a_line_past_the_end() -> None:
    assert at(document(3), 99, 5).line == 3


def following(doc: Document, line: int, chars: int = 1000) -> Place | None:
    return next_window(doc, line, 0, path="a.py", prefix_chars=chars, suffix_chars=50)


def start(place: Place) -> int:
    return place.line - place.prefix.count("\n")


def test_the_next_window_is_known_before_this_one_is_full() -> None:
    doc = document(1000)
    first = start(at(doc, 500))
    assert following(doc, 500) is None, "there is room"
    nearly = following(doc, first + 85)
    assert nearly is not None
    assert start(nearly) > first
    assert start(at(doc, first + 85)) == first, "it has not moved yet"
    assert start(at(doc, first + 100)) == start(nearly)
    assert nearly.prefix.startswith(at(doc, first + 100).prefix[:100])


def test_the_next_window_stays_while_it_serves() -> None:
    doc = document(1000)
    first = start(at(doc, 500))
    starts = {start(place) for line in range(first + 82, first + 98) if (place := following(doc, line))}
    assert len(starts) == 1


def test_a_file_that_grows_beyond_its_first_window_has_a_next_one() -> None:
    doc = document(200)
    assert start(at(doc, 85)) == 0
    nearly = following(doc, 85)
    assert nearly is not None
    assert start(nearly) > 0


def test_without_a_window_there_is_no_next_one() -> None:
    assert following(document(50), 10) is None
    doc = document(50)
    at(doc, 40)
    assert following(doc, 99) is None
