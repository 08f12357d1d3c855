"""From the text of a file or a table of settings to rules; what is wrong is told with file, rule and mend."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ai_lsp.filters.rules.rule import Rule

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_KEYS = tuple(item.name for item in fields(Rule) if item.name != "origin")
_LISTS = ("languages", "denied")
_CHOICES = {
    "severity": ("low", "medium", "high"),
    "action": ("cut", "veto"),
    "where": ("code", "anywhere"),
}
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
_LARGEST_FILE = 500_000
_MOST_RULES = 300
"""Rules of one place: each takes some 3 microseconds for each suggestion."""
_LONGEST = 2000


@dataclass(frozen=True)
class Reading:
    """The rules that can be used, and one line about each thing that cannot."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()

    def __add__(self, other: Reading) -> Reading:
        return Reading(self.rules + other.rules, self.problems + other.problems)


def read_folder(folder: Path) -> Reading:
    """Read every TOML file of a folder, by name; nothing when there is none. Never raises."""
    try:
        files = sorted(folder.glob("*.toml"))
    except OSError as error:
        return Reading((), (f"{folder} cannot be read: {error.strerror or error}",))
    reading = Reading()
    for file in files:
        reading += read_file(file)
    return reading


def read_file(file: Path, *, check: bool = True) -> Reading:
    """Read a file of rules; without `check` expressions are compiled when they are wanted. Never raises."""
    source = str(file)
    try:
        with file.open("rb") as stream:
            data = stream.read(_LARGEST_FILE + 1)
        if len(data) > _LARGEST_FILE:
            return Reading((), (f"{source} is larger than {_LARGEST_FILE:,} bytes: make several files of it",))
        document = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        return Reading((), (f"{source} cannot be read: {error.strerror or error}",))
    except (ValueError, RecursionError) as error:
        return Reading((), (f"{source} is not valid TOML: {error}",))
    others = [key for key in document if key != "rules"]
    reading = read_tables(document.get("rules", []), source, check=check)
    if others or not document:
        known = f"unknown `{_shown(others[0])}`" if others else "there is nothing in it"
        reading += Reading((), (f"{source}: {known}; write [[rules]] over each rule",))
    return reading


def read_tables(tables: Any, source: str, *, check: bool = True) -> Reading:
    """Read the value of `rules`; `source` is what problems are told to be in. Never raises."""
    if not isinstance(tables, (list, tuple)):
        return Reading((), (f"{source}: `rules` is no list: write [[rules]] over each rule",))
    rules: list[Rule] = []
    problems: list[str] = []
    for number, table in enumerate(tables[:_MOST_RULES], 1):
        named = table.get("id") if isinstance(table, Mapping) else None
        name = f"`{_shown(named)}`" if isinstance(named, str) and named else f"number {number}"
        try:
            rule = _rule(table, source)
            if any(rule.id == other.id for other in rules):
                raise ValueError("there is another one with this `id`: give it one of its own")
            if check:
                rule.check()
        except ValueError as error:
            problems.append(f"{source}: rule {name}: {error}")
        else:
            rules.append(rule)
    if len(tables) > _MOST_RULES:
        problems.append(f"{source}: only the first {_MOST_RULES} rules are read")
    return Reading(tuple(rules), tuple(problems))


def _rule(table: Any, source: str) -> Rule:
    """Return the rule of one table. Raises ValueError with what is wrong and how to mend it."""
    if not isinstance(table, Mapping):
        raise ValueError("is no table: write [[rules]] over it")
    for key, value in table.items():
        _check_value(key, value)
    for key, example in (("id", 'id = "no-eval"'), ("message", 'message = "what to do instead"')):
        if not table.get(key):
            raise ValueError(f"has no `{key}`: write {example}")
    if not _ID.fullmatch(table["id"]):
        raise ValueError("`id` is made of a-z, 0-9, - and _, and of 61 of them at most")
    if not any(table.get(key) for key in ("regex", "query", "denied")):
        raise ValueError('says not what to look for: write `regex`, `query` or `denied = ["a.name"]`')
    if table.get("denied") and (table.get("regex") or table.get("query")):
        raise ValueError("has `denied` and another expression: make two rules of it")
    if table.get("query") and not table.get("languages"):
        raise ValueError('has a `query` and no `languages`: write languages = ["python"]')
    values: dict[str, Any] = {key: tuple(value) if key in _LISTS else value for key, value in table.items()}
    languages = frozenset(language.lower() for language in values.pop("languages", ()))
    return Rule(origin=source, languages=languages, **values)


def _check_value(key: str, value: Any) -> None:
    if key not in _KEYS:
        closest = difflib.get_close_matches(str(key), _KEYS, n=1)
        mend = f"did you mean `{closest[0]}`?" if closest else "the keys are " + ", ".join(_KEYS)
        raise ValueError(f"unknown key `{_shown(key)}`; {mend}")
    if key in _LISTS:
        if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) and text for text in value):
            raise ValueError(f'`{key}` must be a list of texts: {key} = ["{_shown(value)}"]')
        texts = list(value)
    elif not isinstance(value, str):
        raise ValueError(f"`{key}` must be a text")
    else:
        texts = [value]
    if any(len(text) > _LONGEST for text in texts):
        raise ValueError(f"`{key}` is longer than {_LONGEST} characters")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise ValueError(f"`{key}` must be one of {', '.join(_CHOICES[key])}, not {_shown(value)!r}")
    if key == "message" and not str(value).isprintable():
        raise ValueError("`message` must be one line")


def _shown(value: Any) -> str:
    # What a repository's file holds must not reach a terminal as control characters.
    return repr(value)[1:-1][:60] if isinstance(value, str) else str(value)[:60]


def languages_of(rules: Iterable[Rule]) -> list[str]:
    """Return every language that some rule names, in order."""
    return sorted({language for rule in rules for language in rule.languages})
