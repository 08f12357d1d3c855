"""What the builder of the licence index is told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ai_lsp.folders import cache_folder


def default_folder() -> Path:
    """Return the folder of all licence indexes."""
    return cache_folder() / "licences"


@dataclass(frozen=True)
class Settings:
    """Licences, folders and limits of one index. It is handed to the builder's process as JSON."""

    allowed: tuple[str, ...] = ()
    """SPDX identifiers, or patterns of such, of what may be copied and so needs no fingerprints."""
    folders: tuple[str, ...] = ()
    """Folders to look into besides those that are found, relative to the root or absolute."""
    file_bytes: int = 1_000_000
    """A longer file is left out."""
    files: int = 200_000
    """So many files are looked at, at most."""
    index_bytes: int = 200_000_000
    """The files of the index grow no larger than this together."""

    def to_json(self) -> str:
        """Return the settings for `from_json`."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Return what `to_json` wrote."""
        values = json.loads(text)
        lists = {name: tuple(values[name]) for name in ("allowed", "folders")}
        return cls(**{**{one.name: values[one.name] for one in fields(cls)}, **lists})
