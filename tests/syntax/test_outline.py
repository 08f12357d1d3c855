"""Outlines against written-out expectations, and against whatever a file may hold."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_lsp.syntax.outline import Definition, Import, imports, outline, outline_and_imports
from tests.syntax.rendering import rendered

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
CASES = {path.stem: path.read_text("utf-8").split("----\n") for path in GOLDEN}


@pytest.mark.parametrize("language", CASES)
def test_golden(language):
    text, expected = CASES[language]
    assert rendered(text, language) == expected.splitlines()


@pytest.mark.parametrize("language", CASES)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(language, end):
    text, expected = CASES[language]
    assert rendered(text.replace("\n", end), language) == expected.splitlines()


def test_a_definition_and_an_import_in_full():
    text = 'from a import b as c\n\n\nclass D:\n    @property\n    def e(self) -> int:\n        """Says."""\n'
    assert outline(text, "python") == [
        Definition("D", "class", 3, 6, "class D:", "", ""),
        Definition("e", "property", 5, 6, "def e(self) -> int:", "Says.", "D"),
    ]
    assert imports(text, "python") == [Import("a", ("c",), 0, ("b",), 0)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("", "python", []),
        ("x = 1", "plaintext", []),
        ("x = 1", "no-such-language", []),
        ("x = 1", "../python", []),
        ("a: 1", "yaml", []),
        ("def f(:\n  x = \nclass C:\n\tdef g(self):\n\t\tpass\n", "python", ["class C", "method C.g"]),
        (
            "class A {\n  f() { return (1 + ; }\n}\nfunction h() {}\n",
            "typescript",
            ["class A", "method A.f", "function h"],
        ),
        ("def 名前(é='😀'):\n\treturn 1", "python", ["function 名前"]),
        ("def f():\n  pass\n\ud800\n", "python", ["function f"]),
        ("def f():\n  pass\n\0\n", "python", ["function f"]),
        ("x = '" + "a" * 30_000 + "'\ndef f(): pass\n", "python", []),
        ("#pragma once\nnamespace n { class C {}; }", "c", ["namespace n", "class n.C"]),
        ("self.x = 1\nother.y = 2\n", "python", []),
        ("class A:\n  def f(self):\n    self.x = self.y = 1\n    self.x = 2\n", "python",
         ["class A", "method A.f", "field A.x", "field A.y"]),
        ("describe('a', () => { const x = 1; function f() {} })", "javascript", ["function f"]),
        ("namespace A;\nclass B {}\nnamespace C;\nclass D {}", "php",
         ["namespace A", "class A.B", "namespace C", "class C.D"]),
    ],
)  # fmt: skip
def test_odd_texts(text, language, expected):
    text = f"<?php\n{text}" if language == "php" else text
    found = [
        f"{one.kind} {one.parent}.{one.name}".replace(" .", " ") for one in outline_and_imports(text, language)[0]
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "language", "signature"),
    [
        ("def f(\n    a,  # the first\n    b='# no',\n): pass", "python", "def f(a, b='# no'):"),
        (
            "def f(\n" + "".join(f"    argument_number_{n}: int = {n},\n" for n in range(5)) + "): pass",
            "python",
            "def f(\n" + "".join(f"    argument_number_{n}: int = {n},\n" for n in range(5)) + "):",
        ),
        ("x = [\n  1,\n]", "python", "x = [...]"),
        ("x = " + "a + " * 500 + "a", "python", "x = " + ("a + " * 500)[:956].rstrip() + "..."),
        ("type A = {\n  b: string;\n  c: number;\n};", "typescript", "type A = { b: string; c: number; }"),
        ("void f(int a, // one\n       int b) {}", "cpp", "void f(int a, int b)"),
    ],
)
def test_signatures(text, language, signature):
    assert outline(text, language)[0].signature == signature


@pytest.mark.parametrize(
    ("above", "language", "doc"),
    [
        ("// a\n\n// b\n// c\n", "go", "b c"),
        ("x()\n// b\n", "go", "b"),
        ("// b\n\n", "go", ""),
        ("/* a */\n", "go", "a"),
        ("/*\n * a\n *\n * b\n */\n", "go", "a"),
        ("x := 1 /* a */\n", "go", ""),
        ("//go:build linux\n", "go", ""),
        ("# a\n", "go", ""),
    ],
)
def test_comments_above(above, language, doc):
    assert outline(f"{above}func f() {{}}\n", language)[-1].doc == doc


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(CASES)), st.data())
def test_nothing_raises_on_a_damaged_file(language, data):
    text = CASES[language][0]
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    new = data.draw(st.sampled_from(["", '"', "{", "}", "(", "\r", "\ud800", "é😀", "\0", "/*", "\t", "#"]))
    for one in outline(text[:start] + new + text[stop:], language):
        assert 0 <= one.line <= one.end_line
        assert one.name and one.signature


def test_what_has_no_head_in_a_damaged_text_is_shown_by_its_name():
    text = (
        "<?php\nclass Box {\n    const N = 1;\n( make(): static { }\n    abstract protected function gone();\n}\n"
    )
    assert [one.signature for one in outline(text, "php")] == ["class Box", "const N = 1", "gone"]
