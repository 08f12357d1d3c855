"""Emacs 30 with `editors/emacs/ai-lsp.el`, eglot and completion-preview-mode in a terminal, all of it real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.editors.emacs import END, F5, F6, F8, GHOST, UNDO, opened, saved
from tests.editors.terminal import ENTER, TAB, Screen
from tests.editors.test_emacs import METHOD
from tests.editors.test_nvim import BODY, TEXT


@contextmanager
def emacs(home: Path, text: str) -> Iterator[Screen]:
    """Open a file in Emacs, with the cursor at its end."""
    with opened(home, text, "eglot_preview.el") as screen:
        screen.until_ready()
        screen.type(END)
        yield screen


def test_it_shows_all_lines_and_tab_accepts_them(tmp_path: Path) -> None:
    with emacs(tmp_path, TEXT) as screen:
        screen.type(METHOD.replace("\n", ENTER))
        screen.until_shown(GHOST)
        assert (tmp_path / "work" / "a.py").read_text() == TEXT
        screen.type(TAB)
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}        {BODY}\n"
        screen.send(F8)
        screen.until_shown(r"accepted +1\n")


def test_typed_through_it_stays(tmp_path: Path) -> None:
    with emacs(tmp_path, TEXT + METHOD) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        for key in '"""Ret':
            screen.type(key)
            assert re.search(GHOST, screen.text), "it must not even flicker"
        screen.type(TAB)
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}        {BODY}\n"


def test_other_text_takes_it_away(tmp_path: Path) -> None:
    with emacs(tmp_path, TEXT + METHOD) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type("pass")
        screen.until(lambda: "return self.delta" not in screen.text)


def test_undo_takes_it_back_and_tab_is_its_own_where_there_is_nothing(tmp_path: Path) -> None:
    with emacs(tmp_path, TEXT + METHOD) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type(TAB)
        screen.until_shown("self.delta")
        screen.type(UNDO)
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}        \n"
        screen.send(F6)
        screen.until_shown("suggestions are off")
        screen.type(ENTER + "x" + TAB)
        assert saved(screen, tmp_path).endswith("\n        x\n")


def test_switched_off_and_on(tmp_path: Path) -> None:
    with emacs(tmp_path, TEXT + METHOD) as screen:
        screen.send(F6)
        screen.until_shown("suggestions are off")
        screen.type("       ")
        assert not screen.shows_within(2, "return self.delta")
        screen.send(F6)
        screen.until_shown("suggestions are on")
        screen.type(" ")
        screen.until_shown(GHOST)
        screen.send(F5)
        screen.until_shown(r"Request \d+, while typing")


def test_lines_that_end_in_crlf(tmp_path: Path) -> None:
    text = (TEXT + METHOD).replace("\n", "\r\n")
    with emacs(tmp_path, text) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type(TAB)
        assert saved(screen, tmp_path) == text + f"        {BODY}\n".replace("\n", "\r\n")


def test_characters_of_more_than_one_unit_before_the_cursor(tmp_path: Path) -> None:
    lines = "".join(f'print("😀é", one, two, {n})\n' for n in range(1, 6))
    with emacs(tmp_path, lines + 'print("😀é", one, t') as screen:
        screen.type("w")
        screen.until_shown(r"one, two, 6\)")
        screen.type(TAB)
        assert saved(screen, tmp_path) == f'{lines}print("😀é", one, two, 6)\n'
