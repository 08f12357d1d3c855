from ai_lsp.context.definitions.members import parts, ranked
from ai_lsp.syntax.outline import Definition


def order(members: str, partial: str = "", names: str = "", *, private: bool = False) -> str:
    definitions = [Definition(name, "method", 0, 0, f"def {name}(self):", "", "A") for name in members.split()]
    return " ".join(one.name for one in ranked(definitions, partial, names.split(), private=private))


def test_words_of_a_name():
    assert parts("readHTTPHeader_fast2x") == {"read", "http", "header", "fast"}


def test_the_files_order_where_nothing_is_known():
    assert order("b a c") == "b a c"


def test_what_begins_like_the_partial_word_comes_before_what_has_it():
    assert order("open reopen close OpenAll", "open") == "open OpenAll reopen"


def test_all_of_them_where_nothing_has_the_partial_word():
    assert order("b a", "zz") == "b a"


def test_words_that_are_used_near_the_cursor_come_first():
    assert order("close read_header read", names="header parse_header") == "read_header close read"


def test_private_names_are_for_the_class_itself():
    assert order("_a b __c__") == "b"
    assert order("_a b __c__", private=True) == "_a b"
    assert order("_a b __c__", "__") == "__c__"


def test_each_name_once():
    assert order("a b a") == "a b"
