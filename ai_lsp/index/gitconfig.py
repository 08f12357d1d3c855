"""Which file of patterns git heeds in all of a user's repositories, told from git's settings without running git.

What only some repositories include (``includeIf``) is not followed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

_LONGEST = 1_000_000
"""Bytes above which a file is nobody's settings."""
_DEPTH = 10
"""How many files include one another at most, as in git."""
_HEADER = re.compile(r'\s*\[\s*([\w.-]+)\s*(?:"(?:[^"\\]|\\.)*"\s*)?\]')
_KEY = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*=(.*)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b"}
_WANTED = frozenset({("core", "excludesfile"), ("include", "path")})


def excludes_file(top: Path, git: Path, variables: Mapping[str, str] = os.environ) -> Path | None:
    """Return the value of ``core.excludesFile`` for the work tree at `top`, else git's default; None for no file.

    `git` is the repository's own folder. Settings that are missing, cannot be read or make no sense are not set.
    """
    home = Path(variables.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - Path.home() may raise
    personal = Path(variables.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    said = None
    for file in (*_settings_files(home, personal, variables), git / "config"):
        for said in _said(file, home):  # noqa: B007 - the last one counts
            pass
    if said is None:
        return personal / "ignore"
    return top / _expanded(said, home) if said else None


def _settings_files(home: Path, personal: Path, variables: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files of the machine and of the user, in git's order."""
    if variables.get("GIT_CONFIG_NOSYSTEM", "").lower() not in ("1", "true", "yes", "on"):
        yield Path(variables.get("GIT_CONFIG_SYSTEM") or "/etc/gitconfig")
    if (only := variables.get("GIT_CONFIG_GLOBAL")) is not None:
        yield Path(only)
    else:
        yield from (personal / "config", home / ".gitconfig")


def _said(file: Path, home: Path, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the values of ``core.excludesFile`` in a file and in those that it includes."""
    try:
        stat = file.stat()
        entries = _entries(file, stat.st_mtime_ns, stat.st_size) if stat.st_size <= _LONGEST else ()
    except (OSError, ValueError):
        return
    for section, value in entries:
        if section == "core":
            yield value
        elif depth > 0 and value:
            yield from _said(file.parent / _expanded(value, home), home, depth - 1)


def _expanded(value: str, home: Path) -> Path:
    if value == "~" or value.startswith("~/"):
        return home / value[2:]
    return Path(os.path.expanduser(value))  # noqa: PTH111 - ~name may be nobody, which pathlib takes for an error


@lru_cache(maxsize=64)
def _entries(file: Path, _mtime_ns: int, _size: int) -> tuple[tuple[str, str], ...]:
    """Return section and value of what is wanted of a file of settings."""
    if not file.is_file():
        return ()
    found, section = [], ""
    for line in _logical(file.read_text("utf-8", "surrogateescape").removeprefix("\ufeff")):
        rest = line
        if header := _HEADER.match(line):
            section, rest = header[1].lower() if '"' not in header[0] else "", line[header.end() :]
        entry = _KEY.match(rest)
        if entry and (section, entry[1].lower()) in _WANTED:
            found.append((section, _value(entry[2])))
    return tuple(found)


def _logical(text: str) -> Iterator[str]:
    """Yield the lines, those that end in a backslash joined with the next; a comment ends with its line."""
    before = ""
    for line in text.splitlines():
        whole = before + line
        if line.endswith("\\") and not whole.lstrip().startswith(("#", ";")):
            before = whole[:-1]
        else:
            before = ""
            yield whole


def _value(raw: str) -> str:
    """Return a value without quotes, escapes and what is a comment."""
    found, quoted = "", False
    characters = iter(raw.strip())
    for one in characters:
        if one == "\\":
            following = next(characters, "")
            found += _ESCAPES.get(following, following)
        elif one == '"':
            quoted = not quoted
        elif one in "#;" and not quoted:
            break
        else:
            found += one
    return found.strip()
