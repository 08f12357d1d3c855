"""Names that nobody defines."""

import pytest

from ai_lsp.actions.forms.names import unknown_names


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("import os\nassert os.getcwd()", []),
        ("import a.b as c, d.e\nc, d, a", ["a"]),
        ("from x import *\ny", []),
        ("def test(tmp_path, *rest, **more):\n    x = len(tmp_path), rest, more\n    return x", []),
        ("try:\n    pass\nexcept OSError as error:\n    error", []),
        ("[n for n in m]\nwith o as p:\n    p", ["m", "o"]),
        ("class A:\n    b = A", []),
        ("def (", []),
    ],
)
def test_unknown_names(text, unknown):
    assert unknown_names(text) == unknown
