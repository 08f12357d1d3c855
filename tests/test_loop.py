"""What the interpreter's garbage collector does for an event loop that must never wait."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from lsprotocol import types

from ai_lsp.loop import settle, tidy
from ai_lsp.workspace import DocumentWorkspace


class Knot:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


def test_what_is_left_in_a_pause_is_set_aside_and_garbage_is_not():
    kept, lost = Knot(), weakref.ref(Knot())
    before = gc.get_freeze_count()
    settle()
    assert lost() is None
    assert gc.get_freeze_count() > before
    assert not any(one is kept for one in gc.get_objects())


def test_garbage_that_was_set_aside_goes_when_nobody_is_there():
    one = Knot()
    seen = weakref.ref(one)
    settle()
    del one
    settle()
    assert seen() is not None
    tidy()
    assert seen() is None


def test_a_closed_document_goes_at_once():
    workspace = DocumentWorkspace(None)
    workspace.put_text_document(types.TextDocumentItem("file:///a.py", "python", 1, "a\n"))
    document = workspace.open_documents["file:///a.py"]
    document.observers.append(lambda _edit, held=document: held)
    seen = weakref.ref(document)
    del document
    workspace.remove_text_document("file:///a.py")
    assert seen() is None
