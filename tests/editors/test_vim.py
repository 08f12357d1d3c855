"""Vim 9 with ALE and `editors/vim`, as `ai-lsp setup` writes it: the real program, server and model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ai_lsp.setup import files
from ai_lsp.setup.recipes import RECIPES, Machine
from tests.editors.settings import isolated
from tests.editors.terminal import CONFIG, ENTER, ESCAPE, Screen, program
from tests.editors.test_nvim import TEXT

METHOD = '    def get_delta(self):\n        """Return delta."""\n'
VIMRC = """\
set nocompatible noswapfile shortmess+=c nomore
set runtimepath+={ale}
filetype plugin on
let g:ale_completion_delay = 50
"""
NEXT, TAKE = "\x0e", "\x19"


@contextmanager
def vim(home: Path, text: str = TEXT + METHOD) -> Iterator[Screen]:
    """Open a file in Vim, in insert mode below its last line."""
    run, binary = program("vim")
    ale = Path(run).parent / "root/usr/share/vim-ale"
    (home / "vimrc").write_text(VIMRC.format(ale=ale))
    files.setting_up(RECIPES["vim"], Machine(home, {}, ["ai-lsp"], lambda _command: "")).apply()
    (home / "work").mkdir()
    (home / "work" / "a.py").write_bytes(text.encode())
    with isolated(home, CONFIG), Screen([run, binary, "-Nu", str(home / "vimrc"), "a.py"], home) as screen:
        screen.until_ready()
        screen.type("Go")
        screen.until_shown("INSERT")
        yield screen


def saved(screen: Screen, home: Path) -> str:
    screen.type(f"{ESCAPE}:w{ENTER}")
    screen.until_shown("written")
    return (home / "work" / "a.py").read_bytes().decode()


def test_the_menu_has_it_while_typing(tmp_path: Path) -> None:
    with vim(tmp_path) as screen:
        screen.type_until("        return self.de", r"delta +v ai-lsp")
        screen.type(NEXT + TAKE)
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}        return self.delta\n"
        screen.type(f":AiLspWhy{ENTER}")
        screen.until_shown("Suggested:\n\nlta\n")


def test_switched_off_and_on(tmp_path: Path) -> None:
    with vim(tmp_path) as screen:
        screen.type(f"{ESCAPE}:AiLspToggle{ENTER}")
        screen.until_shown("suggestions are off")
        screen.type(f"S        return self.de{ESCAPE}:AiLspWhy{ENTER}")
        screen.until_shown("nothing was asked for yet")
        screen.type(f":AiLspToggle{ENTER}")
        screen.until_shown("suggestions are on")
        screen.type_until("S        return self.de", r"delta +v ai-lsp")


def test_characters_of_more_than_one_unit_before_the_cursor(tmp_path: Path) -> None:
    lines = "".join(f'print("😀é", one, two, {n})\n' for n in range(1, 6))
    with vim(tmp_path, lines) as screen:
        screen.type_until('print("😀é", one, tw', r"two, 6\) +v ai-lsp")
        screen.type(NEXT + TAKE)
        assert saved(screen, tmp_path) == f'{lines}print("😀é", one, two, 6)\n'
