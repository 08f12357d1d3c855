"""`python -m benchmarks.editors.picture FILE`: Neovim with ghost text, as SVG, for the plugin's README.

The real program, server and model in a terminal; nothing is drawn by hand but the terminal's frame.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

from benchmarks.editors.nvim import PLUGIN, PROGRAM
from benchmarks.editors.terminal import Terminal

WIDTH, HEIGHT = 8.4, 18
ROWS, COLUMNS = 22, 84
TEXT = '''class Account:
    """Money of one owner."""

    def deposit(self, amount):
        """Add money to the account."""
        if amount <= 0:
            raise ValueError("amount must be positive")
        self.balance += amount

'''
_SETUP = """
vim.opt.runtimepath:prepend("{plugin}")
vim.o.termguicolors, vim.o.number, vim.o.laststatus, vim.o.ruler = true, true, 2, false
vim.o.statusline = " %f%m%=%{{v:lua.require'ai_lsp'.status()}}  %l:%c "
require("ai_lsp").setup({{
  cmd = {{ "{python}", "-m", "ai_lsp", "serve" }},
  settings = {{ completion = {{ deadline_ms = 5000 }} }},
}})
"""


def svg(terminal: Terminal) -> str:
    """Return the terminal's screen as a picture."""
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COLUMNS * WIDTH + 20:.0f} {ROWS * HEIGHT + 20}"'
        ' font-family="monospace" font-size="14">',
        '<rect width="100%" height="100%" rx="6" fill="#14161b"/>',
    ]
    for row in range(ROWS):
        for column, width, text, colour, ground in _runs(terminal, row):
            x, y = 10 + column * WIDTH, 10 + row * HEIGHT
            if ground:
                box = f'<rect x="{x:.1f}" y="{y}" width="{width * WIDTH:.1f}" height="{HEIGHT}" fill="{ground}"/>'
                out.append(box)
            bare = text.strip()
            if bare:
                x += (len(text) - len(text.lstrip())) * WIDTH
                length = f'textLength="{len(bare) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs"'
                shown = escape(bare).replace(" ", "\N{NO-BREAK SPACE}")  # others are collapsed
                out.append(f'<text x="{x:.1f}" y="{y + 14}" {length} fill="{colour}">{shown}</text>')
    return "\n".join([*out, "</svg>\n"])


def _runs(terminal: Terminal, row: int) -> list[tuple[int, int, str, str, str]]:
    """Return column, width, text, colour and background of each stretch of one look."""
    runs: list[tuple[int, int, str, str, str]] = []
    cursor = terminal.screen.cursor
    for column in range(COLUMNS):
        cell = terminal.screen.buffer[row][column]
        colours = [
            "#e0e2ea" if cell.fg == "default" else f"#{cell.fg}",
            "" if cell.bg == "default" else f"#{cell.bg}",
        ]
        if cell.reverse or (cursor.y, cursor.x) == (row, column):
            colours = [colours[1] or "#14161b", colours[0]]
        if runs and runs[-1][3:] == tuple(colours):
            start, width, text, *look = runs[-1]
            runs[-1] = (start, width + 1, text + cell.data, *look)  # type: ignore[assignment]
        else:
            runs.append((column, 1, cell.data, colours[0], colours[1]))
    return runs


def _until(terminal: Terminal, seen: Callable[[str], bool]) -> None:
    end = time.monotonic() + 60
    while not seen("\n".join(terminal.screen.display)):
        if time.monotonic() > end:
            raise TimeoutError("\n".join(terminal.screen.display))
        terminal.read(0.1)
    for _ in range(5):
        terminal.read(0.1)


def main(file: Path) -> None:
    """Type, and write the picture once there is ghost text."""
    with tempfile.TemporaryDirectory() as work:
        path, setup = Path(work, "account.py"), Path(work, "setup.lua")
        path.write_text(TEXT)
        setup.write_text(_SETUP.format(plugin=PLUGIN, python=sys.executable))
        program = [
            PROGRAM,
            "--clean",
            "-n",
            "-c",
            f"cd {work}",
            "-c",
            f"luafile {setup}",
            "-c",
            f"edit {path.name}",
        ]
        environment = os.environ | {"XDG_STATE_HOME": work, "COLORTERM": "truecolor"}
        with Terminal(program, environment, ROWS, COLUMNS) as terminal:
            _until(terminal, lambda screen: "AI  " in screen)
            terminal.send("Go    def withdraw(self, amount):\r")
            _until(terminal, lambda screen: "withdraw" in screen and '"""' in screen.split("withdraw")[1])
            file.write_text(svg(terminal))


main(Path(sys.argv[1]))
