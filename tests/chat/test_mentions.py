"""What a question names."""

import pytest

from ai_lsp.chat.mentions import Mention, mentions, slash


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What does @file:a/b.py do?", [Mention("file", "a/b.py")]),
        ("Is @file:a.py? And @file:b.py, too", [Mention("file", "a.py"), Mention("file", "b.py")]),
        ('See @file:"with space.py".', [Mention("file", "with space.py")]),
        ("@symbol:Store.get and @symbol:Store.get", [Mention("symbol", "Store.get")]),
        ("Review @diff with @diagnostics in @repo.", [Mention("diff"), Mention("diagnostics"), Mention("repo")]),
        ("me@diff.example @difference @repo:x @@diff @nothing", []),
        ("@file: x", []),
    ],
)
def test_mentions(text, expected):
    assert mentions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/explain", ("explain", "")),
        ("  /make-async a.py:3  now", ("make-async", "a.py:3  now")),
        ("what is /explain", None),
        ("//x", None),
        ("", None),
    ],
)
def test_slash(text, expected):
    assert slash(text) == expected
