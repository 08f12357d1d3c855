"""What the cache answers while one types, deletes and lets the editor close brackets."""

from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.completion.cache import LOOK_BACK, Cache, Entry, Hit

URI = "file:///a.py"


def filled(prefix, suffix, text, complete=True):
    cache = Cache()
    cache.put(prefix, suffix, URI, Entry(text, complete))
    return cache


def text_at(cache, prefix, suffix, uri=URI):
    hit = cache.get(uri, prefix, suffix)
    return hit.text if hit else None


def test_the_same_place():
    entry = Entry("a + b", complete=True, confidence=-0.5, trace="trace")
    cache = Cache()
    cache.put("return ", "\n", URI, entry)
    assert cache.get(URI, "return ", "\n") == Hit("a + b", entry, "")


def test_typed_through():
    cache = filled("return ", "\n", "a + b")
    hit = cache.get(URI, "return a +", "\n")
    assert hit == Hit(" b", Entry("a + b", True), "a +")


def test_typed_something_else():
    assert text_at(filled("return ", "\n", "a + b"), "return b", "\n") is None


def test_typed_to_the_end():
    assert text_at(filled("return ", "\n", "a + b"), "return a + b", "\n") is None


def test_another_document_and_another_suffix():
    cache = filled("return ", "\n", "a + b")
    assert text_at(cache, "return ", "\n", uri="file:///b.py") is None
    assert text_at(cache, "return ", " + c\n") is None
    assert text_at(cache, "return ", "\nx") is None


def test_backspace_goes_back_to_the_older_entry():
    cache = filled("x = ", "\n", "foo(a)")
    cache.put("x = b", "\n", URI, Entry("ar(a)", True))
    assert text_at(cache, "x = b", "\n") == "ar(a)"
    assert text_at(cache, "x = ", "\n") == "foo(a)"
    assert text_at(cache, "x =", "\n") is None


def test_the_nearest_entry_answers():
    cache = filled("x = ", "\n", "foo(a)")
    cache.put("x = fo", "\n", URI, Entry("rmat(a)", True))
    assert text_at(cache, "x = fo", "\n") == "rmat(a)"
    assert text_at(cache, "x = f", "\n") == "oo(a)"


def test_an_empty_answer_hides_no_older_one():
    cache = filled("x = ", "\n", "foo(a)")
    cache.put("x = f", "\n", URI, Entry("", True))
    assert text_at(cache, "x = f", "\n") == "oo(a)"


def test_it_looks_back_so_far_and_no_further():
    text = "y" * (LOOK_BACK + 2)
    cache = filled("x = ", "\n", text)
    assert text_at(cache, "x = " + text[:LOOK_BACK], "\n") == "yy"
    assert text_at(cache, "x = " + text[: LOOK_BACK + 1], "\n") is None


def test_what_stands_far_away_does_not_count():
    cache = filled("far" + "a" * 1024, "b" * 256 + "far", "text")
    assert text_at(cache, "changed" + "a" * 1024, "b" * 256 + "changed") == "text"
    assert text_at(cache, "a" * 1023, "b" * 256) is None


def test_line_end_and_indentation_typed():
    cache = filled("def f():", "\n", "\n    return 1")
    assert text_at(cache, "def f():\n    ", "\n") == "return 1"


def test_the_editor_closes_a_bracket():
    cache = filled("x = foo", "\n", "(a, b)")
    hit = cache.get(URI, "x = foo(", ")\n")
    assert hit == Hit("a, b", Entry("(a, b)", True), "(")
    assert text_at(cache, "x = foo(a", ")\n") == ", b"


def test_the_editor_closes_a_bracket_and_a_quote():
    cache = filled("x = ", "\n", 'foo("a)b", c)')
    assert text_at(cache, 'x = foo("', '")\n') == "a)b"


def test_what_follows_the_closed_bracket_is_left_out():
    cache = filled("if foo", "\n", "(a[0]):\n    pass")
    assert text_at(cache, "if foo(", ")\n") == "a[0]"


def test_the_closed_bracket_is_typed_over():
    cache = filled("x = foo", "\n", "(a) + 1")
    assert text_at(cache, "x = foo(a)", "\n") == " + 1"


