"""What a code action remembers until it is chosen: plain JSON in its `data`, or in its command's arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ai_lsp.actions.action import Refused
from ai_lsp.actions.subject import Told


@dataclass(frozen=True)
class Order:
    """One action at one place of one version of a document; lines are zero-based and inclusive."""

    action: str
    uri: str
    version: int | None
    first: int
    last: int
    selected: bool = False
    scope: str = ""
    """What was chosen; empty for the action's first scope that is there."""
    diagnostics: tuple[Told, ...] = ()
    instruction: str = ""
    """What a client's own input asks for, in the place of a comment ``ai: ...``."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        told = [{"line": one.line, "last": one.last, "message": one.message} for one in self.diagnostics]
        return {
            "action": self.action,
            "uri": self.uri,
            "version": self.version,
            "first": self.first,
            "last": self.last,
            "selected": self.selected,
            "scope": self.scope,
            "diagnostics": told,
            "instruction": self.instruction,
        }


def order_from(value: Any) -> Order:
    """Return the order in a client's JSON. Raises Refused for what is none: anybody can send it."""
    if not isinstance(value, Mapping):
        raise Refused("an action is run with one argument: an object with `action`, `uri`, `first` and `last`")
    first = _number(value, "first")
    version = value.get("version")
    return Order(
        _text(value, "action"),
        _text(value, "uri"),
        version if isinstance(version, int) else None,
        first,
        max(first, _number(value, "last") if "last" in value else first),
        value.get("selected") is True,
        _text(value, "scope") if value.get("scope") else "",
        tuple(_told(one) for one in value.get("diagnostics") or ()),
        _text(value, "instruction") if value.get("instruction") else "",
    )


def _told(value: Any) -> Told:
    if not isinstance(value, Mapping):
        raise Refused("`diagnostics` must be a list of objects with `line` and `message`")
    line = _number(value, "line")
    return Told(line, max(line, _number(value, "last") if "last" in value else line), _text(value, "message"))


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise Refused(f"`{name}` of an action must be a text")
    return found


def _number(value: Mapping[str, Any], name: str) -> int:
    found = value.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise Refused(f"`{name}` of an action must be a line, counted from 0")
    return found
