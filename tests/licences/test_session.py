"""A session without an editor asks the licence index that is there, and builds none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_lsp.index.schema import path_for
from ai_lsp.licences import table
from ai_lsp.licences.store import Entry
from ai_lsp.licences.tokens import tokens
from ai_lsp.options import ContextOptions, FilterOptions, ModelOptions, Options
from ai_lsp.session import Session
from tests.filters.licensed import SOURCES
from tests.filters.texts import place

MODEL = ModelOptions(name="/nowhere/model.gguf")
COPY = SOURCES["python"].partition("\n\n\n")[2]


def write_index(root: Path, folder: Path) -> None:
    folder.mkdir()
    entry = Entry("/vendor/settle.py", 1, 1, "", "GPL-3.0-only", "settle 1.0", 20)
    table.write(path_for(root, folder), 1, [(entry, tokens(SOURCES["python"], "python"))])


@pytest.mark.parametrize(("off", "shown"), [((), False), (("licence",), True)])
async def test_what_copies_is_kept_back(tmp_path: Path, off: tuple[str, ...], shown: bool) -> None:
    root, folder = tmp_path / "project", tmp_path / "indexes"
    root.mkdir()
    write_index(root, folder)
    options = Options(model=MODEL, context=ContextOptions(index=False), filters=FilterOptions(off=off))
    async with Session(options, root, licence_folder=folder) as session:
        text, decisions = session.pipeline.settings.filters.run(COPY, place("python", "", "\n"))
        assert session.licences.status() == {}
    assert bool(text) == shown
    assert any("GPL-3.0-only" in decision.reason for decision in decisions) != shown


async def test_without_an_index_all_passes(tmp_path: Path) -> None:
    options = Options(model=MODEL, context=ContextOptions(index=False))
    async with Session(options, tmp_path, licence_folder=tmp_path / "none") as session:
        assert session.pipeline.settings.filters.run(COPY, place("python", "", "\n"))[0]
    assert not (tmp_path / "none").exists()
