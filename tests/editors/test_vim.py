"""Vim 9 with ALE and `editors/vim`, as `ai-lsp setup` writes it: the real program, server and model."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ai_lsp.setup import files
from ai_lsp.setup.recipes import RECIPES, Machine
from tests.editors.probed import PROBE
from tests.editors.settings import isolated
from tests.editors.terminal import CONFIG, ENTER, ESCAPE, TAB, Screen, program
from tests.editors.test_nvim import BODY, TEXT

METHOD = "    def get_delta(self):\n"
VIMRC = """\
set nocompatible noswapfile shortmess+=c nomore noexpandtab
set runtimepath+={ale},{home}
let g:python_recommended_style = 0
filetype plugin on
imap <F5> <Plug>(ai-lsp-suggest)
"""
OTHER = """
call ale#linter#Define('python', {{'name': 'other', 'lsp': 'stdio', 'executable': '{python}',
  \\ 'command': '%e {probe} {folder}', 'project_root': '{folder}'}})
"""
GHOST = r'get_delta\(self\):\n +"""Return delta."""\n +return self.delta\n'
BY_HAND, NEXT, TAKE = "\x1b[15~", "\x0e", "\x19"


@contextmanager
def vim(home: Path, text: str = TEXT + METHOD, more: str = "") -> Iterator[Screen]:
    """Open a file in Vim, in insert mode below its last line."""
    run, binary = program("vim")
    ale = Path(run).parent / "root/usr/share/vim-ale"
    (home / "vimrc").write_text(VIMRC.format(ale=ale, home=home) + more)
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


def why(screen: Screen) -> None:
    screen.type(f"{ESCAPE}:AiLspWhy{ENTER}")


def test_it_shows_all_lines_and_tab_accepts_them(tmp_path: Path) -> None:
    with vim(tmp_path) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type('"""Ret')
        screen.until_shown(GHOST)
        screen.type(TAB)
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}        {BODY}\n"
        screen.type(f":AiLspStats{ENTER}")
        screen.until_shown(r"accepted +1\n")


def test_undo_takes_it_back_and_tab_is_a_tab_where_there_is_nothing(tmp_path: Path) -> None:
    with vim(tmp_path) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type(TAB + ESCAPE + "u")
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}        \n"
        screen.type("S#" + TAB)
        assert saved(screen, tmp_path) == f"{TEXT}{METHOD}#\t\n"


def test_by_hand_and_why(tmp_path: Path) -> None:
    with vim(tmp_path) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type(ESCAPE)
        screen.until(lambda: "delta." not in screen.text)
        screen.type("A" + BY_HAND)
        screen.until_shown(GHOST)
        why(screen)
        screen.until_shown(r"Request \d+, by hand")


def test_switched_off_and_on(tmp_path: Path) -> None:
    with vim(tmp_path) as screen:
        screen.type(f"{ESCAPE}:AiLspToggle{ENTER}")
        screen.until_shown("suggestions are off")
        screen.type("S        ")
        assert not screen.shows_within(2, GHOST)
        screen.type(f"{ESCAPE}:AiLspToggle{ENTER}")
        screen.until_shown("suggestions are on")
        screen.type("S        ")
        screen.until_shown(GHOST)


def test_lines_that_end_in_crlf(tmp_path: Path) -> None:
    text = (TEXT + METHOD).replace("\n", "\r\n")
    with vim(tmp_path, text) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type(TAB)
        assert saved(screen, tmp_path) == text + f"        {BODY}\n".replace("\n", "\r\n")


def test_characters_of_more_than_one_unit_before_the_cursor(tmp_path: Path) -> None:
    lines = "".join(f'print("😀é", one, two, {n})\n' for n in range(1, 6))
    with vim(tmp_path, lines) as screen:
        screen.type('print("😀é", one, tw')
        screen.until_shown(r"one, two, 6\)")
        screen.type(TAB)
        assert saved(screen, tmp_path) == f'{lines}print("😀é", one, two, 6)\n'


def test_beside_another_server(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text(json.dumps({"return self.de": ["decorate"]}))
    linter = tmp_path / "ale_linters" / "python" / "other.vim"
    linter.parent.mkdir(parents=True)
    linter.write_text(OTHER.format(python=sys.executable, probe=PROBE, folder=tmp_path))
    more = "let g:ale_linters = {'python': ['other']}\nlet g:ale_completion_enabled = 1\n"
    with vim(tmp_path, more=more) as screen:
        screen.type("        ")
        screen.until_shown(GHOST)
        screen.type_until("return self.de", r"self.de\n[^\n]*decorate")
        screen.type(NEXT + TAKE)
        assert "return self.decorate\n" in saved(screen, tmp_path)
