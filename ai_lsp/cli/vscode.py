"""The options as settings of the extension for VS Code, in the form of its package.json."""

from __future__ import annotations

from typing import Any

from ai_lsp.option import Option
from ai_lsp.options import OPTIONS, SECTIONS

SECTION = "ai-lsp"
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", tuple: "array"}


def contribution() -> dict[str, Any]:
    """Return what the options contribute to package.json.

    `configuration` has one category for each section of the tree; `restricted` names the settings that a
    workspace can make, and so must not before it is trusted.
    """
    general = [option for option in OPTIONS.values() if "." not in option.name]
    categories = [_category("Server", general)]
    for section in SECTIONS:
        inside = [option for option in OPTIONS.values() if option.name.startswith(f"{section}.")]
        categories.append(_category(section.capitalize(), inside))
    restricted = [setting(option) for option in OPTIONS.values() if not _is_personal(option)]
    return {"configuration": categories, "restricted": restricted}


def setting(option: Option) -> str:
    """Return the name of an option's setting: ``ai-lsp.completion.deadlineMs``."""
    first, *others = option.name.split("_")
    return f"{SECTION}.{first}" + "".join(word.capitalize() for word in others)


def _is_personal(option: Option) -> bool:
    """Whether a workspace must not set it: its tables would stand in the place of the user's own."""
    return option.user_only or (option.tables and bool(option.guarded))


def _category(title: str, options: list[Option]) -> dict[str, Any]:
    return {"title": title, "properties": {setting(option): _property(option) for option in options}}


def _property(option: Option) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": _TYPES[type(option.default)],
        "default": list(option.default) if isinstance(option.default, tuple) else option.default,
        "description": option.help,
        "scope": "machine" if _is_personal(option) else "window",
    }
    if isinstance(option.default, tuple):
        schema["items"] = {"type": "object" if option.tables else "string"}
    if option.choices:
        schema["enum"] = list(option.choices)
    if option.minimum is not None:
        schema |= {"minimum": option.minimum, "maximum": option.maximum}
    return schema
