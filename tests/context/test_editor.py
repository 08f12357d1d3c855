import asyncio
import threading
from pathlib import Path

import pytest

from ai_lsp.context.activity.editor import Editor
from ai_lsp.documents import Document
from tests.context.activity.editing import Desk

URIS = [
    ("file:///w/x.py", True),
    ("file:///w/.env", False),
    ("untitled:Untitled-1", True),
    ("untitled:/w/.env", False),
    ("vscode-notebook-cell:/w/n.ipynb#X1", True),
    ("git:/w/x.py?ref", False),
    ("output:tasks", False),
    ("nonsense", False),
    ("", False),
]


@pytest.mark.parametrize(("uri", "expected"), URIS)
def test_what_may_get_into_a_prompt(uri: str, expected: bool) -> None:
    desk = Desk()
    desk.unreadable = {Path("/w/.env")}
    assert desk.editor.readable(uri) == expected


def test_an_answer_holds_for_five_seconds() -> None:
    desk = Desk()
    document = desk.open("x.py", "")
    assert desk.editor.files() == {Path("/w/x.py"): document}
    desk.unreadable = {Path("/w/x.py")}
    assert list(desk.editor.documents) == ["file:///w/x.py"]
    desk.now = 5.1
    assert list(desk.editor.documents) == []


class Disk:
    """Notes who asks for what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        """Names, and whether the event loop's thread asked."""
        self.now = 0.0
        self.documents: dict[str, Document] = {}
        self.secret: set[str] = set()
        self.editor = Editor(lambda: self.documents, str, self.may_be_read, lambda: self.now)
        self._loops = threading.get_ident()

    def may_be_read(self, path: Path) -> bool:
        self.asked.append((path.name, threading.get_ident() == self._loops))
        return path.name not in self.secret

    def open(self, name: str) -> None:
        self.documents[f"file:///w/{name}"] = Document(f"file:///w/{name}", "")

    def seen(self) -> list[tuple[str, bool]]:
        """Return what was asked since the last time."""
        asked, self.asked = sorted(self.asked), []
        return asked


async def test_a_look_asks_about_all_documents_off_the_event_loop() -> None:
    disk = Disk()
    disk.open("a.py")
    disk.open("b.py")
    await asyncio.gather(disk.editor.look(), disk.editor.look())
    assert list(disk.editor.documents) == ["file:///w/a.py", "file:///w/b.py"]
    assert disk.seen() == [("a.py", False), ("b.py", False)]
    disk.secret = {"b.py"}
    disk.now = 2.1
    await disk.editor.look()
    assert list(disk.editor.documents) == ["file:///w/a.py"]
    await disk.editor.look()
    assert disk.seen() == [("a.py", False), ("b.py", False)]


async def test_what_no_look_has_seen_is_asked_about_at_once() -> None:
    disk = Disk()
    await disk.editor.look()
    disk.open("late.py")
    disk.secret = {"closed.py"}
    assert list(disk.editor.documents) == ["file:///w/late.py"]
    assert not disk.editor.readable("file:///w/closed.py")
    assert disk.seen() == [("closed.py", True), ("late.py", True)]


async def test_a_look_that_nobody_waits_for_any_more_counts_for_the_next_one() -> None:
    disk = Disk()
    disk.open("a.py")
    first = asyncio.create_task(disk.editor.look())
    await asyncio.sleep(0)
    first.cancel()
    await disk.editor.look()
    assert disk.editor.readable("file:///w/a.py")
    assert disk.seen() == [("a.py", False)]


async def test_what_is_closed_is_asked_about_for_a_minute() -> None:
    disk = Disk()
    disk.editor.readable("file:///w/closed.py")
    disk.now = 50.0
    await disk.editor.look()
    assert disk.seen() == [("closed.py", False), ("closed.py", True)]
    for seconds in (50.0, 59.0):
        disk.now += seconds
        await disk.editor.look()
    assert disk.seen() == [("closed.py", False)] * 2
    disk.now += 61.0
    await disk.editor.look()
    assert disk.seen() == []
