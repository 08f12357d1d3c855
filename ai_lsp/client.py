"""What the client says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types


@dataclass
class Client:
    """One client, as far as the server has been told; nothing is known of it before `initialize`."""

    name: str = ""
    """Its own name, empty when it gave none."""
    locale: str = ""
    """The language that it speaks with its user, such as ``de``; empty where it does not say."""
    initialization: Any = None
    """Its ``initializationOptions``."""
    settings: Any = None
    """What it answered last when it was asked for its settings, or told of them."""
    uses_inline: bool = False
    """Whether it has asked for inline completions, and so needs no others."""

    @classmethod
    def told(cls, params: types.InitializeParams) -> Client:
        """Return what a client says at the start."""
        name = params.client_info.name if params.client_info else ""
        return cls(name, params.locale or "", params.initialization_options)
