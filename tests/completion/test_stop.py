"""Where decoding ends, token by token, and what of an unfinished text may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.completion.place import Place
from ai_lsp.completion.stop import (
    BlockStop,
    BodyStop,
    LineStop,
    RepetitionStop,
    StatementStop,
    Stop,
    SuffixStop,
    first_stop,
    rules_for,
    safe_prefix,
)


def place(prefix, suffix="\n", language="python"):
    return Place(uri="file:///a", path="a", language=language, version=1, prefix=prefix, suffix=suffix)


def decoded(rules, text, size=3):
    """What is kept when `text` comes in tokens of `size` characters."""
    for end in range(size, len(text) + size, size):
        stop = first_stop(rules, text[:end])
        if stop is not None:
            return text[: stop.at]
    return text


def shown(prefix, text, suffix="\n", language="python", multiline="auto", max_lines=8):
    rules, _ = rules_for(place(prefix, suffix, language), multiline=multiline, max_lines=max_lines)
    results = {decoded(rules, text, size).rstrip() for size in (1, 3, 7)}
    assert len(results) == 1
    return results.pop()


class TestLineStop:
    def test_the_first_line_end(self):
        assert LineStop()("a + b\nc\n") == Stop(5, "end of the line")

    def test_no_line_end_yet(self):
        assert LineStop()("a + b") is None
        assert LineStop()("") is None

    @pytest.mark.parametrize("text", ["\n", "  \n", "\n    return 1\n"])
    def test_a_line_end_first(self, text):
        assert LineStop()(text) == Stop(0, "nothing on this line")


class TestStatementStop:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("a + b\nc", "a + b"),
            ("foo(\n    a,\n    b,\n)\nbar()", "foo(\n    a,\n    b,\n)"),
            ("a, b)\nbar()", "a, b)"),
            ("a) + foo(\n    b)\nbar()", "a) + foo(\n    b)"),
            ('"(" + a\nbar()', '"(" + a'),
            ("a  # see (b\nbar()", "a  # see (b"),
            ('"""One\ntwo"""\nbar()', '"""One\ntwo"""'),
            ("a + \\\n    b\nbar()", "a + \\\n    b"),
            ("[\n    1,\n", None),
            ("\nfoo", ""),
        ],
    )
    def test_the_end_of_the_statement(self, text, kept):
        stop = StatementStop("python", 8)(text)
        assert (stop and text[: stop.at]) == kept

    def test_most_lines(self):
        assert StatementStop("python", 2)("foo(\n    a,\n    b,") == Stop(11, "most lines")

    def test_a_docstring_that_was_open_before_ends_with_its_line(self):
        text = 'Adds (a and b."""\n    return a\n'
        assert StatementStop("python", 8, '"""')(text) == Stop(17, "end of the statement")
        assert StatementStop("python", 8, '"""')("Adds (a\nand b") == Stop(7, "end of the line")


