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

    def follow(self, event: Event) -> str:
        """Take an edit; return what is on the screen of the suggestion after it, empty when it is gone.

        It goes on after what it says itself, and after a backspace over that.
        """
        at = event.offset - self.anchor
        if event.file != self.file or at < 0 or at + event.removed != len(self.typed):
            return ""
        self.typed = self.typed[:at] + event.text
        return self.whole[len(self.typed) :] if self.whole.startswith(self.typed) else ""
