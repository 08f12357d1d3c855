"""What the index is told: its limits, and what to leave out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Settings:
    """Limits and patterns of one index. It is handed to the builder's process as JSON."""

    exclude: tuple[str, ...] = ()
    """gitignore patterns, relative to the root, that overrule all ignore files."""
    never: tuple[str, ...] = ()
    """More patterns of files that must never be read."""
    file_bytes: int = 1_000_000
    """A longer file is left out."""
    files: int = 100_000
    """So many files are indexed at most."""
    text_bytes: int = 1_000_000_000
    """So much text is indexed at most."""
    index_bytes: int = 2_000_000_000
    """The database grows no larger than this."""

    keep_days: int = 60
    """Any index that was not used for so many days is deleted; 0 for never."""

    def to_json(self) -> str:
        """Return the settings for `from_json`."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Return what `to_json` wrote."""
        values = json.loads(text)
        return cls(**{**values, "exclude": tuple(values["exclude"]), "never": tuple(values["never"])})
