"""A Neovim whose server is the probe: its answers are known, and what it is sent can be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.editors.nvim import Editor

PROBE = Path(__file__).with_name("probe.py")
ANSWERS = {
    "one": [" two three"],
    "call(": ["first,\n    second,\n    third"],
    "emoji😀": [" é😀: end"],
    "pick": ["_a", "_b", "_c"],
    "\tif x:": ["\tgo"],
    "slow": ["ly"],
    "quick": ["er"],
    "f(": ["x)"],
    "begin": [" {\n    middle\n}"],
}


class Probed(Editor):
    """An editor whose server is the probe."""

    def __init__(self, folder: Path, **options: Any) -> None:
        (folder / "answers.json").write_text(json.dumps(ANSWERS))
        self._log = folder / "log.jsonl"
        self.go = folder / "go"
        super().__init__(folder, cmd=[sys.executable, str(PROBE), str(folder)], **options)

    def ready(self) -> bool:
        return bool(self.lua('return require("ai_lsp.client").of(0) ~= nil'))

    def sent(self, method: str) -> list[Any]:
        """The parameters of all messages of a method so far."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        messages = [json.loads(line) for line in lines]
        return [message.get("params") for message in messages if message.get("method") == method]

    def fresh(self, text: str = "", name: str = "a.py") -> None:
        """A new file, in insert mode at its end."""
        self.open(name, text)
        self.forget()
        self.type("GA")

    def forget(self) -> None:
        self._log.write_text("")
