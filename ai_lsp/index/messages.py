"""What server and builder say to each other: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ai_lsp.index.status import Status


def encode_paths(paths: Iterable[str]) -> bytes:
    """Return the request to look again at files or folders, which may have come, changed or gone."""
    return _line({"update": list(paths)})


def encode_scan() -> bytes:
    """Return the request to look again at everything."""
    return _line({"scan": True})


def encode_status(status: Status) -> bytes:
    """Return what the builder says of itself."""
    return _line(asdict(status))


def decode_status(line: bytes) -> Status | None:
    """Return what a builder said; None for anything else that its process may have printed."""
    message = decode(line)
    try:
        return Status(**message)
    except TypeError:
        return None


def decode(line: bytes) -> dict[str, Any]:
    """Return the object of one line, an empty one for what is none."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"
