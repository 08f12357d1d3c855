from pathlib import Path

import pytest

from ai_lsp.context.recent_edits import RecentEdits
from ai_lsp.context.snippet import Snippet
from tests.context.activity.editing import Desk, numbered

OTHER = """\
import billing


def total(items):
    return sum(item.price for item in items)


def report(items):
    print(total(items))
"""


def renamed() -> Desk:
    """A desk on which `total` has just become `sum_of` in one file, and another file is open."""
    desk = Desk()
    other = desk.open("other.py", OTHER)
    desk.replace(other, (3, 4), (3, 9), "sum_of")
    desk.now = 5
    desk.replace(other, (8, 10), (8, 15), "sum_of")
    desk.open("here.py", "from other import total\n\nprint(total(")
    return desk


async def test_edits_as_they_are_now_with_a_hint_of_the_name_that_changed() -> None:
    desk = renamed()
    here = desk.documents["file:///w/here.py"]
    found = await RecentEdits(desk.journal, desk.editor).find(desk.query(here, 2, 12))
    assert [(one.path, one.line, one.text) for one in found] == [
        (
            "other.py",
            7,
            "# total is now sum_of\ndef report(items):\n    print(sum_of(items))\n",
        )
    ]


async def test_edits_as_a_diff() -> None:
    desk = renamed()
    here = desk.documents["file:///w/here.py"]
    found = await RecentEdits(desk.journal, desk.editor, form="diff").find(desk.query(here, 2, 12))
    assert [one.text for one in found] == [
        "--- other.py\n+++ other.py\n@@ -6,5 +6,5 @@\n \n \n def report(items):\n-    print(total(items))\n"
        "+    print(sum_of(items))\n \n"
    ]


async def test_what_the_prompt_shows_is_left_out_but_for_names_that_changed_there() -> None:
    desk = Desk()
    here = desk.open("here.py", "total = 1\nother = 2\nprint(total)\nprint(total")
    desk.replace(here, (0, 0), (0, 5), "amount")
    desk.replace(here, (1, 0), (1, 5), "second")
    query = desk.query(here, 3, 11)
    assert [one.text for one in await RecentEdits(desk.journal, desk.editor).find(query)] == [
        "# total is now amount\n"
    ]
    assert [one.text for one in await RecentEdits(desk.journal, desk.editor, form="diff").find(query)] == [
        "--- here.py\n+++ here.py\n@@ -1,2 +1,2 @@\n-total = 1\n-other = 2\n+amount = 1\n+second = 2\n"
    ]


async def test_of_the_own_file_what_is_beyond_the_window_is_shown() -> None:
    desk = Desk()
    here = desk.open("here.py", numbered(100))
    desk.type(here, 10, 3, " = offset")
    desk.type(here, 90, 0, "offset")
    found = await RecentEdits(desk.journal, desk.editor).find(desk.query(here, 90, 6, chars=40, after=40))
    assert [(one.line, one.text) for one in found] == [
        (7, "a7\na8\na9\na10 = offset\na11\na12\na13\n"),
    ]


async def test_the_end_of_a_long_edit_is_shown() -> None:
    desk = Desk()
    other = desk.open("other.py", "x\ny\n")
    desk.type(other, 1, 0, "".join(f"n{number}\n" for number in range(30)))
    here = desk.open("here.py", "n1")
    found = await RecentEdits(desk.journal, desk.editor).find(desk.query(here, 0, 2))
    expected = "".join(f"n{number}\n" for number in range(17, 30)) + "y\n"
    assert [(one.line, one.text) for one in found] == [(18, expected)]


async def test_edits_of_closed_documents_are_shown_with_what_was_around_them() -> None:
    desk = Desk()
    other = desk.open("other.py", numbered(10))
    desk.type(other, 5, 2, " = price")
    desk.close(other)
    here = desk.open("here.py", "price = ")
    found = await RecentEdits(desk.journal, desk.editor).find(desk.query(here, 0, 8))
    assert [one.text for one in found] == ["a2\na3\na4\na5 = price\na6\na7\na8\n"]


async def test_deleted_lines_are_a_diff_only() -> None:
    desk = Desk()
    other = desk.open("other.py", numbered(10))
    desk.replace(other, (5, 0), (6, 0), "")
    here = desk.open("here.py", "a5 = ")
    query = desk.query(here, 0, 5)
    assert await RecentEdits(desk.journal, desk.editor).find(query) == []
    found = await RecentEdits(desk.journal, desk.editor, form="diff").find(query)
    assert [one.text for one in found] == [
        "--- other.py\n+++ other.py\n@@ -3,7 +3,6 @@\n a2\n a3\n a4\n-a5\n a6\n a7\n a8\n"
    ]


async def test_old_edits_that_share_no_name_are_left_out() -> None:
    desk = Desk()
    other = desk.open("other.py", numbered(10))
    desk.type(other, 5, 2, " = price")
    desk.now = 600
    here = desk.open("here.py", "offset = ")
    assert await RecentEdits(desk.journal, desk.editor).find(desk.query(here, 0, 9)) == []


async def test_edits_that_share_names_and_are_newer_come_first() -> None:
    desk = Desk()
    for number, text in enumerate(["price", "offset", "nothing"]):
        desk.now = 20.0 * number
        desk.type(desk.open(f"{text}.py", numbered(10)), 5, 2, f" = {text}")
    here = desk.open("here.py", "price + offset = ")
    found = await RecentEdits(desk.journal, desk.editor).find(desk.query(here, 0, 17))
    assert [one.path for one in found] == ["offset.py", "price.py", "nothing.py"]
    assert all(0 < one.score <= 1 for one in found)


async def test_files_that_must_not_be_read_are_left_out() -> None:
    desk = renamed()
    desk.unreadable = {Path("/w/other.py")}
    desk.now = 20
    here = desk.documents["file:///w/here.py"]
    assert await RecentEdits(desk.journal, desk.editor).find(desk.query(here, 2, 12)) == []


async def test_what_was_cut_may_be_put_in_elsewhere() -> None:
    desk = Desk()
    other = desk.open("other.py", OTHER)
    desk.replace(other, (3, 0), (7, 0), "")
    here = desk.open("here.py", "\n")
    source = RecentEdits(desk.journal, desk.editor)
    cut = "def total(items):\n    return sum(item.price for item in items)\n"
    assert await source.find(desk.query(here, 0, 0)) == [Snippet("recent_edits", "other.py", cut, 0.6, 3)]
    desk.replace(here, (0, 0), (0, 0), cut)
    assert await source.find(desk.query(here, 2, 0)) == []


async def test_what_is_around_the_origin_of_a_copy_is_shown() -> None:
    desk = Desk()
    desk.open("other.py", OTHER)
    here = desk.open("here.py", "\n")
    desk.replace(here, (0, 0), (0, 0), "def total(items):")
    found = await RecentEdits(desk.journal, desk.editor).find(desk.query(here, 0, 17))
    assert [(one.path, one.line, one.text) for one in found] == [
        ("other.py", 1, "".join(OTHER.splitlines(keepends=True)[1:]) + "\n")
    ]


@pytest.mark.parametrize("form", ["after", "diff"])
async def test_nothing_was_edited(form) -> None:
    desk = Desk()
    here = desk.open("here.py", "")
    assert await RecentEdits(desk.journal, desk.editor, form=form).find(desk.query(here, 0, 0)) == []
