"""Documents against a slow model that splits the whole text again for each change."""

import gc
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.workspace import PositionCodec, ServerTextPosition

from ai_lsp import documents
from ai_lsp.documents import Document
from ai_lsp.positions import Codec, line_end
from ai_lsp.workspace import DocumentWorkspace

CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
URI = "file:///work/a.py"
PIECES = [
    "a",
    "  ",
    "\r",
    "\n",
    "\r\n",
    "é",
    "😀",
    "e\u0301",
    "👩\u200d💻",
    "\u2028",
    "\x0b",
    "\x0c",
    "\x85",
    "\x1c",
    "\x1d",
    "\x1e",
    "\u2029",
    "漢",
]

encodings = st.sampled_from(list(CODECS))
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
positions = st.builds(types.Position, st.integers(0, 9), st.integers(0, 12) | st.just(2**31 - 1))
full, partial = types.TextDocumentContentChangeWholeDocument, types.TextDocumentContentChangePartial
edits = st.builds(partial, text=texts, range=st.builds(types.Range, positions, positions))


def document(source: str, encoding: str = "utf-16") -> Document:
    return Document(URI, source, 1, "python", position_codec=PositionCodec(encoding))


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> partial:
    return partial(text=text, range=types.Range(types.Position(*start), types.Position(*end)))


def slow_split(text: str) -> list[str]:
    parts = re.split("(\r\n|\r|\n)", text)
    return ["".join(pair) for pair in zip(parts[::2], [*parts[1::2], ""], strict=True)]


def width(text: str, encoding: str) -> int:
    name, size = CODECS[encoding]
    return len(text.encode(name)) // size


def slow_index(text: str, position: types.Position, encoding: str) -> tuple[int, int]:
    lines = slow_split(text)
    if position.line >= len(lines):
        return len(lines) - 1, len(lines[-1])
    content = lines[position.line].rstrip("\r\n")
    fits = [n for n in range(len(content) + 1) if width(content[:n], encoding) <= position.character]
    return position.line, max(fits)


def slow_change(text: str, change: types.TextDocumentContentChangeEvent, encoding: str) -> str:
    if isinstance(change, full):
        return change.text
    lines = slow_split(text)
    places = [slow_index(text, end, encoding) for end in (change.range.start, change.range.end)]
    start, end = sorted(len("".join(lines[:line])) + column for line, column in places)
    return text[:start] + change.text + text[end:]


@settings(max_examples=400)
@given(texts, st.lists(edits | st.builds(full, text=texts), max_size=8), encodings)
def test_changes_equal_splitting_the_whole_text_again(text, changes, encoding):
    tested = document(text, encoding)
    for change in changes:
        text = slow_change(text, change, encoding)
        tested.apply_change(change)
        assert tested.lines == slow_split(text)
        assert tested.source == text
        assert tested.source is tested.source
        assert (tested.n_chars, tested.n_bytes) == (len(text), len(text.encode()))
        counts = Counter(map(line_end, tested.lines))
        assert tested.eol == max("\n", "\r\n", "\r", key=lambda end: counts[end])


@pytest.mark.parametrize(
    ("source", "change", "expected"),
    [
        ("", edit((0, 0), (0, 0), "a\n"), ["a\n", ""]),
        ("a\rb", edit((1, 0), (1, 0), "\n"), ["a\r\n", "b"]),
        ("a\rb\nc", edit((1, 0), (1, 1), ""), ["a\r\n", "c"]),
        ("a\nb", edit((0, 1), (0, 1), "\r"), ["a\r\n", "b"]),
        ("a\r\nb", edit((0, 2), (0, 2), "x"), ["ax\r\n", "b"]),
        ("a\u2028b\x0bc\x85d", edit((0, 1), (0, 1), "x"), ["ax\u2028b\x0bc\x85d"]),
        ("a😀b", edit((0, 2), (0, 2), "x"), ["ax😀b"]),
        ("é\ud83d!", edit((0, 2), (0, 3), "\ude00"), ["é\ufffd\ufffd"]),
        ("aé", edit((0, 2), (0, 2), "\ud83d\ude00"), ["aé😀"]),
        ("a\r\nb", edit((0, 1), (1, 0), "\r"), ["a\r", "b"]),
        ("a\r\nb", edit((0, 1), (1, 0), ""), ["ab"]),
        ("a\rb\nc\r\nd", edit((0, 1), (3, 0), "\u2028\x1c"), ["a\u2028\x1cd"]),
        ("a\n\rb", edit((1, 0), (1, 0), "x"), ["a\n", "x\r", "b"]),
    ],
)
def test_single_changes(source, change, expected):
    tested = document(source)
    tested.apply_change(change)
    assert tested.lines == expected
    assert tested.n_bytes == len("".join(expected).encode())


