"""Tables of options as values of a dataclass, with what is wrong said in one line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, TypeVar

from ai_lsp.option import Table

T = TypeVar("T")


def read(
    tables: Iterable[Table], name: str, kind: type[T], check: Callable[[T], None]
) -> tuple[list[T], list[str]]:
    """Return the tables that can be used as `kind`, and a line about each that cannot. Never raises.

    The fields of `kind` are texts, numbers, booleans or tuples of texts, each with a default, and may be written
    in camelCase. `check` raises ValueError with what else is wrong.
    """
    found: list[T] = []
    problems: list[str] = []
    for number, table in enumerate(tables, 1):
        value = _outcome(f"[[{name}]] number {number}", table, kind, check, problems)
        if value is not None:
            found.append(value)
    return found, problems


def _outcome(name: str, table: Table, kind: type[T], check: Callable[[T], None], problems: list[str]) -> T | None:
    """Return the value of one table; None, and a line more among `problems`, when it cannot be used."""
    try:
        value = _one(table, kind)
        check(value)
    except ValueError as error:
        problems.append(f"{table.source}: {name}: {error}")
        return None
    return value


def _one(table: Table, kind: type[T]) -> T:
    defaults: dict[str, Any] = {item.name: item.default for item in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for written, value in table.values.items():
        key = re.sub("(?<=[a-z0-9])[A-Z]", lambda capital: "_" + capital[0].lower(), written)
        if key not in defaults:
            closest = difflib.get_close_matches(key, defaults, n=1)
            mend = f"did you mean `{closest[0]}`?" if closest else "the keys are " + ", ".join(defaults)
            # repr, because what a repository's file holds must not reach a terminal as control characters.
            raise ValueError(f"unknown key `{repr(written)[1:-1][:60]}`; {mend}")
        values[key] = _decoded(key, value, type(defaults[key]))
    return kind(**values)


def _decoded(key: str, value: Any, wanted: type) -> Any:
    if wanted is tuple:
        if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) and text for text in value):
            raise ValueError(f'`{key}` must be a list of texts: {key} = ["..."]')
        return tuple(value)
    if wanted is bool:
        if not isinstance(value, bool):
            raise ValueError(f"`{key}` must be true or false")
        return value
    if wanted is str:
        if not isinstance(value, str) or not value.isprintable():
            raise ValueError(f"`{key}` must be a text of one line")
        return value
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value <= 1e9:
        raise ValueError(f"`{key}` must be a number above 0")
    return wanted(value)
