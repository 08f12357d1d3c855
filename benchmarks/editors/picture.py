"""`python -m benchmarks.editors.picture EDITOR FILE`: an editor with a suggestion, as SVG, for its README.

The real program, server and model in a terminal; nothing is drawn by hand but the terminal's frame. EDITOR is
nvim, helix, emacs or vim; all but the first are fetched.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

from benchmarks.editors.scenes import SCENES, log, surroundings
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


def main(editor: str, file: Path) -> None:
    """Type, and write the picture once there is a suggestion."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        work = home / "bank"
        work.mkdir()
        (work / "account.py").write_text(TEXT)
        (home / "config.toml").write_text("completion.deadline_ms = 5000\n")
        scene = SCENES[editor](home)
        with Terminal(scene.command, surroundings(home), ROWS, COLUMNS, str(work)) as terminal:
            _until(terminal, lambda _screen: "engine ready" in log(home))
            terminal.send(scene.begin)
            _until(terminal, lambda _screen: True)
            for key in scene.keys:
                terminal.send(key)
                _until(terminal, lambda _screen: True)
            _until(terminal, scene.done)
            file.write_text(svg(terminal))


main(sys.argv[1], Path(sys.argv[2]))
