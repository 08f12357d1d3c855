"""Writing a configuration file: with a backup, and back again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ai_lsp.models.files import write_atomic
from ai_lsp.setup import block
from ai_lsp.setup.recipes import Machine, Recipe

BACKUP = ".before-ai-lsp"
"""What is added to the name of a file for its backup."""


@dataclass(frozen=True)
class Change:
    """What is in a file, and what should be; empty for no file."""

    path: Path
    old: str
    new: str

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty for none."""
        return block.diff(self.old, self.new, str(self.path))

    def apply(self) -> Path | None:
        """Write it; return the backup's path where there was something to back up. Raises OSError."""
        if not self.new:
            self.path.unlink(missing_ok=True)
            return None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        backup = None
        if self.old:
            backup = self.path.with_name(self.path.name + BACKUP)
            write_atomic(backup, self.old)
        write_atomic(self.path.resolve(), self.new)
        return backup


def setting_up(recipe: Recipe, machine: Machine) -> Change:
    """Return the change that sets the editor up. Raises OSError, and ValueError for a file that cannot be read."""
    path = recipe.path(machine)
    old = _read(path)
    others = block.without(old, recipe.comment)
    return Change(path, old, block.put(old, recipe.block(machine, others), recipe.comment))


def undoing(recipe: Recipe, machine: Machine) -> Change:
    """Return the change that takes out what `setting_up` has put in; what was changed since stays."""
    path = recipe.path(machine)
    old = _read(path)
    return Change(path, old, block.take_out(old, recipe.comment))


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
