"""Helix with `editors/helix/languages.toml`: the real program, the real server, the real model."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ai_lsp.setup.recipes import RECIPES, Machine
from tests.editors.probed import PROBE
from tests.editors.settings import isolated
from tests.editors.terminal import CONFIG, ENTER, ESCAPE, TAB, Screen, program
from tests.editors.test_nvim import BODY, TEXT
from tests.editors.test_nvim_actions import BODY as SUMMED
from tests.editors.test_nvim_actions import ROOT, SCRIPTED
from tests.editors.test_nvim_actions import TEXT as SUMS

LANGUAGES = Path(__file__).parents[2] / "editors" / "helix" / "languages.toml"
QUICK = "[editor]\nauto-pairs = false\nidle-timeout = 50\ncompletion-timeout = 50\n"
METHOD = "    def get_delta(self):\n        "
"""Its second line is there already: how Helix indents depends on its grammars."""
BY_HAND = "\x18"
REAL = 'command = "ai-lsp"\nargs = ["serve"]\n'


@contextmanager
def helix(home: Path, text: str = TEXT + METHOD + "\n", more: str = "", server: str = "") -> Iterator[Screen]:
    """Open a file in Helix, with our languages.toml and `more` of it; the cursor is in insert mode at its end.

    `server` is what the file says of another server than the real one.
    """
    hx = program("helix")
    config, work = home / "helix", home / "work"
    config.mkdir()
    work.mkdir()
    (config / "config.toml").write_text(QUICK)
    languages = LANGUAGES.read_text().replace(REAL, server or REAL)
    (config / "languages.toml").write_text(languages + more)
    (work / "a.py").write_bytes(text.encode())
    with isolated(home, CONFIG), Screen([*hx, "a.py"], home) as screen:
        if not server:
            screen.until_ready()
        screen.type("geA")
        screen.until_shown("INS")
        yield screen


def saved(screen: Screen, home: Path) -> str:
    """Leave insert mode, save, and return what is on disk."""
    screen.type(ESCAPE)
    screen.until_shown("NOR")
    screen.type(f":w{ENTER}")
    screen.until_shown("written")
    return (home / "work" / "a.py").read_bytes().decode()


def test_the_menu_has_it_while_typing(tmp_path: Path) -> None:
    with helix(tmp_path) as screen:
        screen.type_until("return self.de", r"delta.*text\b")
        screen.type(TAB)
        screen.until_shown("ai-lsp")
        screen.type(ENTER)
        assert "        return self.delta" in saved(screen, tmp_path)


def test_all_lines_by_hand(tmp_path: Path) -> None:
    with helix(tmp_path) as screen:
        screen.type(BY_HAND)
        screen.until_shown(r'"""Return delta."""…')
        screen.type(TAB + ENTER)
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}{BODY}\n"
        screen.type("u")
        screen.until(lambda: "delta." not in screen.text)


def test_lines_that_end_in_crlf(tmp_path: Path) -> None:
    text = (TEXT + METHOD).replace("\n", "\r\n")
    with helix(tmp_path, text + "\r\n") as screen:
        screen.type(BY_HAND)
        screen.until_shown(r'"""Return delta."""…')
        screen.type(TAB + ENTER)
        assert saved(screen, tmp_path) == text + f"{BODY}\n".replace("\n", "\r\n")


def test_characters_of_more_than_one_unit_before_the_cursor(tmp_path: Path) -> None:
    lines = "".join(f'print("😀é", one, two, {n})\n' for n in range(1, 6))
    with helix(tmp_path, lines) as screen:
        screen.type_until(f'{ENTER}print("😀é", one, tw', r"two, .*text\b")
        screen.type(TAB + ENTER)
        assert 'print("😀é", one, two, 6)' in saved(screen, tmp_path)


def test_beside_another_server(tmp_path: Path) -> None:
    # Helix asks all servers once a word, at a pause; its menu has what they all say, the first to answer first.
    (tmp_path / "answers.json").write_text(json.dumps({"return self.de": ["decorate"]}))
    other = f"[language-server.pylsp]\ncommand = {json.dumps(sys.executable)}\n"
    other += f"args = {json.dumps([str(PROBE), str(tmp_path)])}\n"
    with helix(tmp_path, f"{TEXT}{METHOD}return self.\n", other) as screen:
        screen.type("de")
        screen.until_shown(r"self\.de\n[^\n]*decorate *\n[^\n]*delta +text\b")
        screen.type(TAB + TAB)
        screen.until_shown("ai-lsp")
        screen.type(ENTER)
        assert saved(screen, tmp_path).endswith("        return self.delta\n")


def test_tab_is_its_own_where_there_is_no_menu(tmp_path: Path) -> None:
    with helix(tmp_path, "x = 1\n\n") as screen:
        screen.type(TAB + "# y")
        assert saved(screen, tmp_path) == "x = 1\n    # y\n"


def test_an_action_is_done_and_undone_in_one_step(tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text(json.dumps(["def total(prices):\n    return sum(prices)\n"]))
    server = f"""\
command = {json.dumps(sys.executable)}
args = {json.dumps(SCRIPTED[1:])}
environment = {{ SCRIPT = {json.dumps(str(tmp_path / "script.json"))}, PYTHONPATH = {json.dumps(str(ROOT))} }}
"""
    with helix(tmp_path, SUMS, server=server) as screen:
        screen.type(ESCAPE + "gg")
        for _ in range(20):  # the server may still be starting
            screen.type(ESCAPE + " a")
            if screen.shows_within(3.0, "Simplify `total`"):
                break
        assert "Rewrite" not in screen.text  # Helix cannot ask
        screen.type(TAB + ENTER)  # the first is chosen already
        screen.until_shown(r"return sum\(prices\)")
        assert saved(screen, tmp_path) == SUMS.replace(SUMMED, "    return sum(prices)\n")
        screen.type("u")
        screen.until_shown(r"result = result \+ price")


def test_the_file_is_what_setup_writes() -> None:
    block = RECIPES["helix"].block(Machine(Path("/"), {}, ["ai-lsp"], lambda _command: ""), "")
    assert LANGUAGES.read_text().endswith(f"\n\n{block}\n")
