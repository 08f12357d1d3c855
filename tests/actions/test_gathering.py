"""What an action sees of the rest of a real repository, through a real index."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Collection
from pathlib import Path

import pytest
import pytest_asyncio

from ai_lsp.actions.gathering import Gathering
from ai_lsp.actions.running import Services, run
from ai_lsp.actions.subject import Subject
from ai_lsp.context.definitions.source import Definitions
from ai_lsp.context.ignore import Readable
from ai_lsp.context.similar import SimilarCode
from ai_lsp.index.client import IndexBuilder
from ai_lsp.index.reader import Index
from ai_lsp.index.settings import Settings
from ai_lsp.providers.chat import Part
from ai_lsp.ranking.ranker import Memory, Ranker
from tests.actions.subjects import action, sight, subject
from tests.ranking.fakes import FakeEmbedder
from tests.scripted import ScriptedModel

SECRET = "AKIA" + "Z7Q4M2X9C5V8B3N6"
TAXES = '''class TaxTable:
    """Taxes by country."""

    def rate_for(self, country: str) -> float:
        """Return the share that a country takes."""
        return self._rates[country]
'''
INVOICE = f'''def invoice_total(lines, country, table):
    """Return what an invoice comes to."""
    token = "{SECRET}"
    subtotal = sum(line.price * line.count for line in lines)
    return subtotal * (1 + table.rate_for(country))
'''
ORDER = '''from taxes import TaxTable


def order_total(lines, country, table: TaxTable):
    """Return what an order comes to."""
    ...
'''
GOOD = "return sum(line.price * line.count for line in lines) * (1 + table.rate_for(country))"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / "taxes.py").write_text(TAXES)
    (folder / "invoices.py").write_text(INVOICE)
    (folder / "orders.py").write_text(ORDER)
    for number in range(30):
        (folder / f"other_{number}.py").write_text(f"value_{number} = {number}\n" * 16)
    return folder


@pytest_asyncio.fixture
async def index(root: Path, tmp_path: Path) -> AsyncIterator[Index]:
    ready = asyncio.Event()
    builder = IndexBuilder(
        root, Settings(), lambda status: status.kind == "ready" and ready.set(), folder=tmp_path
    )
    builder.start()
    await asyncio.wait_for(ready.wait(), 60)
    await builder.stop()
    found = Index.open(root, tmp_path)
    yield found
    found.close()


def gathering(root: Path, index: Index, ranker: Ranker | None = None, off: Collection[str] = ()) -> Gathering:
    may = Readable([root]).may_be_read
    definitions, similar = Definitions(may, lambda _root: index), SimilarCode(lambda _root: index)
    return Gathering(definitions, similar, lambda _root: index, may, lambda _language, _path: ranker, off)


def order(root: Path) -> Subject:
    about = sight(ORDER, 4)
    return subject("complete", about, file=str(root / "orders.py"), root=str(root), path="orders.py")


async def test_definitions_and_similar_code(root: Path, index: Index) -> None:
    pieces = await gathering(root, index).pieces(order(root), 3000, 0)
    found = {piece.source: piece for piece in pieces}
    assert set(found) == {"definitions", "similar"}
    assert found["definitions"].text.startswith("# taxes.py\n")
    assert "class TaxTable" in found["definitions"].text
    assert found["definitions"].part == Part("other_files", str(root / "taxes.py"))
    assert found["similar"].text.startswith("# invoices.py\n")
    assert found["similar"].part == Part("index", str(root / "invoices.py"))
    assert SECRET not in repr(pieces) and "<secret>" in found["similar"].text


async def test_no_more_than_there_is_room_for(root: Path, index: Index) -> None:
    one = gathering(root, index)
    whole = await one.pieces(order(root), 3000, 0)
    for most in (0, 100, 400):
        some = await one.pieces(order(root), most, 0)
        assert sum(len(piece.text) for piece in some) <= most
        assert len(some) < len(whole)


async def test_sources_that_are_off(root: Path, index: Index) -> None:
    for off in ("definitions", "similar"):
        pieces = await gathering(root, index, off=(off,)).pieces(order(root), 3000, 0)
        assert pieces and off not in {piece.source for piece in pieces}


async def test_a_model_puts_windows_in_order(root: Path, index: Index) -> None:
    embedder = FakeEmbedder()
    pieces = await gathering(root, index, Ranker(Memory(), embedder)).pieces(order(root), 3000, 0)
    assert {piece.source for piece in pieces} == {"definitions", "similar"}
    assert embedder.texts[0].startswith("def order_total")
    assert any("def invoice_total" in text for text in embedder.texts)
    assert SECRET not in repr(embedder.texts)
    assert not any("def order_total" in text for text in embedder.texts[1:])


async def test_it_is_in_the_prompt_and_declared(root: Path, index: Index) -> None:
    model = ScriptedModel([GOOD])
    outcome = await run(action("complete"), order(root), Services(model, gathering=gathering(root, index)))
    assert outcome.failure == ""
    [wish] = model.wishes
    for text in ("# taxes.py", "# invoices.py", "def invoice_total", "class TaxTable"):
        assert text in wish.messages[-1].content
    assert wish.parts == outcome.parts
    assert {(part.kind, Path(part.path).name) for part in wish.parts} == {
        ("code", "orders.py"),
        ("other_files", "taxes.py"),
        ("index", "taxes.py"),
        ("index", "invoices.py"),
    }


@pytest.mark.parametrize("kind", ["index", "other_files"])
async def test_what_may_not_go_to_the_model_does_not(kind: str, root: Path, index: Index) -> None:
    model = ScriptedModel([GOOD])
    model.keeps = frozenset({kind})
    outcome = await run(action("complete"), order(root), Services(model, gathering=gathering(root, index)))
    [wish] = model.wishes
    assert outcome.failure == ""
    assert kind not in {part.kind for part in wish.parts}
    assert ("def invoice_total" in wish.messages[-1].content) == (kind != "index")
    assert "def rate_for" not in wish.messages[-1].content or kind != "index"


async def test_the_best_stays_where_the_model_is_small(root: Path, index: Index) -> None:
    """What does not fit goes, and is not declared."""
    model = ScriptedModel([GOOD], context_tokens=460)
    outcome = await run(action("complete"), order(root), Services(model, gathering=gathering(root, index)))
    [wish] = model.wishes
    assert outcome.failure == ""
    assert len(wish.parts) < 3
    shown = {"index": "def invoice_total", "other_files": "class TaxTable"}
    declared = {part.kind for part in wish.parts}
    assert {kind for kind, text in shown.items() if text in wish.messages[-1].content} == declared - {"code"}


async def test_without_a_folder_there_is_nothing(root: Path, index: Index) -> None:
    assert await gathering(root, index).pieces(subject("complete", sight(ORDER, 4)), 3000, 0) == []
