from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_lsp.completion.place import Place
from ai_lsp.licences import table
from ai_lsp.licences.match import LINES, TOKENS, find, find_all
from ai_lsp.licences.store import Entry
from ai_lsp.licences.tokens import tokens
from tests.filters.texts import PIECES, PLACES

BODY = [f"    step_{n} = first(second_{n}, {n})" for n in range(20)]
SHORT = [f"    go_{n} = {n}" for n in range(20)]
TEXT = "\n".join(["def one():", *BODY, "", "def two():", *SHORT, "    return go_1", ""])


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[table.Table]:
    path = tmp_path_factory.mktemp("index") / "x.sqlite"
    entries = [
        (Entry("/a.py", 1, 1, "", "GPL-3.0-only", "a 1", 40), tokens(TEXT, "python")),
        (Entry("/b.py", 1, 1, "", "AGPL-3.0-only", "b 2", 40), tokens("x = 1\n" + TEXT + "z = 2\n", "python")),
    ]
    table.write(path, 7, entries)
    newest = table.newest_path(path)
    assert newest is not None
    return [table.Table(newest)]


def place(prefix: str = "", uri: str = "file:///own.py") -> Place:
    return Place(uri, "own.py", "python", 1, prefix, "\n")


@pytest.mark.parametrize(("lines", "found"), [(LINES - 1, False), (LINES, True)])
def test_six_short_lines_are_a_copy(tables: list[table.Table], lines: int, found: bool) -> None:
    match = find("\n".join(SHORT[2 : 2 + lines]), place("y = 3\n"), tables)
    assert (match is not None) == found
    if match is not None:
        assert (match.path, match.line, match.lines, match.tokens) == ("/a.py", 26, lines, 3 * lines)


def test_sixty_tokens_are_a_copy_on_one_line(tables: list[table.Table]) -> None:
    five, eight = (" ".join(line.strip() for line in BODY[:count]) for count in (5, 8))
    assert len(tokens(five, "python").codes) < TOKENS < len(tokens(eight, "python").codes)
    assert find(five, place(), tables) is None
    match = find(eight, place(), tables)
    assert match is not None
    assert match.tokens == len(tokens(eight, "python").codes)


def test_a_passage_counts_where_the_suggestion_belongs_to_it(tables: list[table.Table]) -> None:
    before = "\n".join(BODY[:7]) + "\n"
    assert find(BODY[7], place(before), tables) is not None
    assert find("    step_7", place(before), tables) is not None
    assert find("    step_7 = another(thing)", place(before), tables) is None
    assert find("    other = 1", place(before), tables) is None
    assert find("", place(before), tables) is None
    assert find("  \n# a comment", place(before), tables) is None


def test_the_longest_passage_is_named(tables: list[table.Table]) -> None:
    match = find("x = 1\n" + "\n".join(["def one():", *BODY[:8]]), place(), tables)
    assert match is not None
    assert (match.path, match.package, match.licence, match.line) == ("/b.py", "b 2", "AGPL-3.0-only", 1)


def test_a_file_is_no_copy_of_itself(tables: list[table.Table]) -> None:
    match = find("\n".join(BODY[:8]), place(), tables, but="/a.py")
    assert match is not None
    assert match.path == "/b.py"


def test_all_passages_of_a_text(tables: list[table.Table]) -> None:
    text = "\n".join(["import os", "", *BODY[:8], "    mine = 1", *SHORT[:9], "    mine = 2"])
    found = find_all(text, "python", tables)
    assert [(line, match.line, match.lines) for line, match in found] == [(2, 2, 8), (11, 24, 9)]
    assert find_all("nothing = 1\n", "python", tables) == []


def test_without_tables(tmp_path: Path) -> None:
    assert find("\n".join(BODY), place(), []) is None
    path = tmp_path / "x.sqlite"
    table.write(path, 1, [])
    newest = table.newest_path(path)
    assert newest is not None
    assert find("\n".join(BODY), place(), [table.Table(newest)]) is None


@settings(deadline=None)
@given(text=PIECES | st.text(), where=PLACES)
def test_no_text_raises(tables: list[table.Table], text: str, where: Place) -> None:
    match = find(text, where, tables)
    assert match is None or match.tokens >= 16
    find_all(text, where.language, tables)


@settings(deadline=None)
@given(begin=st.integers(0, 13), cut=st.integers(1, 200))
def test_any_passage_is_found_wherever_the_cursor_stands(tables: list[table.Table], begin: int, cut: int) -> None:
    passage = "\n".join(BODY[begin : begin + 7])
    cut = min(cut, len(passage) - 1)
    if passage[cut:].strip():
        assert find(passage[cut:], place("y = 3\n" + passage[:cut]), tables) is not None
