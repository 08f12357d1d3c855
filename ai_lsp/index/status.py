"""What people are told about the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["off", "building", "ready", "limited", "failed"]
"""`limited` is an index that answers but lacks something: the disk is full, or there is too much to index."""


@dataclass(frozen=True)
class Status:
    """The state of one root's index."""

    kind: Kind
    message: str = ""
    """One sentence for people; empty where there is nothing to say."""
    files: int = 0
    """Files in the index."""
    lines: int = 0
    """Lines in the index."""
    done: int = 0
    """Files that the indexing under way has looked at."""
    total: int = 0
    """Files that it will look at; 0 when none is under way."""
