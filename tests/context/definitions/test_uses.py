import pytest

from ai_lsp.context.definitions.uses import Access, access, open_call, uses
from tests.fakes import place


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = client.", Access(("client",), False, "")),
        ("x = client.ge", Access(("client",), False, "ge")),
        ("self.client.", Access(("self", "client"), False, "")),
        ("Foo(1, 2).", Access(("Foo",), True, "")),
        ("super().__in", Access(("super",), True, "__in")),
        ("$this->na", Access(("this",), False, "na")),
        ("Foo::ne", Access(("Foo",), False, "ne")),
        ("a?.b", Access(("a",), False, "b")),
        ("print(client.", Access(("client",), False, "")),
        ("größe.", Access(("größe",), False, "")),
        ("x = 1.", None),
        ("client", None),
        ("client. ", None),
        ("foo(bar()).", None),
        ("", None),
    ],
)
def test_what_a_member_is_wanted_of(line, expected):
    assert access(line) == expected


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("fetch(", ("fetch",)),
        ("a = httpx.get(url, ", ("httpx", "get")),
        ("fetch(\n    url,\n    [1, (2, 3)],\n    ", ("fetch",)),
        ("outer(inner(1), ", ("outer",)),
        ("make<T>(", ("make",)),
        ("f(x)[", None),
        ("x = (", None),
        ("done()", None),
        (")))", None),
        ("", None),
    ],
)
def test_the_call_that_is_still_open(prefix, expected):
    assert open_call(prefix) == expected


def weights(prefix: str, suffix: str = "") -> dict[str, float]:
    return {".".join(use.chain): round(use.weight, 2) for use in uses(place(prefix, suffix))}


def test_calls_on_the_line_come_first_and_what_is_far_comes_last():
    assert weights("far(a)\n\nnear(b)\nx = call(name)\ny = ") == {
        "call": 0.93,
        "near": 0.86,
        "far": 0.75,
        "x": 0.7,
        "name": 0.7,
        "y": 0.75,
        "b": 0.65,
        "a": 0.56,
    }


def test_the_open_call_counts_most_however_far_it_begins():
    assert weights("fetch(\n" + "    1,\n" * 10)["fetch"] == 1.0


def test_the_unfinished_name_is_not_used_yet():
    assert "htt" not in weights("import httpx\nx = htt")
    assert "self.cli" not in weights("self.cli")


def test_names_below_the_cursor_count_less():
    assert weights("x = \n", "\nfetch(1)\n") == {"x": 0.7, "fetch": 0.56}


def test_comments_are_no_code():
    assert weights("# call(me)\n// call(me)\n * call(me)\n") == {}
    assert weights("#include <a>\n") != {}


def test_each_name_once_with_its_best_weight():
    assert weights("f\nf(1)\n") == {"f": 0.93}


@pytest.mark.parametrize("text", ["\ud800(", "(" * 5000, "a." * 5000, "\0\r\n\u2028" * 50, "x" * 100_000])
def test_any_text_is_taken(text):
    uses(place(text, text))
    access(text)
