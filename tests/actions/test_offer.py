"""Which actions are offered where, and why some are not."""

from dataclasses import replace

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.catalogue import shipped
from ai_lsp.actions.offer import choice_of, choices, offers
from ai_lsp.actions.subject import Told, block_after, instruction_near
from tests.actions.subjects import action, sight

TEXT = '''import os


def total(prices):
    result = 0
    for price in prices:
        result += price
    return result


def later(numbers):
    """Return the mean."""
    ...


# Das ist die Summe von allem
x = 1


# ai: use a loop,
# and say why
a = 1
b = 2

c = 3
'''


def offered(line, last=None, text=TEXT, told=(), language="python"):
    found = offers(shipped().actions.values(), sight(text, line, last, told=told, language=language))
    return {one.action.name: (one.choice.first, one.choice.last, one.reason) for one in found}


def test_in_a_function():
    found = offered(5)
    assert found == {
        "commit": (5, 25, ""),
        "document": (3, 7, ""),
        "explain": (3, 7, ""),
        "simplify": (3, 7, ""),
        "test": (3, 7, ""),
    }


def test_in_one_that_is_still_to_be_written():
    found = offered(10)
    assert found["complete"] == (10, 12, "")
    assert found["document"] == (10, 12, "`later` is documented already")


def test_on_a_selection():
    assert offered(4, 6)["explain"] == offered(4, 6)["simplify"] == (4, 6, "")
    assert offered(4, 6)["document"] == (3, 7, "")


def test_in_a_comment():
    assert offered(15)["translate"] == (15, 15, "")
    assert offered(15, text=TEXT.replace("Das ist die Summe von allem", "This is the sum of all"))[
        "translate"
    ] == (
        15,
        15,
        "the comment is in English already",
    )


@pytest.mark.parametrize("line", [19, 20, 21])
def test_near_an_instruction(line):
    found = offered(line)
    assert found["rewrite"] == (19, 22, "")
    assert "translate" not in found


def test_an_instruction_for_a_selection():
    assert offered(21, 24)["rewrite"] == (19, 24, "") or offered(21, 24)["rewrite"] == (20, 24, "")
    assert "rewrite" not in offered(24)


@pytest.mark.parametrize(
    ("line", "last", "expected"),
    [
        (5, None, (3, 7, ": `total`…")),
        (4, 5, (4, 5, ": the selection…")),
        (0, None, (0, 0, ": this line…")),
        (21, None, (19, 22, ": use a loop, and say why")),
    ],
)
def test_a_client_that_can_ask_gets_an_instruction_without_a_comment(line, last, expected):
    [found] = choices(action("rewrite"), replace(sight(TEXT, line, last), can_ask=True))
    assert (found.first, found.last, found.label) == expected
    assert found.asks is expected[2].endswith("…")


def test_each_diagnostic_gets_its_own_and_the_worst_three():
    told = tuple(Told(line, line, f"m{line}", severity) for line, severity in ((4, 2), (5, 1), (6, 3), (7, 1)))
    found = list(offers([action("fix")], sight(TEXT, 5, told=told)))
    assert [one.choice.label for one in found] == [": m5", ": m7", ": m4"]
    assert {(one.choice.first, one.choice.last) for one in found} == {(3, 7)}


def test_a_long_function_is_not_written_anew_for_one_diagnostic():
    text = "def f():\n" + "    x = 1\n" * 80
    [one] = offers([action("fix")], sight(text, 40, told=(Told(40, 41, "a\n  long " + "m" * 80),)))
    assert (one.choice.first, one.choice.last) == (37, 44)
    assert one.choice.label.startswith(": a long mmm") and one.choice.label.endswith("…")


def test_a_diagnostic_beyond_the_text_is_left_out():
    assert "fix" not in offered(3, told=(Told(900, 900, "m"),))


def test_a_body_on_the_line_of_its_head():
    assert offered(0, text="def f(): return 1\n")["document"][2] == "the body of `f` is on the line of its head"


def test_a_class_is_not_tested():
    assert offered(0, text="class A:\n    x = 1\n")["test"][2] == "`A` is no function"


def test_other_languages_are_left_out():
    from dataclasses import replace

    only = replace(action("explain"), languages=frozenset({"go"}))
    assert not list(offers([only], sight(TEXT, 5)))


def test_what_was_offered_is_found_again_or_refused():
    assert choice_of(action("document"), "definition", sight(TEXT, 5)).last == 7
    with pytest.raises(Refused, match="there is no selection here"):
        choice_of(action("explain"), "selection", sight(TEXT, 5))
    with pytest.raises(Refused, match="is documented already"):
        choice_of(action("document"), "definition", sight(TEXT, 10))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# ai: do it", "do it"),
        ("    // AI: do it", "do it"),
        ("/* ai: do it */", "do it"),
        ("<!-- ai: do it -->", "do it"),
        ("-- ai: do it", "do it"),
        ("# ai: do it\n# and that\nx", "do it and that"),
        ("# aim: no", None),
        ("# ai:", None),
        ("x = 'ai: no'", None),
    ],
)
def test_instruction(text, expected):
    found = instruction_near(text.split("\n"), 0, 0)
    assert (found.text if found else None) == expected


def test_the_block_after_a_comment():
    lines = "# ai\n    if a:\n        b\n    c\nd\n".splitlines()
    assert block_after(lines, 0) == 3
    assert block_after(["# ai", "", "x"], 0) == 0
    assert block_after(["# ai"], 0) == 0