@pytest.mark.parametrize(
    ("source", "changes", "lines", "ends"),
    [
        ("ab", [edit((0, 1), (0, 1), "\r"), edit((1, 0), (1, 0), "\n")], ["a\r\n", "b"], [(1, 0), (1, 0)]),
        ("ab", [edit((0, 1), (0, 1), "\n"), edit((0, 1), (0, 1), "\r")], ["a\r\n", "b"], [(1, 0), (0, 2)]),
        ("a\r\nb", [edit((0, 1), (1, 0), "\r"), edit((0, 1), (1, 0), "\n")], ["a\n", "b"], [(1, 0), (1, 0)]),
        ("a\nb", [edit((0, 9), (1, 0), ""), edit((0, 1), (0, 1), "x\r\ny")], ["ax\r\n", "yb"], [(0, 1), (1, 1)]),
        ("é😀\n", [edit((0, 3), (0, 3), "x"), edit((0, 1), (0, 3), "")], ["éx\n", ""], [(0, 3), (0, 1)]),
        (
            "a\nb",
            [edit((9, 9), (9, 9), "\r"), edit((9, 0), (9, 0), "\nc")],
            ["a\n", "b\r\n", "c"],
            [(2, 0), (2, 1)],
        ),
    ],
)
def test_two_changes_and_where_each_ends(source, changes, lines, ends):
    tested = document(source)
    found = []
    for change in changes:
        tested.apply_change(change)
        found.append(tested.edit_end)
    assert (tested.lines, found) == (lines, ends)


@given(texts, edits, encodings)
def test_a_change_ends_before_what_it_leaves_alone(text, change, encoding):
    tested = document(text, encoding)
    end = max(tested.index(change.range.start), tested.index(change.range.end))
    kept = "".join(tested.lines[end[0] :])[end[1] :]
    tested.apply_change(change)
    line, column = tested.edit_end
    assert "".join(tested.lines[line:])[column:] == kept


def test_a_text_is_split_when_its_lines_are_wanted():
    tested = document("a\nb")
    tested.apply_change(full(text="a\r\nb\r\nc"))
    assert (tested.source, tested.n_chars, tested.n_bytes) == ("a\r\nb\r\nc", 7, 7)
    assert (tested.eol, tested.lines) == ("\r\n", ["a\r\n", "b\r\n", "c"])