class TestBlockStop:
    def test_a_line_further_left(self):
        text = "a = 1\n    return a\n\n\ndef g():"
        assert BlockStop("    ", "python", None, 8)(text) == Stop(18, "two blank lines")
        text = "a = 1\n    return a\ndef g():"
        assert BlockStop("    ", "python", None, 8)(text) == Stop(18, "end of the block")

    def test_a_blank_line_and_then_one_further_left(self):
        assert BlockStop("    ", "python", None, 8)("return a\n\nx") == Stop(8, "end of the block")

    def test_a_blank_line_within(self):
        assert BlockStop("    ", "python", None, 8)("a = 1\n\n    return a") is None

    def test_indentation_still_being_written(self):
        assert BlockStop("    ", "python", None, 8)("a = 1\n  ") is None

    def test_the_first_line_sets_the_depth(self):
        assert BlockStop("", "python", None, 8)("    a = 1\nb") == Stop(9, "end of the block")
        assert BlockStop("def f():", "python", None, 8)("\n    a = 1\nb") == Stop(10, "end of the block")

    def test_nothing_in_the_block(self):
        assert BlockStop("    ", "python", None, 8)("\ndef g():") == Stop(0, "end of the block")
        assert BlockStop("def f():", "python", None, 8)("\ndef g():") == Stop(0, "end of the block")

    def test_the_closing_line_is_kept_where_it_is_missing(self):
        rule = BlockStop("    ", "go", 0, 8)
        assert rule("a()\n}") is None
        assert rule("a()\n}\n") == Stop(5, "end of the block")
        assert rule("a()\n} else {\n") == Stop(5, "end of the block")
        assert rule("a()\n});\n") == Stop(7, "end of the block")

    def test_the_closing_line_is_left_out_where_it_is_there(self):
        assert BlockStop("    ", "go", None, 8)("a()\n}\n") == Stop(3, "end of the block")

    def test_the_closing_line_of_another_block(self):
        assert BlockStop("        ", "go", 4, 8)("a()\n}\n") == Stop(3, "end of the block")

    def test_a_closing_word(self):
        rule = BlockStop("  ", "ruby", 0, 8)
        assert rule("a\nend\n") == Stop(5, "end of the block")
        assert rule("a\nen") is None
        assert rule("a\nendless\n") == Stop(1, "end of the block")

    def test_most_lines(self):
        assert BlockStop("    ", "python", None, 2)("a\n    b\n") == Stop(7, "most lines")
        assert BlockStop("", "python", None, 2)("\na\nb\n") == Stop(4, "most lines")


class TestBodyStop:
    RULE = BodyStop(BlockStop("f(a, {", "javascript", 0, 8), StatementStop("javascript", 8))

    def test_a_block_on_the_next_line(self):
        assert self.RULE("\n  b: 1,\n  c: 2,\n});\ng()") == Stop(20, "end of the block")

    def test_a_statement_on_the_same_line(self):
        assert self.RULE(" b: 1 });\ng()\n") == Stop(9, "end of the statement")

    def test_nothing_yet(self):
        assert self.RULE("  ") is None


class TestSuffixStop:
    def test_the_next_line(self):
        rule = SuffixStop("    ", "", "    return total", "python")
        assert rule("total = 1\n    return total\n") == Stop(9, "the next line of the document")
        assert rule("total = 1\n  return total\n") == Stop(9, "the next line of the document")
        assert rule("return total\n") == Stop(0, "the next line of the document")

    def test_a_line_that_may_go_on(self):
        assert SuffixStop("    ", "", "    return total", "python")("return total") is None
        assert SuffixStop("    ", "", "    return total", "python")("return total + 1\n") is None

    def test_a_closing_line_of_its_own(self):
        rule = SuffixStop("", "", "}", "java")
        assert rule("if (a) {\n  b();\n}\n") is None
        assert rule("b();\n}\n") == Stop(4, "the next line of the document")

    def test_the_rest_of_the_line(self):
        assert SuffixStop("foo(", ")", "", "python")("bar(a), b)") == Stop(9, "the rest of the line")
        assert SuffixStop("foo(", ")", "", "python")("bar(a)") is None
        assert SuffixStop("for ", "in items:", "", "python")("item in items:\n") == Stop(5, "the rest of the line")
        assert SuffixStop('print("', '")', "", "python", '"')('hello")') == Stop(5, "the rest of the line")
        assert SuffixStop("Vec<", "> = a;", "", "rust")("Map<A, B> = a;") is None

    def test_nothing_follows(self):
        assert SuffixStop("x = ", "", "", "python")("1\ny = 2\n") is None


class TestRepetitionStop:
    def test_a_line_three_times(self):
        assert RepetitionStop()("a = b\npush(a)\n    push(a)\n    push(a)\n  ") == Stop(
            13, "the same line three times"
        )
        assert RepetitionStop()("push(a)\npush(a)\n") is None

    def test_lines_that_may_repeat(self):
        assert RepetitionStop()("    }\n    }\n    }\n") is None

    def test_a_short_period(self):
        assert RepetitionStop()("x = [0, 0, 0, 0, 0, 0, 0, 0, 0") == Stop(8, "a loop")
        assert RepetitionStop()("x = [0, 0, 0, 0") is None

    def test_far_into_the_text(self):
        text = "".join(f"value {number}\n" for number in range(100))
        assert RepetitionStop()(text + "ab" * 12) == Stop(len(text) + 2, "a loop")


