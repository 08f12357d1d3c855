from pathlib import Path

from ai_lsp.context.open_files import OpenFiles
from ai_lsp.context.snippet import Snippet
from tests.context.activity.editing import Desk, numbered

PRICES = "def price(offset, amount):\n    return offset * amount\n"


def desk_with(**files: str) -> Desk:
    desk = Desk()
    for name, text in files.items():
        desk.open(f"{name}.py", text)
    return desk


async def found(desk: Desk, text: str = "price(offset, amount", **options) -> list[Snippet]:
    here = desk.open("here.py", text)
    options = {"timer": float} | options  # time stands still: a busy machine reads no fewer names
    return await OpenFiles(desk.journal, desk.editor, **options).find(desk.query(here, 0, len(text)))


async def test_windows_of_other_documents() -> None:
    (one,) = await found(desk_with(prices=numbered(20) + PRICES, other=numbered(40)))
    assert (one.source, one.path, one.line) == ("open_files", "prices.py", 8)
    assert one.text == numbered(12, 8) + PRICES


async def test_documents_that_were_viewed_last_come_first() -> None:
    desk = desk_with(a=PRICES, b=PRICES, c=PRICES)
    desk.journal.viewed("file:///w/a.py", 0, 1.0)
    desk.journal.viewed("file:///w/c.py", 0, 2.0)
    assert [one.path for one in await found(desk)] == ["c.py", "a.py", "b.py"]


async def test_an_edit_is_a_look() -> None:
    desk = desk_with(a=PRICES, b=PRICES)
    desk.type(desk.documents["file:///w/a.py"], 0, 0, "#")
    assert [one.path for one in await found(desk)] == ["a.py", "b.py"]


async def test_another_language_counts_less() -> None:
    desk = Desk()
    desk.open("a.rb", PRICES, "ruby")
    desk.open("b.py", PRICES)
    assert [one.path for one in await found(desk)] == ["b.py", "a.rb"]


async def test_the_own_document_beyond_its_window() -> None:
    desk = Desk()
    here = desk.open("here.py", PRICES + numbered(100) + "price(offset, amount")
    query = desk.query(here, 102, 20, chars=100)
    (one,) = await OpenFiles(desk.journal, desk.editor, float).find(query)
    assert (one.path, one.line) == ("here.py", 0)
    assert await OpenFiles(desk.journal, desk.editor, float).find(desk.query(here, 102, 20)) == []


async def test_files_that_must_not_be_read_are_left_out() -> None:
    desk = desk_with(a=PRICES)
    desk.unreadable = {Path("/w/a.py")}
    assert await found(desk) == []


async def test_output_and_old_versions_are_left_out() -> None:
    desk = Desk()
    document = desk.open("a.py", PRICES)
    desk.documents = {"git:/w/a.py": document}
    assert await found(desk) == []


async def test_no_time_no_windows() -> None:
    ticks = iter(range(1000))
    assert await found(desk_with(a=PRICES), timer=lambda: float(next(ticks))) == []


async def test_of_a_huge_document_the_part_around_the_last_look() -> None:
    desk = desk_with(big=numbered(20_000) + PRICES + numbered(20_000))
    assert await found(desk) == []
    desk.journal.viewed("file:///w/big.py", 20_100, 1.0)
    (one,) = await found(desk)
    assert one.line <= 20_000 < one.line + 16 and PRICES in one.text
