"""Messages that fit a model."""

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.fitting import clipped, fitted, tokens_of
from ai_lsp.actions.forms.form import Material
from ai_lsp.actions.running import variables
from tests.actions.subjects import action, sight, subject

FUNCTION = "def f(x):\n" + "".join(f"    x += {n}\n" for n in range(40)) + "    return x\n"
BEFORE = "".join(f"y{n} = {n}\n" for n in range(300))


def values(name, text=BEFORE + FUNCTION, line=305, **material):
    return variables(subject(name, sight(text, line)), Material(material))


def used(asked):
    return sum(tokens_of(message.content) for message in asked.messages) + asked.max_tokens


@pytest.mark.parametrize("context", [1500, 4000, 16_000])
@pytest.mark.parametrize("name", ["explain", "document", "simplify", "test"])
def test_it_fits(name, context):
    asked = fitted(action(name), values(name, framework="pytest", imports="from a import f"), context)
    assert used(asked) <= context
    assert "x += 39" in asked.messages[-1].content


def test_what_is_around_is_for_models_that_have_room():
    assert "y299 = 299" in fitted(action("explain"), values("explain"), 16_000).messages[-1].content
    assert "y299" not in fitted(action("explain"), values("explain"), 2_000).messages[-1].content


def test_what_is_around_is_cut_at_its_far_end():
    text = fitted(action("explain"), values("explain"), 3_200).messages[-1].content
    assert "y299 = 299" in text and "y0 = 0" not in text


def test_code_is_cut_where_it_is_not_written_anew():
    long = "def f(x):\n" + "    x += 1\n" * 2000
    asked = fitted(action("document"), values("document", long, 5), 1500)
    assert used(asked) <= 1500 and "def f(x):" in asked.messages[-1].content
    with pytest.raises(Refused, match="too long for the model, which can read 1500 tokens: choose a smaller part"):
        fitted(action("simplify"), values("simplify", long, 5), 1500)


def test_a_diff_is_cut():
    found = values("commit", diff="+line\n" * 5000, log="a\nb")
    assert used(fitted(action("commit"), found, 1500)) <= 1500


def test_the_reason_for_another_try_is_told():
    asked = fitted(
        action("simplify"), values("simplify", "def f():\n    return 1\n", 0), 2000, "has no code in it"
    )
    assert asked.messages[-1].content.endswith("An earlier answer was of no use: it has no code in it.")


def test_room_for_code_that_is_written_anew():
    asked = fitted(action("simplify"), values("simplify", FUNCTION, 5), 8000)
    assert tokens_of(FUNCTION) < asked.max_tokens <= action("simplify").tokens


@pytest.mark.parametrize(("keep_end", "expected"), [(False, "aaa\nbbb"), (True, "ccc\nddd")])
def test_whole_lines_are_cut(keep_end, expected):
    assert clipped("aaa\nbbb\nccc\nddd", 9, keep_end=keep_end) == expected
    assert clipped("short", 9) == "short"


def test_some_models_get_less_of_what_is_around():
    text = fitted(action("explain"), values("explain"), 16_000, most_around=60).messages[-1].content
    assert "y299 = 299" in text and "y290 = 290" not in text
