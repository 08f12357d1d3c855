"""What real editors can do, by the capabilities that they send."""

import json
from pathlib import Path

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter

from ai_lsp.workbench.abilities import Abilities, abilities

FOLDER = Path(__file__).parents[1] / "data" / "capabilities"
PLAIN = Abilities(literals=True, preferred=True, document_changes=True)


def of(editor: str, name: str) -> Abilities:
    data = json.loads(next(FOLDER.glob(f"{editor}*.json")).read_text("utf-8"))
    return abilities(get_converter().structure(data.get("capabilities", data), types.ClientCapabilities), name)


@pytest.mark.parametrize(
    ("editor", "name", "resolves", "creates", "shows", "annotations"),
    [
        ("vscode", "Visual Studio Code", True, True, True, True),
        ("neovim-0.12", "Neovim", True, True, True, True),
        ("neovim-0.11", "Neovim", True, True, True, False),
        ("helix-25.07", "helix", False, True, True, False),
        ("eglot-1.17", "Eglot", False, False, True, False),
        ("lsp-mode", "emacs", False, True, True, False),
    ],
)
def test_editors(editor: str, name: str, resolves: bool, creates: bool, shows: bool, annotations: bool) -> None:
    found = of(editor, name)
    assert (found.resolves, found.creates, found.shows, found.annotations) == (
        resolves,
        creates,
        shows,
        annotations,
    )
    assert found.literals and found.preferred and found.document_changes
    assert found.blocks is not resolves


@pytest.mark.parametrize(
    ("experimental", "asks"),
    [
        ({"commands": {"commands": ["rust-analyzer.runSingle", "ai-lsp.ask-instruction"]}}, True),
        ({"commands": {"commands": ["rust-analyzer.runSingle"]}}, False),
        ({"commands": ["ai-lsp.ask-instruction"]}, False),
        ({"commands": {"commands": "ai-lsp.ask-instruction"}}, False),
        ([], False),
        (None, False),
    ],
)
def test_asking_for_an_instruction(experimental: object, asks: bool) -> None:
    data = {"experimental": experimental}
    assert abilities(get_converter().structure(data, types.ClientCapabilities), "").asks is asks


def test_a_client_that_says_nothing() -> None:
    assert abilities(types.ClientCapabilities(), "") == Abilities()
