from ai_lsp.completion.place import Place
from ai_lsp.context.windows import Names, Window, akin, best_windows, span_of, telling


def test_the_lines_that_a_prompt_shows() -> None:
    place = Place("file:///x.py", "x.py", "python", 1, prefix="a\nb\nc", suffix="d\ne", line=12)
    assert span_of(place) == (10, 14)


def test_names_that_say_something() -> None:
    assert telling(("self", "price", "i", "return", "Total")) == ("price", "Total")


def test_languages_that_share_names() -> None:
    assert akin("typescript", "javascriptreact") and akin("c", "cpp") and not akin("python", "ruby")


TEXT = [f"line{n} = {n}\n" for n in range(40)]
TEXT[26] = "price = offset + amount\n"


def test_the_window_that_shares_most_names() -> None:
    names = Names().read(TEXT)
    (found,) = best_windows(TEXT, names, ["price", "offset", "missing"], most=1)
    assert found == Window(16, "".join(TEXT[16:32]), found.score)
    assert 0.3 < found.score < 0.7


def test_a_name_counts_once_in_a_window() -> None:
    assert Names().read(["price = price + offset\n"] * 24) == [("price", "offset")] * 2


def test_what_the_prompt_shows_is_skipped() -> None:
    assert best_windows(TEXT, Names().read(TEXT), ["price", "offset"], skip=(20, 30)) == []


def test_one_shared_name_is_not_enough() -> None:
    assert best_windows(TEXT, Names().read(TEXT), ["price", "missing"]) == []


def test_blank_lines_at_the_ends_are_left_out() -> None:
    lines = ["\n", "  \n", "price = offset\r\n", "\n", ""]
    (found,) = best_windows(lines, Names().read(lines), ["price", "offset"])
    assert (found.line, found.text) == (2, "price = offset\n")


def test_windows_do_not_overlap() -> None:
    lines = ["price = offset\n"] * 64
    found = best_windows(lines, Names().read(lines), ["price", "offset"], most=9)
    assert [one.line for one in found] == [0, 16, 32, 48]


def test_only_halves_that_are_new_are_read() -> None:
    names = Names()
    names.read(TEXT)
    asked = []
    changed = [*TEXT[:3], "new = name\n", *TEXT[4:]]
    found = names.read(changed, lambda: bool(asked.append(1)))
    assert len(asked) == 1
    assert "name" in found[0] and "name" not in found[1]


def test_what_is_late_is_read_the_next_time() -> None:
    names = Names()
    answers = iter([False, False, True])
    assert len(names.read(TEXT, lambda: next(answers))) == 1
    answers = iter([False, False, False])
    assert len(names.read(TEXT, lambda: next(answers))) == 4
    assert names.read([]) == []
