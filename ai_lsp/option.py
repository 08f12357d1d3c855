"""One option: a dataclass field, what is known about it, and the decoder of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar

T = TypeVar("T")

AND = "&"
"""Stands in a list between two lists of which both hold."""
JOINTS: Mapping[str, tuple[str, ...]] = {"any": (), "all": (AND,), "both": (AND,)}
"""What stands between two lists of texts of which each counts, or of which all must agree. An empty list has no
part in it, but in `both`."""


def option(
    default: T,
    *,
    help: str,  # noqa: A002 - click and argparse call it so too
    choices: Sequence[str] = (),
    minimum: float | None = None,
    maximum: float | None = None,
    user_only: bool = False,
    tables: bool = False,
    guarded: Sequence[str] = (),
    joined: str = "",
) -> T:
    """Return a dataclass field for one option; its type is the default's type.

    `minimum` and `maximum` are inclusive and go together. A repository's file cannot set a
    `user_only` option. With `tables` it is a list of tables (`Table`), and what one place sets is added to what
    others set. A list with one of the `guarded` texts in it cannot be set by a repository's file either; of a list
    of tables only the keys that have these names are left out. A list that is `joined` holds together with the one
    of a repository's file, as `JOINTS` says.
    """
    metadata = {
        "help": help,
        "choices": tuple(choices),
        "minimum": minimum,
        "maximum": maximum,
        "user_only": user_only,
        "tables": tables,
        "guarded": tuple(guarded),
        "joined": joined,
    }
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Table:
    """One table of an option that is a list of them."""

    source: str
    """The file or the client that it comes from."""
    values: Mapping[str, Any]


def without(table: Table, keys: Sequence[str]) -> Table:
    """Return a table less some of its keys."""
    return Table(table.source, {key: value for key, value in table.values.items() if key not in keys})


@dataclass(frozen=True)
class Option:
    """What is known about one option; `name` is dotted, such as ``completion.deadline_ms``."""

    name: str
    default: Any
    help: str
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    user_only: bool
    tables: bool = False
    """Whether it is a list of tables; each place where it is set adds some."""
    guarded: tuple[str, ...] = ()
    """Texts, or of a list of tables keys, that only a user's own settings may have in the list."""
    joined: str = ""
    """How a repository's list holds together with the user's, one of `JOINTS`; empty where it replaces it."""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "AI_LSP_" + self.name.replace(".", "_").upper()

    @cached_property
    def expectation(self) -> str:
        """The values it takes, in words that follow "must be"."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.tables:
            return "a list of tables"
        words = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        kind = words.get(type(self.default), "a list of texts")
        if self.minimum is None:
            return kind
        return f"{kind} between {self.minimum:.15g} and {self.maximum:.15g}"

    def join(self, own: tuple[str, ...], shared: tuple[str, ...]) -> tuple[str, ...]:
        """Return the list in which both the user's `own` and a repository's `shared` one hold."""
        whole = (own and shared) or self.joined == "both"
        return (*own, *JOINTS[self.joined], *shared) if whole else own or shared

    def decode(self, value: Any, source: str = "") -> Any:
        """Return the JSON-like `value` as this option's own type; tables remember the `source` they come from.

        Raises ValueError when it has another type, is no choice or is out of range.
        """
        if self.tables:
            return _tables(value, source)
        decoded = _DECODERS[type(self.default)](value)
        if self.choices and decoded not in self.choices:
            raise ValueError(value)
        if self.minimum is not None and self.maximum is not None and not self.minimum <= decoded <= self.maximum:
            raise ValueError(value)
        return type(self.default)(decoded)


def _instance_of(*types: type) -> Callable[[Any], Any]:
    def decode(value: Any) -> Any:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise ValueError(value)
        return value

    return decode


def _texts(value: Any) -> tuple[str, ...]:
    # Lua has one empty table: its clients send an empty list as {}.
    if value == {}:
        return ()
    if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
        raise ValueError(value)
    return tuple(value)


def _tables(value: Any, source: str) -> tuple[Table, ...]:
    if value == {}:
        return ()
    if not isinstance(value, (list, tuple)) or not all(isinstance(table, Mapping) for table in value):
        raise ValueError(value)
    return tuple(Table(source, table) for table in value)


_DECODERS: Mapping[type, Callable[[Any], Any]] = {
    bool: _instance_of(bool),
    int: _instance_of(int),
    float: _instance_of(int, float),
    str: _instance_of(str),
    tuple: _texts,
}


def walk(tree: Any, prefix: str = "") -> Iterator[Option]:
    """Return every option of a tree of dataclasses, in its order."""
    for item in fields(tree):
        if item.default_factory is MISSING:
            yield Option(prefix + item.name, item.default, **item.metadata)
        else:
            yield from walk(item.default_factory, f"{prefix}{item.name}.")


def built(tree: Any, prefix: str, values: Mapping[str, Any]) -> Any:
    """Return a tree of dataclasses in which the options that `values` names have these values."""
    arguments: dict[str, Any] = {}
    for item in fields(tree):
        name = prefix + item.name
        if item.default_factory is not MISSING:
            arguments[item.name] = built(item.default_factory, f"{name}.", values)
        elif name in values:
            arguments[item.name] = values[name]
    return tree(**arguments)
