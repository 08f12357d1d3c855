import pytest

from ai_lsp.positions import split_lines
from ai_lsp.syntax.parsing import parse
from ai_lsp.syntax.statement import is_whole


@pytest.mark.parametrize(
    ("grammar", "text", "whole"),
    [
        ("python", "x = foo▮", True),
        ("python", "x = foo(▮", False),
        ("python", "x = foo(\n    a▮\n)\n", False),
        ("python", "x = foo(\n    a\n)▮\n", True),
        ("python", "x = ▮", False),
        ("python", "def f():▮\n    pass\n", False),
        ("python", "@a.b▮\ndef f():\n    pass\n", False),
        ("python", "if a:\n    b()▮\nelse:\n    c()\n", True),
        ("python", "if a: b()▮\n", True),
        ("python", "x = é▮ \n", True),
        ("python", "x = foo ▮\n", False),
        ("python", "foo▮\n", False),
        ("typescript", "foo(); ▮\n", True),
        ("typescript", "interface A {\n  b?: string;▮\n}\n", True),
        ("typescript", "class A {\n  b = 1;▮\n}\n", True),
        ("typescript", "interface A {\n  b: number▮\n}\n", True),
        ("typescript", "return▮\n", False),
        ("go", "package a\n\ntype A interface {\n\tB(c int) (int, error)▮\n}\n", True),
        ("typescript", "for (let i = 0;▮;) {}\n", False),
        ("python", "▮", False),
        ("go", "package a\n\nfunc f() {\n\tx := g()▮\n}\n", True),
        ("go", "package a\n\nfunc f() {\n\tswitch x {\n\tcase 1:\n\t\tg()▮\n\t}\n}\n", True),
        ("rust", "fn f() -> u8 {\n    g()▮\n}\n", True),
        ("rust", "fn f() -> u8 {\n    g()?▮\n}\n", True),
        ("java", "class A {\n    int a = 1;▮\n}\n", True),
        ("typescript", "if (a) return b;▮\n", True),
        ("typescript", "const a = {\n  b: c▮\n};\n", False),
        ("ruby", "def f\n  g(1)▮\nend\n", True),
        ("csharp", "class A {\n  void F() {\n    G();▮\n  }\n}\n", True),
        ("php", "<?php\nf();▮\n", True),
    ],
)
def test_is_whole(grammar, text, whole):
    before, after = text.split("▮")
    lines = split_lines(before + after)
    root = parse(lines, grammar).root_node
    line = before.count("\n")
    assert is_whole(root, lines, line, len(before) - before.rfind("\n") - 1) is whole