def test_brackets_that_were_there_before():
    cache = filled("foo(", ")\n", "a, b")
    assert text_at(cache, "foo(a", ")\n") == ", b"


def test_a_bracket_that_no_editor_added():
    cache = filled("x = foo", "\n", "(a, b)")
    assert text_at(cache, "x = foo", ")\n") is None
    assert text_at(cache, "x = foo(", "]\n") is None
    assert text_at(cache, "x = foo(", "))\n") is None


def test_a_line_end_before_the_closed_brace():
    cache = filled("if (a)", "\n", " {\n    b();\n}")
    assert text_at(cache, "if (a) {\n    ", "\n}\n") == "b();"
    assert text_at(cache, "if (a) {", "}\n") == "\n    b();\n"


def test_a_line_end_before_a_brace_that_was_there():
    cache = filled("if (a) {", "}\n", "\n    b();\n")
    assert text_at(cache, "if (a) {\n    ", "\n}\n") == "b();"


def test_a_line_end_below_is_not_one_that_was_added():
    cache = filled("x = ", "}\n", "1")
    assert text_at(cache, "x = ", "\n}\n") is None


def test_an_entry_grows():
    cache = filled("x = ", "\n", "foo", complete=False)
    cache.put("x = ", "\n", URI, Entry("foo(a)", False))
    assert text_at(cache, "x = ", "\n") == "foo(a)"


def test_a_shorter_text_does_not_replace_a_longer_one_unless_complete():
    cache = filled("x = ", "\n", "foo(a)", complete=False)
    cache.put("x = ", "\n", URI, Entry("foo", False))
    assert text_at(cache, "x = ", "\n") == "foo(a)"
    cache.put("x = ", "\n", URI, Entry("foo", True))
    assert text_at(cache, "x = ", "\n") == "foo"


def test_another_text_replaces():
    cache = filled("x = ", "\n", "foo(a)")
    cache.put("x = ", "\n", URI, Entry("bar", False))
    assert text_at(cache, "x = ", "\n") == "bar"
    assert len(cache) == 1


def test_the_least_recently_used_goes_first():
    cache = Cache(2)
    cache.put("a", "", URI, Entry("1", True))
    cache.put("b", "", URI, Entry("2", True))
    assert text_at(cache, "a", "") == "1"
    cache.put("c", "", URI, Entry("3", True))
    assert [text_at(cache, prefix, "") for prefix in "abc"] == ["1", None, "3"]


def test_resize():
    cache = Cache(2)
    cache.put("a", "", URI, Entry("1", True))
    cache.put("b", "", URI, Entry("2", True))
    cache.resize(1)
    assert [text_at(cache, prefix, "") for prefix in "ab"] == [None, "2"]
    cache.resize(0)
    cache.put("a", "", URI, Entry("1", True))
    assert len(cache) == 0


def test_forget_a_document():
    cache = filled("a", "", "1")
    cache.put("a", "", "file:///b.py", Entry("2", True))
    cache.forget(URI)
    assert text_at(cache, "a", "") is None
    assert text_at(cache, "a", "", uri="file:///b.py") == "2"


SMALL = st.text("ab(){}\n \"'", max_size=8)


@given(st.lists(st.tuples(SMALL, SMALL, SMALL), max_size=8), SMALL, SMALL)
def test_a_hit_is_always_what_was_put_for_this_place(entries, prefix, suffix):
    cache = Cache(5)
    put = []
    for number, (before, after, text) in enumerate(entries):
        entry = Entry(text, True, trace=number)
        cache.put(before, after, URI, entry)
        put.append((before, after, entry))
    assert len(cache) <= 5
    hit = cache.get(URI, prefix, suffix)
    if hit is None:
        return
    before, after, entry = put[hit.entry.trace]
    assert hit.text
    assert before + hit.typed == prefix
    assert entry.text.startswith(hit.typed + hit.text)
    assert suffix.endswith(after)
    assert set(suffix[: len(suffix) - len(after)]) <= set(")}\n \"'")


@given(SMALL, st.text(max_size=30), st.text(max_size=8), st.data())
def test_every_part_typed_gives_the_rest(prefix, text, suffix, data):
    cache = filled(prefix, suffix, text)
    count = data.draw(st.integers(0, len(text)))
    assert text_at(cache, prefix + text[:count], suffix) == (text[count:] or None)
