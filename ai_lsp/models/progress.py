"""How long work says how far it has come."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called as work goes on; a caller that shows nothing passes `silent`."""

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """`done` of `total` bytes (or steps) of `what`; `total` is None when nobody knows it."""


def silent(what: str, done: int, total: int | None) -> None:
    """Show nothing."""
