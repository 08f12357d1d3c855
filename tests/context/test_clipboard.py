from tests.context.activity.editing import Desk, numbered

BLOCK = "def total(items):\n    return sum(items)\n"


def cuts(desk: Desk) -> list[tuple[str, str, int]]:
    return [(clip.text, clip.uri[-4:], clip.line) for clip in desk.journal.clipboard.cuts()]


def copies(desk: Desk) -> list[tuple[int, str, int]]:
    """The line of what was put in, and the document and line that it stands in besides."""
    return [(one.clip.line, one.uri[-4:], one.line) for one in desk.journal.clipboard.copies(desk.documents)]


def test_what_was_cut_is_remembered_until_it_is_put_in() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(5) + BLOCK)
    desk.replace(document, (5, 0), (7, 0), "")
    assert cuts(desk) == [(BLOCK, "x.py", 5)]
    other = desk.open("y.py", numbered(3))
    desk.replace(other, (3, 0), (3, 0), BLOCK)
    assert cuts(desk) == []


def test_a_cut_that_is_undone_is_neither_a_cut_nor_a_copy() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(5) + BLOCK + BLOCK)
    desk.replace(document, (5, 0), (7, 0), "")
    desk.replace(document, (5, 0), (5, 0), BLOCK)
    assert (cuts(desk), copies(desk)) == ([], [])


def test_a_paste_that_is_undone_is_neither() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(5) + BLOCK)
    desk.replace(document, (2, 0), (2, 0), BLOCK)
    desk.replace(document, (2, 0), (4, 0), "")
    assert (cuts(desk), copies(desk)) == ([], [])


def test_a_copy_is_a_text_that_stands_elsewhere_too() -> None:
    desk = Desk()
    desk.open("x.py", numbered(5) + BLOCK)
    other = desk.open("y.py", numbered(9))
    desk.replace(other, (4, 0), (4, 0), BLOCK)
    assert copies(desk) == [(4, "x.py", 5)]


def test_copies_within_a_document_and_a_line() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(5) + BLOCK)
    desk.replace(document, (1, 0), (1, 0), "return sum(items)")
    assert copies(desk) == [(1, "x.py", 6)]


def test_both_places_stay_at_their_text() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(5) + BLOCK + numbered(5))
    desk.replace(document, (10, 0), (10, 0), BLOCK)
    assert copies(desk) == [(10, "x.py", 5)]
    desk.type(document, 0, 0, "\n\n")
    assert copies(desk) == [(12, "x.py", 7)]
    desk.journal.renamed(document.uri, "file:///w/z.py")
    assert copies(desk) == [(12, "z.py", 7)]


def test_typing_deleting_a_word_and_new_text_are_none() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(5) + BLOCK)
    desk.type(document, 0, 0, "return sum(items)\n")
    desk.replace(document, (3, 0), (3, 2), "")
    desk.replace(document, (3, 0), (3, 0), "something_entirely_new()")
    desk.replace(document, (3, 0), (3, 0), " " * 40)
    assert (cuts(desk), copies(desk)) == ([], [])
