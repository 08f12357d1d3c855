import pytest

from ai_lsp.context.definitions.rendering import render
from ai_lsp.syntax.outline import Definition


def definition(signature: str, doc: str = "", kind: str = "function", name: str = "f") -> Definition:
    return Definition(name, kind, 0, 0, signature, doc, "")


CASES = [
    ("python", "def f(a: int) -> str:", "Say it.\n\nMore.", 'def f(a: int) -> str:\n    """Say it."""'),
    ("python", "def f(a)", "", "def f(a): ..."),
    ("python", "async def f():", "", "async def f(): ..."),
    ("python", "@cache\ndef f():", "", "@cache def f(): ..."),
    ("python", "def f(\n    a: int,\n    b: str,\n) -> None:", "", "def f(a: int, b: str) -> None: ..."),
    ("python", "def f():", "The first one. The second.", 'def f():\n    """The first one."""'),
    ("typescript", "function f<", "", "function f;"),
    ("python", "X: int = 3", "about X", "X: int = 3"),
    ("python", "def f():", r"a \d", 'def f():\n    r"""a \\d"""'),
    ("python", "def f():", 'say """', "def f():\n    '''say \"\"\"'''"),
    ("python", "def f():\r\n", "a\r\nb", 'def f():\n    """a"""'),
    (
        "typescript",
        "export function f(a: A): B {",
        "/** Says it. */",
        "/** Says it. */\nexport function f(a: A): B;",
    ),
    ("typescript", "const f = (a: A): B =>", "", "const f = (a: A): B;"),
    ("java", "public int f(int a)", "* Says it.", "/** Says it. */\npublic int f(int a);"),
    ("go", "func f(a int) error {", "f says it.", "// f says it.\nfunc f(a int) error"),
    ("rust", "pub fn f(a: u8) -> u8", "Says it.", "/// Says it.\npub fn f(a: u8) -> u8;"),
    ("c", "int f(int a);", "", "int f(int a);"),
    ("ruby", "def f(a)", "Says it.", "# Says it.\ndef f(a)\nend"),
    ("php", "public function f(A $a): B", "", "public function f(A $a): B;"),
    ("csharp", "int F(int a)", "Ends */ here", "/// Ends  here\nint F(int a);"),
    ("python", "", "", "f"),
]


@pytest.mark.parametrize(("language", "signature", "doc", "expected"), CASES)
def test_one_definition(language, signature, doc, expected):
    assert "\n".join(render(definition(signature, doc), language)) == expected


CLASSES = [
    ("python", "class A(B):", "def f(self):", 'class A(B):\n    """Doc."""\n    def f(self): ...'),
    ("typescript", "class A extends B {", "f(): void", "/** Doc. */\nclass A extends B {\n  f(): void;\n}"),
    ("ruby", "class A < B", "def f", "# Doc.\nclass A < B\n  def f\n  end\nend"),
    ("go", "type A struct", "B int", "// Doc.\ntype A struct {\n\tB int\n}"),
]


@pytest.mark.parametrize(("language", "head", "member", "expected"), CLASSES)
def test_members_stand_within_their_class(language, head, member, expected):
    lines = render(definition(head, "Doc.", "class"), language, [definition(member, "", "method")])

    assert "\n".join(lines) == expected


def test_long_heads_are_broken_anew():
    head = "def f(\n" + "".join(f"  number_{n}: dict[str, list[int]] = None,\n" for n in range(3)) + ") -> None:"

    assert render(definition(head), "python") == [
        "def f(number_0: dict[str, list[int]] = None, number_1: dict[str, list[int]] = None, number_2: dict[str,",
        "    list[int]] = None) -> None: ...",
    ]


def test_heads_that_were_cut_are_closed():
    assert render(definition("def f(a: int,\nb: str,"), "python") == ["def f(a: int, b: str, ...): ..."]


def test_very_long_heads_are_cut():
    head = "def f(" + ", ".join(f"argument_{n}=None" for n in range(900)) + "):"

    assert len(render(definition(head), "python")) <= 8


def test_long_docs_are_cut_at_a_word():
    (_, doc) = render(definition("def f():", "word " * 50), "python")

    assert doc.endswith('word ..."""')
    assert len(doc) < 120


@pytest.mark.parametrize("text", ["\ud800", "\0", "x" * 100_000, "\n\n\r\n", "{" * 99, '"""'])
def test_any_text_is_taken(text):
    for language in ("python", "ruby", "typescript", "go", "cobol"):
        render(definition(text, text), language, [definition(text, text)])
