"""Emacs with `editors/emacs/ai-lsp.el` and lsp-mode 10 in a terminal: ghost text, with the real server and model.

`make test-editors` runs these: lsp-mode comes uncompiled and takes its time to start.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.editors.emacs import COMMAND, COMPLETE, END, F5, F6, F7, F8, GHOST, LEAVE, START, UNDO, opened, saved
from tests.editors.probed import PROBE
from tests.editors.terminal import ENTER, TAB, Screen, program
from tests.editors.test_emacs import METHOD
from tests.editors.test_nvim import BODY, TEXT
from tests.editors.test_nvim_actions import BODY as SUMMED
from tests.editors.test_nvim_actions import ROOT, SCRIPTED
from tests.editors.test_nvim_actions import TEXT as SUMS


@contextmanager
def emacs(home: Path, text: str, server: str = "", **environment: str) -> Iterator[Screen]:
    """Open a file in Emacs, with the cursor at its end; `server` is another one than the real."""
    packages = Path(program("lsp-mode")[0]).parent / "root/usr/share/emacs/site-lisp/elpa-src"
    environment |= {"LSP_MODE_PACKAGES": str(packages)} | ({"SERVER": server} if server else {})
    with opened(home, text, "lsp_mode.el", **environment) as screen:
        if server:
            screen.until_shown("LSP ::.*(Connected|initialized)")
        else:
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


def test_undo_takes_it_back_and_tab_is_its_own_where_there_is_nothing(tmp_path: Path) -> None:
    with emacs(tmp_path, TEXT + METHOD) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type(TAB + UNDO)
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}        \n"
        screen.send(F6)
        screen.until_shown("suggestions are off")
        screen.type(ENTER + "x" + TAB)
        assert saved(screen, tmp_path).endswith("\n        x\n")


def test_lines_that_end_in_crlf(tmp_path: Path) -> None:
    text = (TEXT + METHOD).replace("\n", "\r\n")
    with emacs(tmp_path, text) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type(TAB)
        assert saved(screen, tmp_path) == text + f"        {BODY}\n".replace("\n", "\r\n")


def test_by_hand_and_why(tmp_path: Path) -> None:
    with emacs(tmp_path, TEXT + METHOD + "        ") as screen:
        screen.send(F7)
        screen.until_shown(GHOST)
        screen.send(F5)
        screen.until_shown(r"Request \d+, by hand\n")


def test_switched_off_and_on(tmp_path: Path) -> None:
    with emacs(tmp_path, TEXT + METHOD) as screen:
        screen.send(F6)
        screen.until_shown("suggestions are off")
        screen.type("        ")
        screen.send(F7)
        screen.until_shown("No Suggestions")
        screen.send(F6)
        screen.until_shown("suggestions are on")
        screen.send(F7)
        screen.until_shown(GHOST)


def test_characters_of_more_than_one_unit_before_the_cursor(tmp_path: Path) -> None:
    lines = "".join(f'print("😀é", one, two, {n})\n' for n in range(1, 6))
    with emacs(tmp_path, lines + 'print("😀é", one, t') as screen:
        screen.type("w")
        screen.until_shown(r"one, two, 6\)")
        screen.type(TAB)
        assert saved(screen, tmp_path) == f'{lines}print("😀é", one, two, 6)\n'


def test_it_asks_what_is_to_be_done(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps(["def total(prices):\n    return sum(prices)\n"]))
    environment = {"SCRIPT": str(script), "PYTHONPATH": str(ROOT)}
    with emacs(tmp_path, SUMS, " ".join(SCRIPTED), **environment) as screen:
        screen.until_shown(r"LSP\[ai-lsp:\d+\]")  # not still starting
        screen.type(START)
        for said in ("use a loop" + LEAVE, "use sum" + ENTER):
            screen.type(COMMAND + "lsp-execute-code-action" + ENTER)
            screen.until_shown("Select code action")
            screen.type("Rewrite" + TAB + ENTER)
            screen.until_shown(r"Rewrite as told: `total`… \(scripted\):")
            screen.type(said)
        screen.until_shown(r"return sum\(prices\)")
        assert saved(screen, tmp_path) == SUMS.replace(SUMMED, "    return sum(prices)\n")
    [asked] = script.with_suffix(".asked").read_text().splitlines()
    assert "use sum" in asked


def test_beside_another_server(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text(json.dumps({"self.dec": ["decorate"]}))
    other = f"{sys.executable} {PROBE} {tmp_path} menu"
    with emacs(tmp_path, TEXT + METHOD, OTHER=other) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type("self.dec" + COMPLETE)
        screen.until_shown(r"1 possible completions:\n+ *decorate")
