"""A real Neovim without a screen, driven through its RPC, with `editors/nvim/ai_lsp.lua` and a real server."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pynvim

PLUGIN = Path(__file__).parents[2] / "editors" / "nvim" / "ai_lsp.lua"
PROGRAM = Path(sys.executable).with_name("nvim")
SERVER = [sys.executable, "-m", "ai_lsp", "serve"]
SECONDS = 30.0

_SETUP = """
local plugin, cmd = ...
package.preload.ai_lsp = function() return dofile(plugin) end
require("ai_lsp").setup({ cmd = cmd, settings = { completion = { deadline_ms = 10000 } } })
"""
_GHOST = """
local ns = vim.api.nvim_get_namespaces().ai_lsp
local marks = vim.api.nvim_buf_get_extmarks(0, ns, 0, -1, { details = true })
local lines = {}
for _, mark in ipairs(marks) do
  lines[#lines + 1] = mark[4].virt_text[1][1]
  for _, line in ipairs(mark[4].virt_lines or {}) do lines[#lines + 1] = line[1][1] end
end
return table.concat(lines, "\\n")
"""
_COMMAND = """
local name, numbers = ...
local client = vim.lsp.get_clients({ bufnr = 0, name = "ai_lsp" })[1]
if not client or not client.initialized then return nil end
local answer = client:request_sync("workspace/executeCommand", { command = name, arguments = numbers }, 5000, 0)
return answer and answer.result
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


class Editor:
    """One Neovim; everything is asked of the program itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.nvim = pynvim.attach("child", argv=[str(PROGRAM), "--embed", "--headless", "--clean", "-n"])
        self.nvim.exec_lua(_SETUP, str(PLUGIN), SERVER)

    def open(self, name: str, text: str) -> Path:
        """Write a file, edit it, and wait until the server's model is loaded."""
        path = self._folder / name
        path.write_bytes(text.encode())
        self.nvim.command(f"edit {path}")
        self.until(lambda: (self.command("ai-lsp.status") or {}).get("engine") == "ready")
        return path

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
        return self.nvim.exec_lua(_COMMAND, name, list(numbers))

    @property
    def ghost(self) -> str:
        """The ghost text in the current buffer, empty for none."""
        return str(self.nvim.exec_lua(_GHOST))

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
        return [str(line).rstrip() for line in self.nvim.exec_lua(_SCREEN)]

    def close(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            self.nvim.command("qall!")
        self.nvim.close()
