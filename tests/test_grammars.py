"""A language is loaded once: when its first file is opened, or in a pause before that."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ai_lsp.grammars import Grammars
from ai_lsp.index.status import Status
from ai_lsp.knowledge import Knowledge


async def test_each_pause_loads_the_likeliest_language_that_was_not_opened() -> None:
    order: list[str] = []
    grammars = Grammars(order.append)
    grammars.rest()
    grammars.expect(["python", "typescript"])
    grammars.expect(["typescript", "cpp", "go"])
    grammars.opened("python")
    grammars.rest()
    grammars.opened("cpp")
    for _ in range(3):
        grammars.rest()
    await asyncio.get_running_loop().shutdown_default_executor()  # once all is done
    assert sorted(order) == ["cpp", "go", "python", "typescript"]


async def test_the_languages_of_a_folder_are_loaded_once_it_is_indexed(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "a.rs").write_text("fn main() {}\n")
    ready, loaded = asyncio.Event(), asyncio.Queue[str]()
    loop = asyncio.get_running_loop()

    def news(_root: Path, status: Status) -> None:
        if status.kind == "ready":
            ready.set()

    knowledge = Knowledge(on_index=news, index_folder=tmp_path / "index")
    knowledge.grammars = Grammars(lambda language: loop.call_soon_threadsafe(loaded.put_nowait, language))
    knowledge.open([tmp_path / "work"])
    await asyncio.wait_for(ready.wait(), 30)
    while loaded.empty():
        knowledge.grammars.rest()
        await asyncio.sleep(0)
    assert loaded.get_nowait() == "rust"
    await knowledge.close()
