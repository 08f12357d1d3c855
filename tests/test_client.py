"""What is known of a client."""

from __future__ import annotations

import pytest
from lsprotocol import types

from ai_lsp.client import Client


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({}, Client()),
        ({"client_info": types.ClientInfo("vim"), "locale": "de"}, Client("vim", "de")),
        ({"initialization_options": {"enabled": False}}, Client(initialization={"enabled": False})),
    ],
)
def test_it_says_of_itself_what_it_wants(said: dict[str, object], known: Client) -> None:
    assert Client.told(types.InitializeParams(types.ClientCapabilities(), **said)) == known  # type: ignore[arg-type]
