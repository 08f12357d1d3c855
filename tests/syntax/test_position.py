import pytest

from ai_lsp.positions import split_lines
from ai_lsp.syntax.parsing import parse
from ai_lsp.syntax.position import PositionKind, position_kind

SIGNS = {PositionKind.CODE: ".", PositionKind.COMMENT: "#", PositionKind.STRING: "s"}


@pytest.mark.parametrize(
    ("grammar", "text", "kinds"),
    [
        ("python", 'x = "ab" # no', ".....sss..####"),
        ("python", 'y = f"a{b}c"', ".....sss...s."),
        ("python", 'é = "é😀"', ".....sss."),
        ("typescript", "x = `a${b}c`; // hi", ".....ss....s...#####"),
        ("typescript", "/* b */ y", ".######..."),
        ("rust", "let c = 'a'; // x", ".........ss...####"),
        ("go", 's := "a" + `b` // c', "......ss....ss..####"),
        ("ruby", 'x = "a#{b}c" # d', ".....ss....s..###"),
        ("java", 'String s = "a"; // x', "............ss...####"),
        ("c", "char c; /* x */ int d;", ".........######........"),
        ("python", "", "."),
        ("python", '"""a"""', ".ssssss."),
    ],
)
def test_position_kind(grammar, text, kinds):
    lines = split_lines(text)
    root = parse(lines, grammar).root_node
    found = [position_kind(root, lines, 0, column) for column in range(len(text) + 1)]
    assert "".join(SIGNS[kind] for kind in found) == kinds


def test_beyond_the_end():
    lines = ["x = 1\n", ""]
    root = parse(lines, "python").root_node
    assert position_kind(root, lines, 99, 99) is PositionKind.CODE
