from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.context.activity.editing import Desk, numbered, shown


def hunks(desk: Desk) -> list[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """Line, text before and text now of all hunks, without what they have in common with their surroundings."""
    found = []
    for hunk in desk.journal.hunks():
        skipped, edit = hunk.edit.narrowed(0)
        found.append((hunk.start + skipped, edit.before, edit.after))
    return found


def test_keystrokes_in_one_line_are_one_hunk() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.type(document, 5, 2, " = 1")
    assert hunks(desk) == [(5, ("a5",), ("a5 = 1",))]


def test_lines_typed_one_after_another_are_one_hunk() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    for line, text in enumerate(["\nfor x in y:", "\n    f(x)", "\n    g(x)"]):
        desk.now += 30
        desk.type(document, 5 + line, len(document.lines[5 + line]) - 1, text)
    assert hunks(desk) == [(6, (), ("for x in y:", "    f(x)", "    g(x)"))]


def test_edits_near_in_place_and_time_are_one_hunk() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.type(document, 5, 0, "x")
    desk.now = 0.9
    desk.type(document, 8, 0, "y")
    assert hunks(desk) == [(5, ("a5", "a6", "a7", "a8"), ("xa5", "a6", "a7", "ya8"))]


def test_edits_far_in_place_or_time_are_hunks_of_their_own() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(40))
    desk.type(document, 5, 0, "x")
    desk.type(document, 15, 0, "y")
    desk.now = 1.1
    desk.type(document, 7, 0, "z")
    assert hunks(desk) == [(7, ("a7",), ("za7",)), (5, ("a5",), ("xa5",)), (15, ("a15",), ("ya15",))]


def test_what_is_between_two_near_edits_is_taken_with_its_own_text_from_before() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.type(document, 5, 0, "x")
    desk.now = 10
    desk.type(document, 3, 0, "y")
    desk.type(document, 7, 0, "z")
    assert hunks(desk) == [(3, ("a3", "a4", "a5", "a6", "a7"), ("ya3", "a4", "xa5", "a6", "za7"))]


def test_deleted_lines_are_remembered() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.replace(document, (5, 0), (7, 0), "")
    assert hunks(desk) == [(5, ("a5", "a6"), ())]


def test_an_edit_and_its_reverse_are_forgotten() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.replace(document, (5, 0), (7, 1), "")
    desk.now = 60
    desk.replace(document, (5, 0), (5, 0), "a5\na6\na")
    assert hunks(desk) == []


def test_hunks_follow_edits_above_them() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(40))
    desk.type(document, 20, 0, "x")
    desk.now = 10
    desk.type(document, 2, 0, "\n\n\n")
    desk.replace(document, (8, 0), (9, 0), "")
    assert [hunk.start for hunk in desk.journal.hunks() if "xa20" in hunk.edit.after] == [22]


def test_after_a_long_pause_a_line_begins_anew() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.type(document, 5, 0, "x")
    desk.now = 1000
    desk.type(document, 5, 0, "y")
    assert hunks(desk) == [(5, ("xa5",), ("yxa5",))]


def test_a_whole_text_is_compared_with_the_one_before() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.reload(document, numbered(20).replace("a12\n", "b12\nc12\n"))
    assert hunks(desk) == [(12, ("a12",), ("b12", "c12"))]


def test_a_change_no_hand_has_made_takes_with_it_what_it_touches_only() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(300))
    desk.type(document, 5, 0, "x")
    desk.type(document, 50, 0, "y")
    desk.type(document, 290, 0, "z")
    desk.replace(document, (20, 0), (200, 0), "gone\n")
    assert sorted(hunks(desk)) == [(5, ("a5",), ("xa5",)), (111, ("a290",), ("za290",))]


def test_changes_without_effect_are_nothing() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.replace(document, (5, 0), (5, 2), "a5")
    assert hunks(desk) == []


def test_a_closed_document_keeps_its_hunks_with_what_is_around_them() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.type(document, 5, 2, "x")
    desk.close(document)
    assert [hunk.around for hunk in desk.journal.hunks()] == [(("a2", "a3", "a4"), ("a6", "a7", "a8"))]


