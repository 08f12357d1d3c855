"""A real Neovim without a screen, driven through its RPC, with the plugin in `editors/nvim` and a real server.

`AI_LSP_NVIM` names another Neovim than that of the wheel, as a command line; `make test-editors` sets it.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pynvim

PLUGIN = Path(__file__).parents[2] / "editors" / "nvim"
PROGRAM = shlex.split(os.environ.get("AI_LSP_NVIM", "")) or [str(Path(sys.executable).with_name("nvim"))]
SERVER = [sys.executable, "-m", "ai_lsp", "serve"]
SETTINGS = {"completion": {"deadline_ms": 10000}}
SECONDS = 90.0

_SETUP = 'require("ai_lsp").setup(...)'
_GHOST = """
local ns = vim.api.nvim_get_namespaces().ai_lsp
local marks = ns and vim.api.nvim_buf_get_extmarks(0, ns, 0, -1, { details = true }) or {}
for _, mark in ipairs(marks) do
  if mark[4].virt_text_pos == "inline" then
    local lines = { mark[4].virt_text[1][1] }
    for _, line in ipairs(mark[4].virt_lines or {}) do lines[#lines + 1] = line[1][1] end
    return table.concat(lines, "\\n")
  end
end
return ""
"""
_COMMAND = """
local name, numbers = ...
local result, done
require("ai_lsp.client").execute(0, name, numbers, function(found) result, done = found, true end)
vim.wait(5000, function() return done end, 5)
return result
"""
_SCREEN = """
vim.cmd.redraw()
local lines = {}
for row = 1, vim.o.lines - 2 do
  lines[row] = ""
  for col = 1, vim.o.columns do lines[row] = lines[row] .. vim.fn.screenstring(row, col) end
end
return lines
"""


def _put(grid: list[list[str]], _grid: int, row: int, column: int, cells: list[Any], *_wrap: Any) -> None:
    """Do what Neovim's event `grid_line` says."""
    for text, *more in cells:
        for _ in range(more[1] if len(more) > 1 else 1):
            grid[row][column] = text
            column += 1


class Editor:
    """One Neovim; everything is asked of the program itself."""

    def __init__(self, folder: Path, **options: Any) -> None:
        """Start the program; `options` are those of the plugin's `setup`."""
        self._folder = folder
        runtime = ["--cmd", f"set runtimepath^={PLUGIN}"]
        self.nvim = pynvim.attach("child", argv=[*PROGRAM, "--embed", "--headless", "--clean", "-n", *runtime])
        self.set_up({"cmd": SERVER, "settings": SETTINGS} | options)

    def set_up(self, options: dict[str, Any]) -> None:
        """Set the plugin up, unless a class does otherwise."""
        self.lua(_SETUP, options)

    @property
    def modern(self) -> bool:
        """Whether it is 0.11 or later."""
        return bool(self.nvim.funcs.has("nvim-0.11"))

    def lua(self, code: str, *arguments: Any) -> Any:
        return self.nvim.exec_lua(code, *arguments)

    def open(self, name: str, text: str) -> Path:
        """Write a file, edit it, and wait until the server is ready."""
        path = self._folder / name
        path.write_bytes(text.encode())
        self.nvim.command(f"edit {path}")
        self.until(self.ready)
        return path

    def ready(self) -> bool:
        """Tell whether the server's model is loaded."""
        return (self.command("ai-lsp.status") or {}).get("engine") == "ready"

    def reset(self) -> None:
        """Leave nothing for the next test, and check that there were no errors."""
        self.type("<Esc><Esc>")
        self.until(lambda: self.mode == "n")
        self.nvim.command("silent! only | silent %bwipeout!")
        error = self.nvim.vvars["errmsg"]
        self.nvim.command("let v:errmsg = ''")
        assert error == "", error

    def until(self, condition: Callable[[], Any]) -> Any:
        """Ask until `condition` holds, and return its value."""
        end = time.monotonic() + SECONDS
        while not (value := condition()):
            assert time.monotonic() < end, f"{self.lines} {self.ghost!r} {self.mode} {self.messages}"
            time.sleep(0.01)
        return value

    def type(self, keys: str) -> None:
        self.nvim.input(keys)

    def wait_for_ghost(self) -> str:
        return str(self.until(lambda: self.ghost))

    def command(self, name: str, *numbers: int) -> Any:
        """Have the server execute a command; None while there is no server."""
        return self.lua(_COMMAND, name, list(numbers))

    @property
    def ghost(self) -> str:
        """The ghost text in the current buffer, empty for none."""
        return str(self.lua(_GHOST))

    @property
    def line(self) -> str:
        return str(self.nvim.current.line)

    @property
    def lines(self) -> list[str]:
        return list(self.nvim.current.buffer[:])

    @property
    def mode(self) -> str:
        return str(self.nvim.api.get_mode()["mode"])

    @property
    def messages(self) -> str:
        return str(self.nvim.funcs.execute("messages"))

    @property
    def screen(self) -> list[str]:
        """The window's lines as a person sees them."""
        return [str(line).rstrip() for line in self.lua(_SCREEN)]

    @contextlib.contextmanager
    def frames(self) -> Iterator[list[list[str]]]:
        """Collect each frame that a terminal would show, as its lines; they are there after the `with`."""
        frames: list[list[str]] = []
        self.nvim.ui_attach(80, 24, rgb=True, ext_linegrid=True)
        yield frames
        self.nvim.ui_detach()
        self.nvim.command("call rpcnotify(1, 'last')")
        grid = [[" "] * 80 for _ in range(24)]
        while (message := self.nvim.next_message())[1] != "last":
            for name, *calls in message[2] if message[1] == "redraw" else []:
                if name == "flush":
                    frames.append(["".join(row).rstrip() for row in grid])
                for call in calls if name == "grid_line" else []:
                    _put(grid, *call)
        del frames[: next(at for at, frame in enumerate(frames) if frame[0])]

    def close(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            self.nvim.command("qall!")
        self.nvim.close()
