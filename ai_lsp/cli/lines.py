"""Progress for other programs: one JSON object a line on standard error."""

from __future__ import annotations

import json
import time

import click

_SECONDS = 0.2
"""Least time between two lines about the same work."""
_latest: dict[str, float] = {}


def progress(what: str, done: int, total: int | None) -> None:
    """Write ``{"what", "done", "total"}``, at most five times a second and always at the end."""
    now = time.monotonic()
    if done != total and now - _latest.get(what, -_SECONDS) < _SECONDS:
        return
    _latest[what] = now
    _write(what=what, done=done, total=total)


def say(step: str) -> None:
    """Write ``{"step"}``: what is done now, where nobody knows how long it takes."""
    _write(step=step)


def _write(**values: object) -> None:
    click.echo(json.dumps(values), err=True)
