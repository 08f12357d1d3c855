"""What was rehearsed costs nothing when it comes for real."""

from __future__ import annotations

import linecache

import pytest
from lsprotocol import types

from ai_lsp import features, rehearsal
from ai_lsp.protocol import Protocol


@pytest.fixture
def protocol() -> Protocol:
    return features.create().protocol  # type: ignore[return-value]


@pytest.mark.parametrize("method", rehearsal.COMING)
def test_each_message_is_one_that_a_client_could_send(method: str, protocol: Protocol) -> None:
    message = protocol.structure_message(
        {"jsonrpc": "2.0", "id": 1, "method": method, "params": rehearsal.COMING[method]}
    )
    assert message.method == method
    assert type(message.params).__name__.endswith("Params")


def test_every_answer_can_be_sent(protocol: Protocol) -> None:
    for message in rehearsal.GOING:
        assert protocol.unstructure(message)["id"] == 1


def test_the_text_of_generated_code_is_not_kept(protocol: Protocol) -> None:
    rehearsal._rehearse(protocol)
    assert not [name for name in linecache.cache if name.startswith("<attrs generated")]


def test_no_converter_is_made_for_a_change_after_that(protocol: Protocol, monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsal._rehearse(protocol)
    compiled: list[object] = []
    monkeypatch.setattr("builtins.compile", lambda *arguments, **_options: compiled.append(arguments))
    document = {"uri": "file:///a.py", "version": 2}
    change = {"range": {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 1}}, "text": "x"}
    params = {"textDocument": document, "contentChanges": [change]}
    protocol.structure_message({"jsonrpc": "2.0", "method": types.TEXT_DOCUMENT_DID_CHANGE, "params": params})
    assert compiled == []
