"""Edits for a text that has changed while the model worked."""

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.edits import Change
from ai_lsp.actions.forms.form import Result
from ai_lsp.actions.whereabouts import moved_to
from ai_lsp.positions import split_lines
from tests.actions.subjects import sight, subject

TEXT = "a = 1\n\ndef f():\n    return 1\n\nb = 2\n"
RESULT = Result((Change((3, 11), (3, 12), "2"),))


def moved(now):
    return moved_to(split_lines(now), subject("simplify", sight(TEXT, 3)), RESULT).changes


def test_nothing_has_changed_there():
    assert moved(TEXT) == moved(TEXT + "c = 3\n") == RESULT.changes


def test_lines_came_above():
    assert moved("x\ny\n" + TEXT) == (Change((5, 11), (5, 12), "2"),)
    assert moved(TEXT.removeprefix("a = 1\n")) == (Change((2, 11), (2, 12), "2"),)


@pytest.mark.parametrize("now", [TEXT.replace("return 1", "return 3"), "", "x\n" + TEXT.replace("b = 2\n", "")])
def test_what_it_is_about_has_changed(now):
    with pytest.raises(Refused, match="the text has changed while the model worked"):
        moved(now)
