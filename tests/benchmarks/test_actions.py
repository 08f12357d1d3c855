"""Which functions the benchmark of actions takes the body of."""

from __future__ import annotations

from pathlib import Path

from benchmarks.actions.__main__ import cases

TEXT = '''def short(a):
    """Return it."""
    b = a
    return b


def without(a):
    return a


def long(a):
    """Return it."""
''' + "".join(f"    a += {number}\n" for number in range(9))


def test_short_bodies_below_a_docstring(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TEXT)
    (case,) = cases(tmp_path, 9, 1)
    assert case.body == "    b = a\n    return b\n"
    assert "".join(case.lines[:4]) == 'def short(a):\n    """Return it."""\n    ...\n\n'
    assert len(case.lines) == len(TEXT.split("\n")) - 1
