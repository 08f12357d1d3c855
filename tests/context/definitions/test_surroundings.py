import pytest

from ai_lsp.context.definitions.surroundings import Surroundings, assigned


def around(text: str, language: str = "python") -> Surroundings:
    return Surroundings(text.split("\n"), language)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", "class A:\n    def f(self):\n        ", "A"),
        ("python", "class A:\n    def f(self):\n        pass\n\nx = ", None),
        ("python", "class A:\n    class B(A):\n        def f(self):\n            ", "B"),
        ("python", "class A:\n    def f(\n        self,\n    ) -> None:\n        ", "A"),
        ("python", "class A:\n    def f(self):\n        if (\n            ", "A"),
        ("python", "class A:\n    def f(self):\n        x = [\n\n            ", "A"),
        ("typescript", "export default class A extends B {\n  f() {\n    ", "A"),
        ("typescript", "class A<\n  B extends C,\n> {\n  f() {\n    ", "A"),
        ("java", "public final class A\n{\n    void f()\n    {\n        ", "A"),
        ("rust", "impl<T> Shape for Square<T> {\n    fn f(&self) {\n        ", "Square"),
        ("rust", "impl Square {\n    ", "Square"),
        ("csharp", "namespace N\n{\n    class A\n    {\n        ", "A"),
        ("csharp", "namespace N\n{\n    ", None),
        ("cpp", "struct A {\n  int f() {\n    ", "A"),
        ("ruby", "module M\n  class A\n    def f\n      ", "A"),
        ("python", "", None),
    ],
)
def test_the_class_around(language, text, expected):
    assert around(text, language).class_name == expected


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        ("python", "def f(a, b=1, *c, **d):\n    ", "a b c d", True),
        ("python", "def f(\n    a: int,\n    b: X = 1,\n) -> None:\n    ", "a b", True),
        ("python", "def f(a: Thing, b=Other()):\n    ", "Thing Other f int", False),
        ("python", "def f():\n    x = 1\n    for y, z in w:\n        ", "x y z", True),
        ("python", "def f():\n    for y in w:\n        ", "w", False),
        ("python", "def f():\n    with open() as file:\n        ", "file", True),
        ("python", "def f():\n    if (m := g()):\n        ", "m", True),
        ("python", "def f():\n    a, b = g()\n    ", "a b", True),
        ("python", "def f():\n    x: int = 1\n    ", "x", True),
        ("python", "def f():\n    g(x=1)\n    g(\n        x=1,\n    )\n    y.x = 2\n    ", "x", False),
        ("python", "def f():\n    x == 1\n    ", "x", False),
        ("python", "def f():\n    x = 1\n\ndef g():\n    ", "x", False),
        ("python", "def f(a):\n    def g(b):\n        ", "a b", True),
        ("python", "x = 1\ny = call(\n    ", "x y call", False),
        ("typescript", "function f(a: A, b?: B, c = 1) {\n  const d = a;\n  ", "a b c d", True),
        ("typescript", "function f(a: A) {\n  ", "A", False),
        ("typescript", "class C {\n  m(a: A): void {\n    let { b, e } = a;\n    ", "a b", True),
        ("typescript", "const f = (a: A) => {\n  ", "a", True),
        ("java", "class C {\n    void f(Client a, int b) {\n        ", "a b", True),
        ("java", "class C {\n    void f(Client a, int b) {\n        ", "Client", False),
        ("go", "func f(a, b *http.Client) error {\n\tc := a\n\t", "a b c", True),
        ("go", "func (r *Repo) f(a int) {\n\t", "r a", True),
        ("go", "func (r *Repo) f(a Client) {\n\t", "Repo Client", False),
        ("rust", "fn f(a: &A) {\n    let mut b = a;\n    ", "a b", True),
        ("php", "function f(A $a) {\n    $b = 1;\n    ", "a b", True),
    ],
)
def test_what_a_function_binds(language, text, name, expected):
    surroundings = around(text, language)

    assert {one: surroundings.binds(one) for one in name.split()} == dict.fromkeys(name.split(), expected)


def test_what_is_said_about_a_name_is_taken_from_the_function_first():
    text = "x = One()\ndef f():\n    x = Two()\n    "

    assert around(text).about("x") == "    x = Two()"
    assert around("x = One()\ny = 1\n").about("x") == "x = One()"


@pytest.mark.parametrize(
    "text", ["\ud800", "(\n" * 500, "class\n" * 50, " " * 100_000, "a b " * 5000, "\t \t\n" * 99]
)
def test_any_text_is_taken(text):
    for language in ("python", "typescript", "go"):
        surroundings = around(text + "\n    x", language)
        assert surroundings.class_name is None or surroundings.class_lines
        surroundings.binds("x")
        surroundings.about("x")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = 1", "x"),
        ("    a, *b = f(c)", "a b"),
        ("x: dict[str, int] = {}", "x"),
        ("self.x = 1", ""),
        ("x.y, z = 1", "z"),
        ("f(x = 1)", ""),
        ("x == 1", ""),
        ("for a, (b, c) in d:", "a b c"),
        ("with f() as a, g() as b:", "a b"),
        ("if (a := f()) > 1:", "a"),
        ("const a = 1;", "a"),
        ("let { a, b } = c;", "a b"),
        ("const [a, b] = useState(1)", "a b"),
        ("for (const a of b) {", "a"),
        ("for (int a = 0; a < 1; a++) {", "a"),
        ("Map<String, List> a = b;", "a"),
        ("final Client a = b;", "a"),
        ("a, err := f()", "a err"),
        ("let mut a = 1;", "a"),
        ("$a = 1;", "a"),
        ("foreach ($x as $a) {", "a"),
        ("return a", ""),
    ],
)
def test_names_that_a_line_assigns(line, expected):
    assert sorted(set(assigned(line))) == expected.split()
