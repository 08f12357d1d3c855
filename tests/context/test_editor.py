from pathlib import Path

import pytest

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
