"""A workspace with made-up packages, and its licence index."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ai_lsp.index.schema import path_for
from ai_lsp.licences import table
from ai_lsp.licences.builder import Builder
from ai_lsp.licences.settings import Settings
from ai_lsp.licences.store import Store
from ai_lsp.options import LICENCES_ALLOWED

SITE = ".venv/lib/python3.11/site-packages"
ALLOWED = Settings(allowed=LICENCES_ALLOWED)


def code(seed: str, lines: int = 12) -> str:
    """Return lines of code that no other seed gives."""
    return "".join(f"{seed}_{n} = compute_{seed}(value_{n}, other_{seed})\n" for n in range(lines))


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def wheel(name: str, metadata: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return the files of an installed Python package, with `metadata` beside name and version."""
    info = f"{SITE}/{name}-1.0.dist-info"
    record = "".join(f"{path},sha256=x,1\n" for path in files)
    return {
        **{f"{SITE}/{path}": text for path, text in files.items()},
        f"{info}/METADATA": f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{metadata}\n\nA package.\n",
        f"{info}/RECORD": record,
    }


class Workspace:
    def __init__(self, tmp_path: Path, *packages: Mapping[str, str]) -> None:
        self.root = tmp_path / "work"
        self.folder = tmp_path / "index"
        write(self.root, {".venv/pyvenv.cfg": "home = nowhere\nversion = 3.11\n"})
        (self.root / SITE).mkdir(parents=True)  # else the packages of whatever Python is on the path count
        for package in packages:
            write(self.root, package)
        self.root = self.root.resolve()
        self.path = path_for(self.root, self.folder)

    def build(self, settings: Settings = ALLOWED) -> list[tuple[int, int, bool]]:
        """Bring the index up to date; returns what was yielded on the way."""
        store = Store(self.path)
        builder = Builder(self.root, store, settings, self.path)
        said = list(builder.scan())
        for _ in builder.tidy():
            pass
        store.close()
        return said

    def table(self) -> table.Table:
        newest = table.newest_path(self.path)
        assert newest is not None
        return table.Table(newest)

    def licences(self) -> dict[str, str]:
        """Return the licence of every file by its path, relative to the site-packages or the root."""
        store = Store(self.path)
        known = store.known()
        store.close()
        site = self.root / SITE
        return {
            Path(path).relative_to(site if path.startswith(str(site)) else self.root).as_posix(): entry.licence
            for path, entry in known.items()
        }

    def sources(self) -> list[str]:
        """Return the names of the files that may not be copied."""
        return sorted(Path(source.path).name for source in self.table().sources)