@pytest.mark.parametrize("turns", [0, 1, 3, 100])
@given(text=texts)
def test_a_text_may_be_split_piece_by_piece(text: str, turns: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_SPLIT_AT_ONCE", 3)
        tested = document(text)
        done = [tested.split_some() for _ in range(turns)]
        assert done == sorted(done)
        assert tested.lines == slow_split(text)
        assert tested.split_some()
        counts = Counter(map(line_end, tested.lines))
        assert tested.eol == max("\n", "\r\n", "\r", key=lambda end: counts[end])
    assert turns < 100 or done[-1]


def test_a_new_text_begins_anew():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_SPLIT_AT_ONCE", 3)
        tested = document("a\nb\nc\nd\n")
        assert not tested.split_some()
        tested.apply_change(full(text="x\ny\nz\n"))
        assert tested.lines == ["x\n", "y\n", "z\n", ""]


@given(texts, st.integers(-1, 20), st.integers(-1, 20), encodings)
def test_position_clamps_and_is_the_inverse_of_index(text, line, column, encoding):
    tested = document(text, encoding)
    position = tested.position(line, column)
    beyond = line >= len(tested.lines)
    line = max(0, min(line, len(tested.lines) - 1))
    content = tested.lines[line].rstrip("\r\n")
    column = len(content) if beyond else max(0, min(column, len(content)))
    assert position == types.Position(line, width(content[:column], encoding))
    assert tested.index(position) == (line, column)
    inside = types.Position(line, max(0, position.character - 1))
    assert tested.index(inside) == slow_index(text, inside, encoding)


def test_codec_takes_what_a_document_never_holds():
    assert Codec().position_from_client_units([], types.Position(3, 3)) == ServerTextPosition(0, 0)
    assert Codec().position_to_client_units([], ServerTextPosition(3, 3)) == types.Position(0, 0)
    assert Codec().client_num_units("\ud83d") == 1
    assert [Codec(name).client_num_units("😀") for name in (None, "utf-7", "utf-8", "utf-32")] == [2, 2, 4, 1]
    assert Codec(types.PositionEncodingKind.Utf8).client_num_units("😀") == 4


def test_pygls_own_methods_work_on_a_document():
    tested = document("ab cd\r\n😀ef gh\n")
    assert tested.word_at_position(types.Position(1, 3)) == "ef"
    assert tested.offset_at_position(types.Position(1, 3)) == 9
    assert tested.client_position_at_offset(9) == types.Position(1, 3)
    assert tested.text_in_client_range(types.Range(types.Position(0, 3), types.Position(1, 4))) == "cd\r\n😀ef"


def operations(function, *arguments) -> int:
    """Count the byte code instructions that a call takes, which unlike its time are always the same."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    gc.disable()  # its callbacks would be counted too
    sys.settrace(trace)
    function(*arguments)
    sys.settrace(before)
    gc.enable()
    return count


@pytest.mark.parametrize("encoding", list(CODECS))
@pytest.mark.parametrize("body", ["x", "é😀", "some line\n"])
def test_a_document_of_five_megabytes_takes_no_more_steps_than_a_small_one(body, encoding):
    def steps(size: int) -> list[int]:
        tested = document(body * (size // len(body)), encoding)
        line, column = len(tested.lines) // 2, len(tested.lines[0]) // 2
        place = tested.position(line, column)
        change = partial(range=types.Range(place, place), text="new\ntext")
        return [
            operations(tested.index, place),
            operations(tested.position, line, column),
            operations(tested.window, line, column, 600, 200),
            operations(tested.apply_change, change),
        ]

    # Not to the instruction: long lines are halved until little is left of them.
    assert sum(steps(5_000_000)) < sum(steps(5_000)) + 500
    assert operations(PositionCodec().client_num_units, "é" * 1000) > 1000, "a loop is not counted"


@pytest.mark.parametrize(
    ("place", "budgets", "expected"),
    [
        ((1, 2), (100, 100), ("one\ntw", "o\nthree\nfour")),
        ((1, 2), (5, 7), ("tw", "o\n")),
        ((1, 2), (5, 8), ("tw", "o\nthree\n")),
        ((1, 2), (1, 1), ("w", "o")),
        ((1, 2, 9), (99, 0), ("tw", "")),
        ((2, 2, 1), (99, 0), ("two\nth", "")),
        ((1, 2, -1), (99, 0), ("one\ntw", "")),
        ((9, 9), (9, 9), ("four", "")),
        ((-1, -1), (9, 4), ("", "one\n")),
        ((3, 1), (5, 3), ("ree\nf", "our")),
        ((1, 3), (3, 5), ("two", "\nthre")),
    ],
)
def test_window(place, budgets, expected):
    line, column, *from_line = place
    assert document("one\r\ntwo\rthree\nfour").window(line, column, *budgets, *from_line) == expected


@given(texts, positions, st.integers(0, 30), st.integers(0, 30))
def test_window_is_the_text_around_the_place(text, position, before, after):
    tested = document(text)
    line, column = tested.index(position)
    prefix, suffix = tested.window(line, column, before, after)
    plain = re.sub("\r\n?", "\n", text)
    offset = len("\n".join(plain.split("\n")[:line])) + (line > 0) + column
    assert plain[:offset].endswith(prefix)
    assert plain[offset:].startswith(suffix)
    assert (len(prefix) <= before, len(suffix) <= after) == (True, True)
    assert tested.window(line, column, 999, 999) == (plain[:offset], plain[offset:])


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        (edit((0, 0), (0, 0), "x\ny\n"), 4),
        (edit((0, 0), (1, 0), ""), 1),
        (edit((0, 1), (2, 0), ""), 0),
        (edit((2, 0), (2, 0), "new\n"), 3),
        (edit((2, 1), (2, 1), "\n"), 2),
        (edit((3, 0), (4, 0), "x\n\n\n"), 2),
        (edit((1, 0), (4, 0), "x\ny\nz\n"), 2),
        (edit((0, 0), (9, 0), "x"), 0),
        (full(text="a\nb\nc\nd\n"), 2),
        (full(text="a\nb"), 1),
    ],
)
def test_anchor(change, anchor):
    tested = document("0\n1\n2\n3\n4\n")
    tested.anchors = [2]
    tested.apply_change(change)
    assert anchor < len(tested.lines)
    assert tested.anchors == [anchor]


@given(texts, st.integers(0, 9), edits)
def test_anchor_keeps_its_text_when_an_edit_ends_above_it(text, anchor, change):
    tested = document(text)
    anchor = min(anchor, len(tested.lines) - 1)
    tested.anchors = [anchor]
    start, end = sorted((tested.index(change.range.start), tested.index(change.range.end)))
    kept = "".join(tested.lines[anchor:])
    tested.apply_change(change)
    moved = tested.anchors[0]
    assert 0 <= moved < len(tested.lines)
    if end <= (anchor, 0):
        assert "".join(tested.lines[moved:]).endswith(kept)
        assert len("".join(tested.lines[moved + 1 :])) <= max(0, len(kept) - 1)
    elif start >= (anchor, 0):
        assert tested.anchors == [anchor]


def test_without_a_source_the_file_is_read(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes(b"\xef\xbb\xbfa\r\nb\xff")
    assert Document(file.as_uri()).lines == ["a\r\n", "b\ufffd"]
    assert Document((tmp_path / "missing.py").as_uri()).source == ""
    assert Document(f"vscode-notebook-cell:{file}").source == ""


def test_pygls_protocol_opens_changes_and_closes(caplog):
    protocol = LanguageServer("test", "1").protocol
    workspace = protocol._workspace = DocumentWorkspace("file:///work", position_encoding="utf-8")
    changes = [edit((0, 2), (0, 2), "a"), edit((1, 0), (1, 0), "b")]
    change = types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, URI), changes)
    list(protocol.lsp_text_document__did_change(change))
    assert workspace.text_documents == {}
    assert caplog.messages == [f"a change to {URI} is dropped: it is not open"] * 2
    opening = types.DidOpenTextDocumentParams(types.TextDocumentItem(URI, "python", 1, "é\n"))
    list(protocol.lsp_text_document__did_open(opening))
    list(protocol.lsp_text_document__did_change(change))
    tested = workspace.get_text_document(URI)
    assert (tested.source, tested.version, tested.language_id) == ("éa\nb", 2, "python")


@pytest.mark.parametrize(
    ("uri", "root", "shown"),
    [
        ("file:///work/a/b.py", "/work", "a/b.py"),
        ("file:///work/inner/b.py", "/work/inner", "b.py"),
        ("file:///work/a%20b/%C3%A9.py", "/work", "a b/é.py"),
        ("file:///workshop/b.py", None, "b.py"),
        ("untitled:Untitled-1", None, "Untitled-1"),
        ("untitled:/work/new.py", "/work", "new.py"),
        ("vscode-notebook-cell:/work/n.ipynb#X12", "/work", "n.ipynb"),
        ("cell:2", "/work", "nb/a b.ipynb"),
        ("git:/work/b.py?%7B%22ref%22%7D", None, "b.py"),
        ("untitled:", None, "untitled:"),
    ],
)
def test_root_and_display_path(uri, root, shown):
    folders = [types.WorkspaceFolder(f"file:///work{inner}", "name") for inner in ("", "/inner/")]
    tested = DocumentWorkspace("file:///workshop", workspace_folders=folders)
    notebook = types.NotebookDocument("file:///work/nb/a%20b.ipynb", "jupyter-notebook", 1, [])
    cells = [types.TextDocumentItem("cell:2", "python", 1, "x")]
    tested.put_notebook_document(types.DidOpenNotebookDocumentParams(notebook, cells))
    assert tested.root_for(uri) == (root and Path(root))
    assert tested.display_path(uri) == shown
    assert DocumentWorkspace("file:///work").root_for(URI) == Path("/work")
    assert DocumentWorkspace(None).root_for(URI) is None


@given(texts, edits, encodings)
def test_an_observer_is_told_what_was_replaced(text, change, encoding):
    tested = document(text, encoding)
    told = []
    tested.observers.append(told.append)
    before = list(tested.lines)
    tested.apply_change(change)
    (one,) = told
    start = len("".join(before[: one.start[0]])) + one.start[1]
    old_end = len("".join(before[: one.old_end[0]])) + one.old_end[1]
    new_end = len("".join(tested.lines[: one.new_end[0]])) + one.new_end[1]
    assert text[start:old_end] == one.removed
    assert tested.source[start:new_end] == one.inserted
    assert text[:start] + one.inserted + text[old_end:] == tested.source
    tested.apply_change(full(text="x"))
    assert told[1:] == [None]