class TestRulesFor:
    @pytest.mark.parametrize(
        ("prefix", "suffix", "language"),
        [
            ("def f(a):\n    ", "\n", "python"),
            ("def f(a):\n", "", "python"),
            ("def f(a):", "\n", "python"),
            ("def f(a):  # adds\n    ", "\n\n\ndef g():\n", "python"),
            ('def f(a):\n    """Adds."""\n    ', "\n", "python"),
            ('def f(a):\n    """Adds.\n\n    More.\n    """\n    ', "\n", "python"),
            ("def f(a):\n    # First add.\n    ", "\n", "python"),
            ("x = [\n    ", "\n]\n", "python"),
            ("func f() {\n\t", "\n}\n", "go"),
            ("fn f() {\n    // Adds.\n    ", "\n}\n", "rust"),
            ("match x {\n    1 =>\n        ", "\n}\n", "rust"),
            ("class A {\n  f() {\n    ", "\n  }\n}\n", "typescript"),
            ("if (a) {", "\n", "java"),
            ("void f()\n{\n    ", "\n}\n", "cpp"),
            ("if a; then\n  ", "\nfi\n", "shellscript"),
            ("def f(a)\n  ", "\nend\n", "ruby"),
            ("items.each do |item|\n  ", "\nend\n", "ruby"),
            ("local function f(a)\n  ", "\nend\n", "lua"),
        ],
    )
    def test_an_empty_block(self, prefix, suffix, language):
        assert rules_for(place(prefix, suffix, language), multiline="auto", max_lines=8)[1] is True

    @pytest.mark.parametrize(
        ("prefix", "suffix", "language"),
        [
            ("x = ", "\n", "python"),
            ("x = 1\n", "\n", "python"),
            ("def f(a):\n    ", "\n    return a\n", "python"),
            ("def f(a):\n    x = 1\n    ", "\n", "python"),
            ("def f(a):\n    re", "\n", "python"),
            ("print(", "\n", "python"),
            ("f = lambda a:", "\n", "python"),
            ("x = a[1:", "\n", "python"),
            ('x = """\ndef f():\n    ', '\n"""\n', "python"),
            ("# if so:\n", "\n", "python"),
            ("func f() {\n\ta()\n\t", "\n}\n", "go"),
            ("p->", "\n", "cpp"),
            ("if (a) {\n  ", "b();\n}\n", "java"),
        ],
    )
    def test_no_empty_block(self, prefix, suffix, language):
        assert rules_for(place(prefix, suffix, language), multiline="auto", max_lines=8)[1] is False

    def test_never_and_always(self):
        assert rules_for(place("def f():\n    "), multiline="never", max_lines=8)[1] is False
        assert rules_for(place("x = "), multiline="always", max_lines=8)[1] is True


