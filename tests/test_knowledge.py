from __future__ import annotations

from pathlib import Path

from ai_lsp.knowledge import Knowledge
from ai_lsp.options import ContextOptions


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
