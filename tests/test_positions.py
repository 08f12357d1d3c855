"""Splitting at LSP's line ends only, and columns of long lines."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import ServerTextPosition

from ai_lsp.positions import Codec, split_lines

ENCODINGS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
ONLY_PYTHON_SPLITS_AT = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a\n", ""]),
        ("\r", ["\r", ""]),
        ("a\rb\nc\r\nd", ["a\r", "b\n", "c\r\n", "d"]),
        ("\n\r\r\n\n", ["\n", "\r", "\r\n", "\n", ""]),
        ("a\x0b\rb\u2028\nc\x85\r\n", ["a\x0b\r", "b\u2028\n", "c\x85\r\n", ""]),
    ],
)
def test_split_lines(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@pytest.mark.parametrize("separator", ONLY_PYTHON_SPLITS_AT)
@pytest.mark.parametrize("end", ["", "\r", "\n", "\r\n"])
def test_what_only_python_counts_as_a_line_end(separator: str, end: str) -> None:
    assert split_lines(f"a{separator}b{end}{separator}") == (
        [f"a{separator}b{end}", separator] if end else [f"a{separator}b{separator}"]
    )


@given(st.lists(st.sampled_from([*ONLY_PYTHON_SPLITS_AT, "\r", "\n", "a", "é", "😀"]), max_size=20).map("".join))
def test_split_lines_equals_a_regular_expression(text: str) -> None:
    assert "".join(split_lines(text)) == text
    assert len(split_lines(text)) == len(re.split("\r\n|\r|\n", text))
    assert all(re.fullmatch("[^\r\n]*(\r\n|\r|\n)", line) for line in split_lines(text)[:-1])


def test_no_character_of_unicode_but_these_is_split_at() -> None:
    text = "".join(map(chr, range(0x110000)))
    assert text.splitlines() == re.split(f"[\r\n{ONLY_PYTHON_SPLITS_AT}]", text)


@pytest.mark.parametrize("encoding", list(ENCODINGS))
@pytest.mark.parametrize("body", ["x", "é", "漢a", "😀", "a😀é"])
@pytest.mark.parametrize("column", [0, 1, 65_535, 65_536, 65_537, 150_001, 199_999])
def test_columns_of_a_long_line(body: str, column: int, encoding: str) -> None:
    line = (body * 200_000)[:200_000]
    codec = Codec(encoding)
    name, width = ENCODINGS[encoding]
    units = len(line[:column].encode(name)) // width
    position = types.Position(0, units)
    assert codec.position_from_client_units([line], position) == ServerTextPosition(0, column)
    assert codec.position_to_client_units([line], ServerTextPosition(0, column)) == position


def test_the_second_half_of_a_character_far_to_the_right() -> None:
    line = "a" + "😀" * 100_000
    assert Codec().position_from_client_units([line], types.Position(0, 180_000)) == ServerTextPosition(0, 90_000)


def test_narrow_lines_need_no_encoder_in_utf_16_only() -> None:
    codec = {name: Codec(name) for name in ENCODINGS}
    for one in codec.values():
        one.narrow = True
    found = {name: one.position_from_client_units(["é漢x"], types.Position(0, 2)) for name, one in codec.items()}
    assert {name: place.character for name, place in found.items()} == {"utf-8": 1, "utf-16": 2, "utf-32": 2}
