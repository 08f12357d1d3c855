"""The ghost text on an editor's screen, which is typed through without the server."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.latency.traces import Event


@dataclass
class Ghost:
    """What is shown in one document, as the plugin for Neovim and VS Code keep it."""

    file: int
    anchor: int
    """Where in the document the suggestion begins."""
    whole: str
    typed: str = ""

    def follow(self, event: Event) -> bool:
        """Take an edit; return whether the suggestion goes on after it, with something left to show.

        It does after what it says itself, and after a backspace over that.
        """
        at = event.offset - self.anchor
        if event.file != self.file or at < 0 or at + event.removed != len(self.typed):
            return False
        self.typed = self.typed[:at] + event.text
        return len(self.typed) < len(self.whole) and self.whole.startswith(self.typed)

    @property
    def rest(self) -> str:
        """What is on the screen of it."""
        return self.whole[len(self.typed) :]
