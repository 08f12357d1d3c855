from __future__ import annotations

import asyncio
from pathlib import Path

from ai_lsp.completion.place import Place
from ai_lsp.documents import Document
from ai_lsp.filters.standard import Services, chain_from
from ai_lsp.knowledge import Knowledge
from ai_lsp.options import ContextOptions, FilterOptions


async def test_ignore_files_hold_without_an_index_and_after_other_options(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("private/\n")
    knowledge = Knowledge()
    knowledge.use(ContextOptions(index=False))
    knowledge.open([tmp_path])
    knowledge.use(ContextOptions(index=False, never_read=("*.secret",)))
    assert not knowledge.may_be_read(tmp_path / "private" / "a.py")
    assert not knowledge.may_be_read(tmp_path / "a.secret")
    assert knowledge.may_be_read(tmp_path / "a.py")
    assert knowledge.index_status() == {}


async def test_names_of_modules_that_a_file_imports_are_known_soon_after_it_opens(tmp_path: Path) -> None:
    (tmp_path / "ours.py").write_text("def words(): ...\n")
    open_ones: dict[str, Document] = {}
    knowledge = Knowledge(lambda: open_ones)
    knowledge.use(ContextOptions(index=False))
    knowledge.open([tmp_path])
    document = Document((tmp_path / "main.py").as_uri(), "import os\nimport ours\n\n", 1, "python")
    open_ones[document.uri] = document
    knowledge.opened(document)
    for _ in range(3):  # what is called soon, and what that calls soon
        await asyncio.sleep(0)
    await asyncio.to_thread(knowledge.modules.executor.submit(lambda: None).result)
    where = Place(document.uri, "main.py", "python", 1, "import os\nimport ours\n\n", "", 3)
    chain = chain_from(FilterOptions(), Services(knowledge.modules, lambda _: document.lines))
    assert chain.run("os.pathh.join(a)", where)[1][0].reason == "os has no pathh"
    assert chain.run("ours.wrds(a)", where)[1][0].reason == "ours has no wrds"
    assert chain.run("ours.words(os.path)", where)[0] == "ours.words(os.path)"
    other = Document((tmp_path / "ours.py").as_uri(), "def words(): ...\ndef wrds(): ...\n", 1, "python")
    open_ones[other.uri] = other
    assert chain.run("ours.wrds(a)", where)[0] == "ours.wrds(a)"
