import os
from pathlib import Path

from ai_lsp.completion.window import place_at
from ai_lsp.context.activity.editor import Editor
from ai_lsp.context.cochange import CoChange
from ai_lsp.context.neighbours import Neighbours
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.documents import Document

TESTS = "def test_price():\n    assert price(offset=1, amount=2) == 3\n"


class Folder:
    """A workspace folder on disk, and its open documents."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = 0.0
        self.documents: dict[str, Document] = {}
        self.unreadable: set[str] = set()
        self.editor = Editor(
            lambda: self.documents,
            lambda uri: uri,
            lambda path: path.name not in self.unreadable,
            lambda: self.now,
        )

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def open(self, name: str, text: str) -> Document:
        uri = (self.root / name).as_uri()
        self.documents[uri] = Document(uri, text, version=1, language_id="python")
        return self.documents[uri]

    async def find(self, source: Neighbours, name: str, text: str = "price(offset, amount") -> list[Snippet]:
        document = self.open(name, text)
        place = place_at(document, 0, len(text), path=name, prefix_chars=6000, suffix_chars=3000)
        return await source.find(Query(place, document, self.root, self.root / name))


async def test_the_tests_of_a_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("tests/test_x.py", TESTS)
    (found,) = await folder.find(Neighbours(folder.editor, timer=float), "pkg/x.py")
    assert (found.source, found.path, found.line, found.text) == ("neighbours", "tests/test_x.py", 0, TESTS)
    assert 0.2 < found.score <= 1


async def test_the_subject_of_a_test_in_a_package_of_any_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("anything/deep/x.py", TESTS)
    assert [
        one.path for one in await folder.find(Neighbours(folder.editor, timer=float), "tests/deep/test_x.py")
    ] == ["anything/deep/x.py"]


async def test_files_of_the_same_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("x.html", TESTS)
    folder.write("x.bin", TESTS)
    folder.write("y.html", TESTS)
    assert [one.path for one in await folder.find(Neighbours(folder.editor, timer=float), "x.py")] == ["x.html"]


async def test_files_that_were_changed_together(tmp_path: Path) -> None:
    async def read(_root: Path) -> bytes:
        return b"\x01\0\nx.py\0other.py\0" * 3

    folder = Folder(tmp_path)
    folder.write("other.py", TESTS)
    history = CoChange(read)
    source = Neighbours(folder.editor, history, float)
    assert await folder.find(source, "x.py") == []
    await history.settled()
    assert [one.path for one in await folder.find(source, "x.py")] == ["other.py"]


async def test_an_open_neighbour_is_taken_as_it_is_in_the_editor(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("test_x.py", "nothing\n")
    folder.open("test_x.py", TESTS)
    assert [one.text for one in await folder.find(Neighbours(folder.editor, timer=float), "x.py")] == [TESTS]


async def test_a_neighbour_that_changed_is_read_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    source = Neighbours(folder.editor, timer=float)
    folder.write("test_x.py", TESTS)
    assert [one.text for one in await folder.find(source, "x.py")] == [TESTS]
    folder.write("test_x.py", "# new\n" + TESTS)
    assert [one.text for one in await folder.find(source, "x.py")] == ["# new\n" + TESTS]


async def test_new_neighbours_are_found_after_a_while(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    source = Neighbours(folder.editor, timer=float)
    assert await folder.find(source, "x.py") == []
    folder.write("test_x.py", TESTS)
    folder.now = 6.0
    assert [one.text for one in await folder.find(source, "x.py")] == [TESTS]


async def test_what_cannot_or_must_not_be_read_is_left_out(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("x.json", TESTS)
    folder.unreadable = {"x.json"}
    folder.write("test_x.py", b"price offset amount \0")
    folder.write("x_test.py", TESTS * 5000)
    os.mkfifo(tmp_path / "x.html") if hasattr(os, "mkfifo") else None
    (tmp_path / "x.ts").symlink_to(tmp_path / "x.ts")
    assert await folder.find(Neighbours(folder.editor, timer=float), "x.py") == []


async def test_a_document_that_lies_nowhere_has_no_neighbours(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    document = folder.open("x.py", "price")
    place = place_at(document, 0, 5, path="x.py", prefix_chars=100, suffix_chars=100)
    assert await Neighbours(folder.editor, timer=float).find(Query(place, document)) == []
    folder.write("test_x.py", TESTS)
    assert (
        await Neighbours(folder.editor, timer=float).find(
            Query(place, document, tmp_path / "other", tmp_path / "x.py")
        )
        == []
    )
