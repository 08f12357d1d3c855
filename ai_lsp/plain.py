"""Parameters of methods that no specification has, as the JSON that they were."""

from __future__ import annotations

from typing import Any


def plain(value: Any) -> Any:
    """Return what pygls made of the parameters of a method that it does not know, as plain JSON again."""
    if hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value
