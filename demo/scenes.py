"""What the demo types, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SNIPPETS = Path(__file__).parent / "snippets"
CURSOR = "¦"
"""Marks the cursor in a snippet."""


@dataclass(frozen=True)
class Scene:
    """A file, the place in it, and what is typed there; after each burst the line is cleared."""

    path: Path
    language: str
    text: str
    cursor: int
    bursts: tuple[str, ...]


def _scene(name: str, language: str, *bursts: str) -> Scene:
    path = SNIPPETS / name
    marked = path.read_text(encoding="utf-8")
    return Scene(path, language, marked.replace(CURSOR, ""), marked.index(CURSOR), bursts)


SCENES = (
    _scene("inventory.py", "python", "if quan", "return self.items[", "for item in ", "raise Va"),
    _scene("cart.ts", "typescript", "const tot", "return this.items.", "for (const ", "if (this.items.len"),
    _scene("ledger.go", "go", "if er", "for _, entry := ", "return fmt.Spr", "balance := "),
)
