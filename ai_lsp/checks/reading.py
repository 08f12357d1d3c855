"""From the tables of `filters.checks` to tools; what is wrong is told with its place and how to mend it."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from ai_lsp.checks.tool import COUNTS, INPUTS, Tool
from ai_lsp.filters.rules.expression import expression
from ai_lsp.option import Table

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_KEYS = tuple(item.name for item in fields(Tool))
_LISTS = ("languages", "command", "root")
_CHOICES = {"input": INPUTS, "count": COUNTS}


@cache
def known() -> Mapping[str, Mapping[str, Any]]:
    """Return the tables of the checks that we bring, by name."""
    tables = tomllib.loads((Path(__file__).parent / "known.toml").read_text("utf-8"))["checks"]
    return {table["name"]: table for table in tables}


def read_checks(tables: Iterable[Table]) -> tuple[list[Tool], list[str]]:
    """Return the checks that can be used, and one line about each that cannot. Never raises.

    What a table says of a check that we bring is put over what is known of it. Of two of one name the later holds.
    """
    tools: dict[str, Tool] = {}
    problems: list[str] = []
    for number, table in enumerate(tables, 1):
        name = table.values.get("name")
        shown = f"`{repr(name)[1:-1][:60]}`" if isinstance(name, str) and name else f"number {number}"
        try:
            tool = _tool({**known().get(str(name), {}), **table.values})
        except ValueError as error:
            problems.append(f"{table.source}: check {shown}: {error}")
        else:
            tools[tool.name] = tool
    return list(tools.values()), problems


def missing(tools: Iterable[Tool]) -> list[str]:
    """Return one line about each program that is not installed. Looks at the disk."""
    return [
        f"check `{tool.name}`: there is no program {tool.command[0]} on the PATH; install it, or write its place: "
        f'command = ["/path/to/{Path(tool.command[0]).name}", ...]'
        for tool in tools
        if tool.program() is None
    ]


def _tool(table: Mapping[str, Any]) -> Tool:
    """Return the tool of one table. Raises ValueError with what is wrong and how to mend it."""
    for key, value in table.items():
        _check_value(key, value)
    if not table.get("name"):
        raise ValueError(f'has no `name`: write name = "..."; {", ".join(known())} are known')
    for key, example in (("command", '["eslint", "--stdin"]'), ("languages", '["javascript"]')):
        if not table.get(key):
            raise ValueError(f"has no `{key}`: write {key} = {example}; known without are {', '.join(known())}")
    if table.get("regex"):
        expression(table["regex"])
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    values["languages"] = frozenset(table["languages"])
    return Tool(**values)


def _check_value(key: str, value: Any) -> None:
    if key not in _KEYS:
        closest = difflib.get_close_matches(str(key), _KEYS, n=1)
        mend = f"did you mean `{closest[0]}`?" if closest else "the keys are " + ", ".join(_KEYS)
        raise ValueError(f"unknown key `{repr(str(key))[1:-1][:60]}`; {mend}")
    if key == "exits":
        if not isinstance(value, (list, tuple)) or not all(type(code) is int for code in value):
            raise ValueError("`exits` must be a list of whole numbers: exits = [0, 1]")
    elif key in _LISTS:
        if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) and text for text in value):
            raise ValueError(f"`{key}` must be a list of texts")
    elif not isinstance(value, str):
        raise ValueError(f"`{key}` must be a text")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise ValueError(f"`{key}` must be one of {', '.join(_CHOICES[key])}")
