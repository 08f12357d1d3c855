"""Comma-separated names on the command lines of the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

import click


class Names(click.ParamType[tuple[str, ...]]):
    """Comma-separated names out of a few, or ``none``."""

    name = "NAMES"

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split and check the names."""
        if isinstance(value, tuple):
            return value
        names = () if value == "none" else tuple(str(value).split(","))
        if unknown := [name for name in names if name not in self._known]:
            self.fail(f"{unknown[0]!r} is none of {', '.join(self._known)}", param, ctx)
        return names