class TestDecoding:
    def test_a_statement(self):
        assert shown("def f(a, b):\n    return ", "a + b\n\ndef g():") == "a + b"

    def test_a_statement_over_lines(self):
        assert shown("x = ", "foo(\n    a,\n)\ny = 2\n") == "foo(\n    a,\n)"

    def test_never_more_than_a_line(self):
        assert shown("x = ", "foo(\n    a,\n)\n", multiline="never") == "foo("

    def test_a_function_body(self):
        text = "total = 0\n    for x in a:\n        total += x\n    return total\n\n\ndef g():\n"
        assert shown("def f(a):\n    ", text) == "total = 0\n    for x in a:\n        total += x\n    return total"

    def test_a_function_body_from_its_head(self):
        assert shown("def f(a):", "\n    return a\n\ndef g(a):\n    pass\n") == "\n    return a"

    def test_a_body_in_the_line_of_its_head(self):
        assert shown("if a:", " return b\n    c\n") == " return b"

    def test_a_block_and_its_closing_line(self):
        text = "a();\n    b();\n  }\n\n  g() {"
        assert shown("class A {\n  f() {\n    ", text, "\n}\n", "typescript") == "a();\n    b();\n  }"
        assert shown("class A {\n  f() {\n    ", text, "\n  }\n}\n", "typescript") == "a();\n    b();"

    def test_a_block_that_ends_with_a_word(self):
        assert shown("def f(a)\n  ", "a + 1\nend\n\ndef g\n", "\n", "ruby") == "a + 1\nend"

    def test_a_block_of_arguments(self):
        assert shown("foo(\n    ", "a,\n    b,\n)\nbar()\n", "\n") == "a,\n    b,\n)"

    def test_the_suffix_ends_a_block(self):
        text = "x = g(a)\n    log(x)\n    return x\n"
        rules = rules_for(place("def f(a):\n    ", "\n    return x\n"), multiline="always", max_lines=8)[0]
        assert decoded(rules, text) == "x = g(a)\n    log(x)"

    def test_a_comment_is_one_line(self):
        assert shown("# Adds (a", " and b\n# twice)\n") == " and b"

    def test_a_docstring_is_one_line(self):
        assert shown('def f(a):\n    """', 'Adds one."""\n    return (\n') == 'Adds one."""'

    def test_an_argument(self):
        assert shown("foo(", "a, b)\nbar()", ")\n") == "a, b"

    def test_nothing_for_this_line(self):
        assert shown("x = 1", "\ny = 2\n") == ""


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a + total_su", "a +"),
        ("a.na", "a"),
        ("a.", "a"),
        ("p->ne", "p"),
        ("std::ve", "std"),
        ("a?.b", "a"),
        ("foo(a)", "foo(a)"),
        ("foo(a, 12", "foo(a,"),
        ("x * 3.1", "x *"),
        ("x * 3.", "x *"),
        ("foo(...", "foo(..."),
        ('"a\\', '"a'),
        ('"a\\n', '"a'),
        ('"a\\\\', '"a\\\\'),
        ('"a\\u00', '"a'),
        ('"a\\u{1F', '"a'),
        ("total", ""),
        ("", ""),
        ("  ", ""),
        ("x = 1\n    retu", "x = 1"),
        ("x = 1\n    y = 2\n", "x = 1\n    y = 2"),
        ("\n    x = fo", "\n    x ="),
        ("\n    retu", ""),
        ("\n\n", ""),
    ],
)
def test_the_safe_part_of_an_unfinished_text(text, safe):
    assert safe_prefix(text, finished=False) == safe


def test_a_finished_text_loses_only_white_space():
    assert safe_prefix("a + total_su  \n", finished=True) == "a + total_su"


PIECES = st.lists(
    st.sampled_from(
        [*"()[]{}\"'`#/:;,.\n \\ab1", "\n    ", "\n\n", "return x\n", '"""', "é", "end", "def f():\n"]
    ),
    max_size=16,
).map("".join)
LANGUAGES = st.sampled_from(["python", "go", "rust", "ruby", "typescript", "plaintext", "unheard-of"])


@given(PIECES, PIECES, LANGUAGES, st.sampled_from(["auto", "never", "always"]), PIECES)
def test_a_stop_is_within_the_text_and_keeps_nothing_that_another_look_cuts(prefix, suffix, language, mode, text):
    rules, _ = rules_for(place(prefix, suffix, language), multiline=mode, max_lines=4)
    stop = first_stop(rules, text)
    if stop is None:
        return
    assert 0 <= stop.at <= len(text)
    again = first_stop(rules, text[: stop.at])
    assert again is None or again.at <= stop.at


@given(PIECES, st.booleans())
def test_the_safe_part_is_a_prefix_without_trailing_space(text, finished):
    safe = safe_prefix(text, finished)
    assert text.startswith(safe)
    assert safe == safe.rstrip()
