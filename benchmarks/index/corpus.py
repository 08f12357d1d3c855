"""A repository of as many lines as wanted, made of the installed packages."""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_SUFFIXES = frozenset({".py", ".pyi", ".ts", ".js", ".c", ".cpp", ".go", ".rs", ".java", ".rb", ".lua"})
_NAME = re.compile(r"\b[a-z_]{6,}\b")
_LONGEST = 500_000


def make(folder: Path, lines: int) -> tuple[int, int]:
    """Copy source files into `folder` until they have so many lines; returns lines and bytes.

    When the packages have too few, further copies get other names: a suffix that depends on copy and file.
    """
    made_lines = made_bytes = copy = 0
    while made_lines < lines:
        for name, text in _sources():
            varied = text if not copy else _NAME.sub(rf"\g<0>_{copy}_{len(text) % 97}", text)
            path = folder / f"copy{copy}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            made_bytes += path.write_bytes(varied.encode())
            made_lines += varied.count("\n")
            if made_lines >= lines:
                break
        copy += 1
    return made_lines, made_bytes


def _sources() -> Iterator[tuple[Path, str]]:
    root = Path(sysconfig.get_paths()["purelib"])
    for path in sorted(root.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file() and 0 < path.stat().st_size < _LONGEST:
            yield path.relative_to(root), path.read_bytes().decode("utf-8", "replace")
