"""What is read of a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.index.content import decode, read


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"a\r\nb\rc\n", "a\nb\nc\n"), ("é = 1\n".encode(), "é = 1\n"), ("é\n".encode("latin-1"), "é\n"),
     (b"\xef\xbb\xbfa", "a"), ("a\n".encode("utf-16"), "a\n"), (b"\x7fELF\0\0", ""), (b"", ""),
     (b"x" * 2000 + b"\0y", "x" * 2000 + " y")],
)  # fmt: skip
def test_decode(data: bytes, expected: str) -> None:
    assert decode(data) == expected


@given(st.binary(max_size=200))
def test_decode_never_raises(data: bytes) -> None:
    assert "\r" not in decode(data)


@pytest.mark.parametrize(
    "text", ["x" * 6000, "short\n" + "y" * 5001 + "\n", "z" * 400 + "\n" + "z" * 400, "PNG\0\0\0"]
)
def test_what_is_not_worth_indexing_has_no_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text)
    content = read(tmp_path / "a", 100_000)
    assert content is not None
    assert content.text == ""
    assert content.size == len(text)


def test_a_short_single_line_is_worth_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x = 1")
    content = read(tmp_path / "a", 100)
    assert content is not None
    assert content.text == "x = 1"


def test_what_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(100 << 20)
    assert [read(tmp_path / name, 1000) for name in ("pipe", "folder", "huge", "nowhere", "a\0b")] == [None] * 5


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    digests = []
    for text in ("a", "b", "a"):
        (tmp_path / "a").write_text(text)
        content = read(tmp_path / "a", 100)
        assert content is not None
        digests.append(content.digest)
    assert digests[0] == digests[2] != digests[1]
