"""A folder with files, and its index, built here and now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.index.builder import Builder
from ai_lsp.index.reader import Index
from ai_lsp.index.schema import path_for
from ai_lsp.index.settings import Settings
from ai_lsp.index.store import Store
from ai_lsp.privacy.secrets import redact


@dataclass(frozen=True)
class Found:
    """Has the fields of a definition."""

    name: str
    kind: str
    line: int
    end_line: int
    signature: str
    doc: str
    parent: str


def outline(text: str, language: str) -> list[Found]:
    """Find ``def name`` lines."""
    lines = text.split("\n")
    found = [(at, match) for at, line in enumerate(lines) if (match := re.match(r"\s*def (\w+)", line))]
    return [Found(match[1], "function", at, at, lines[at].strip(), "", "") for at, match in found]


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


class Repository:
    def __init__(self, tmp_path: Path, files: Mapping[str, str | bytes], settings: Settings | None = None) -> None:
        self.root = tmp_path / "repo"
        self.root.mkdir(exist_ok=True)
        write(self.root, files)
        self.folder = tmp_path / "index"
        self.path = path_for(self.root, self.folder)
        self.settings = settings or Settings()
        self.stale: list[Path] = []
        self.index = Index.open(self.root, self.folder, self.stale.append)

    def builder(self, store: Store) -> Builder:
        return Builder(self.root.resolve(), store, self.settings, outline, redact)

    def build(self) -> Repository:
        store = Store(self.path)
        builder = self.builder(store)
        for _ in builder.scan():
            pass
        for _ in builder.tidy():
            pass
        store.close()
        return self

    def update(self, *names: str) -> bool:
        store = Store(self.path)
        again = self.builder(store).update([str(self.root.resolve() / name) for name in names])
        store.close()
        return again

    def files(self) -> list[str]:
        store = Store(self.path)
        known = sorted(store.known())
        store.close()
        return known

    def found(self, *terms: str) -> list[tuple[str, int]]:
        """Return path and line of the windows that have any of the terms."""
        hits = self.index.similar(dict.fromkeys(terms, 1.0), 20)
        return sorted((hit.path, hit.line) for hit in hits)


def noise(count: int) -> dict[str, str]:
    """Return files of different lines, so that a term is rare."""
    return {f"noise/n{n}.py": "".join(f"filler_{n}_{line} = {line}\n" for line in range(40)) for n in range(count)}