def test_a_document_opened_again_keeps_the_hunks_that_it_still_shows() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(40))
    desk.type(document, 5, 2, "x")
    desk.type(document, 25, 3, "y")
    desk.close(document)
    desk.open("x.py", document.source.replace("a5x", "b5"))
    assert hunks(desk) == [(25, ("a25",), ("a25y",))]


def test_a_renamed_document_keeps_its_hunks() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(20))
    desk.type(document, 5, 2, "x")
    desk.journal.viewed(document.uri, 7, 0.0)
    desk.journal.renamed(document.uri, "file:///w/y.py")
    assert [hunk.uri for hunk in desk.journal.hunks()] == ["file:///w/y.py"]
    assert [view.uri for view in desk.journal.views.latest] == ["file:///w/y.py"]


def test_the_oldest_of_many_hunks_are_forgotten() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(800))
    for number in range(40):
        desk.now = 10.0 * number
        desk.type(document, 20 * number, 0, "x")
    assert [hunk.edit.after[0] for hunk in desk.journal.hunks()] == [f"xa{20 * n}" for n in range(39, 7, -1)]


def test_views_stay_at_their_text() -> None:
    desk = Desk()
    document = desk.open("x.py", numbered(100))
    desk.journal.viewed(document.uri, 10, 1.0)
    desk.journal.viewed(document.uri, 60, 2.0)
    desk.journal.viewed(document.uri, 12, 3.0)
    desk.type(document, 30, 0, "\n\n")
    assert [(view.line, view.time) for view in desk.journal.views.latest] == [(12, 3.0), (62, 2.0)]


TEXTS = st.text(alphabet="ab\n\r é\U0001f600", max_size=12) | st.sampled_from(["x" * 2000, "\n" * 100, "\r\n\r\n"])
EDITS = st.tuples(*[st.integers(0, 40), st.integers(0, 6), st.integers(0, 3), st.integers(0, 6)], TEXTS)
STEPS = st.tuples(EDITS, st.sampled_from([0.1, 3.0, 1000.0]), st.sampled_from(["edit"] * 8 + ["reload", "reopen"]))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab\n\r", max_size=200), st.lists(STEPS, max_size=25))
def test_hunks_always_show_what_the_document_shows(text: str, steps: list) -> None:
    desk = Desk()
    document = desk.open("x.py", text)
    for (line, column, lines, end, new), seconds, kind in steps:
        desk.now += seconds
        if kind == "edit":
            first = min(line, len(document.lines) - 1)
            last = min(first + lines, len(document.lines) - 1)
            start = (first, min(column, len(document.lines[first].rstrip("\r\n"))))
            stop = (last, min(end, len(document.lines[last].rstrip("\r\n"))))
            desk.replace(document, *sorted([start, stop]), new)
        elif kind == "reload":
            desk.reload(document, new + document.source[column:])
        else:
            desk.close(document)
            document = desk.open("x.py", document.source)
        for hunk in desk.journal.hunks():
            assert hunk.edit.after == shown(document, hunk.start, hunk.stop)
            assert hunk.edit.before != hunk.edit.after
        assert not overlapping(desk)


def overlapping(desk: Desk) -> bool:
    spans = sorted((hunk.start, hunk.stop) for hunk in desk.journal.hunks())
    return any(stop > start for (_, stop), (start, _) in pairwise(spans))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.text(alphabet="ab\n", max_size=3)), max_size=12))
def test_the_text_before_can_be_had_back(edits: list[tuple[int, str]]) -> None:
    """As long as nothing is forgotten, undoing all hunks gives the text from before the first edit."""
    desk = Desk()
    text = numbered(12)
    document = desk.open("x.py", text)
    for line, new in edits:
        desk.now += 2
        end = min(1, len(document.lines[line].rstrip()))
        desk.replace(document, (line, 0), (line, end), new)
    lines = list(shown(document, 0, len(document.lines)))
    for hunk in sorted(desk.journal.hunks(), key=lambda one: -one.start):
        lines[hunk.start : hunk.stop] = hunk.edit.before
    assert "\n".join(lines) == text
