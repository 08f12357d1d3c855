"""The source `similar`: the planted window is found, and nothing that the prompt shows already."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_lsp.completion.place import Place
from ai_lsp.completion.window import place_at
from ai_lsp.context.similar import SimilarCode
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.documents import Document
from tests.index.repository import Repository, noise, write

TWIN = """\
class InvoiceReader:
    def read_invoice(self, path):
        with open(path) as handle:
            rows = list(csv.reader(handle))
        header, *body = rows
        invoice = Invoice(number=header[0])
        for name, price in body:
            invoice.add(Item(name, parse_price(price)))
        invoice.check_total()
        return invoice
"""
CURSOR = """\
class OrderReader:
    def read_order(self, path):
        with open(path) as handle:
            rows = list(csv.reader(handle))
        header, *body = rows
        order = Order(number=header[0])
        for name, price in body:
            order.add(Item(name, """


def query(repository: Repository, text: str, name: str = "order.py", *, line: int | None = None) -> Query:
    """Return the query at the end of `text`, or at the end of one of its lines."""
    document = Document((repository.root / name).as_uri(), text, version=1, language_id="python")
    at = len(document.lines) - 1 if line is None else line
    column = len(document.lines[at].rstrip("\n"))
    place = place_at(document, at, column, path=name, prefix_chars=1200, suffix_chars=400)
    return Query(place, document, repository.root, repository.root / name)


async def find(
    repository: Repository, text: str, name: str = "order.py", *, line: int | None = None
) -> list[Snippet]:
    return await SimilarCode(lambda _root: repository.index).find(query(repository, text, name, line=line))


def filler(count: int) -> str:
    return "".join(f"unrelated_{n} = compute_{n}(value)\n" for n in range(count))


async def test_the_planted_window_is_first(tmp_path: Path) -> None:
    files = {"invoice.py": filler(21) + TWIN + filler(30), **noise(30),
             "partial.py": filler(9) + "rows = list(csv.reader(handle))\n" + filler(9)}  # fmt: skip
    repository = Repository(tmp_path, files).build()
    found = await find(repository, CURSOR)
    best = found[0]
    assert (best.source, best.path) == ("similar", "invoice.py")
    assert "invoice.add(Item(name, parse_price(price)))\n        invoice.check_total()\n" in best.text
    assert best.text == "".join((filler(21) + TWIN + filler(30)).splitlines(True)[best.line : best.line + 16])
    assert best.score > 0.5
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.score < best.score / 2 for one in found[1:])


async def test_all_scores_are_shares(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"copy.py": CURSOR + "parse(price)))\n", **noise(30)}).build()
    (best, *_) = await find(repository, CURSOR)
    assert 0.9 < best.score <= 1.0


async def test_lines_that_are_shown_are_not_found(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"order.py": CURSOR, **noise(30)}).build()
    assert [one for one in await find(repository, CURSOR) if one.path == "order.py"] == []


async def test_other_parts_of_the_same_file_are_found(tmp_path: Path) -> None:
    text = TWIN + filler(200) + CURSOR
    repository = Repository(tmp_path, {"order.py": text, **noise(30)}).build()
    best = (await find(repository, text))[0]
    assert (best.path, best.line) == ("order.py", 2)
    assert text.count("\n", 0, text.index(CURSOR)) > best.line + best.text.count("\n")


async def test_a_part_of_the_same_file_that_is_no_longer_there_is_left_out(tmp_path: Path) -> None:
    text = TWIN + filler(200) + CURSOR
    repository = Repository(tmp_path, {"order.py": text, **noise(30)}).build()
    edited = "# moved down\n" + text
    assert [one for one in await find(repository, edited) if one.path == "order.py"] == []
    crlf = text.replace("\n", "\r\n")
    assert (await find(repository, crlf))[0].path == "order.py"


async def test_a_snippet_stops_where_the_shown_lines_begin(tmp_path: Path) -> None:
    text = filler(40) + TWIN + CURSOR
    repository = Repository(tmp_path, {"order.py": text, **noise(30)}).build()
    asked = query(repository, text)
    place = Place("u", "order.py", "python", 1, CURSOR, "", asked.place.line)
    found = await SimilarCode(lambda _root: repository.index).find(Query(place, asked.document, repository.root))
    first_shown = asked.place.line - CURSOR.count("\n")
    own = [one for one in found if one.path == "order.py"]
    assert all(one.line + one.text.count("\n") <= first_shown for one in own)


async def test_the_same_text_twice_is_found_once(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a/invoice.py": TWIN, "b/invoice.py": TWIN, **noise(30)}).build()
    assert [one.path for one in await find(repository, CURSOR)].count("b/invoice.py") == 0


async def test_text_that_changed_on_disk_is_left_out(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"invoice.py": filler(21) + TWIN, **noise(30)}).build()
    write(repository.root, {"invoice.py": TWIN + filler(3)})
    assert [one for one in await find(repository, CURSOR) if one.path == "invoice.py"] == []
    assert repository.stale == [repository.root / "invoice.py"]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "x", "é \U0001f600\n(((", "\u2028\n\x0c\n", "a" * 100_000, "return\n    "]
)
async def test_nothing_to_go_by(tmp_path: Path, text: str) -> None:
    repository = Repository(tmp_path, {"invoice.py": TWIN, **noise(10)}).build()
    assert [one for one in await find(repository, text) if one.score > 0.3] == []


async def test_without_an_index(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {})
    asked = query(repository, CURSOR)
    assert await SimilarCode(lambda _root: None).find(asked) == []
    assert await SimilarCode(lambda _root: repository.index).find(asked) == []
    outside = Query(asked.place, asked.document)
    assert await SimilarCode(lambda _root: repository.index).find(outside) == []


async def test_snippets_end_in_whole_lines(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"invoice.py": "\n\n" + TWIN + "\n\n\n", **noise(30)}).build()
    for one in await find(repository, CURSOR):
        assert one.text.endswith("\n")
        assert one.text.strip("\n") + "\n" == one.text
