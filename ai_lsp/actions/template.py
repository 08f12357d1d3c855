"""The templates in prompt files: a part of Jinja2 that can neither reach out nor go on for long.

A repository's prompts are written by strangers. The sandbox keeps them from Python's insides, but not from loops
in loops and texts of gigabytes: calls, macros, large numbers and most filters are refused when a file is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset(
    {"capitalize", "default", "first", "indent", "join", "last", "length", "lower", "replace", "title", "trim",
     "truncate", "upper", "wordcount"}
)  # fmt: skip
"""The filters that templates may use."""
_REFUSED = (nodes.Call, nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.Mul, nodes.Pow, nodes.Mod)
_LOOPS = 2
_LARGEST = 1000

_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False, cache_size=0
)
_environment.globals.clear()
_environment.filters = {name: _environment.filters[name] for name in FILTERS}


class BadTemplate(Exception):
    """A template cannot be used; the message says why, `line` (one-based) where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def check(text: str, names: frozenset[str]) -> None:
    """Raise BadTemplate unless `text` is a template over variables of these `names`."""
    try:
        tree = _environment.parse(text)
        _environment.compile(tree)
    except TemplateSyntaxError as error:
        raise BadTemplate(error.message or "is no template", error.lineno) from error
    for node in tree.find_all(_REFUSED):
        raise BadTemplate(f"{type(node).__name__} cannot be used here", node.lineno)
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, (int, float)) and abs(const.value) > _LARGEST:
            raise BadTemplate(f"a number above {_LARGEST} cannot be used here", const.lineno)
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in names | _stored(tree):
            raise BadTemplate(f"there is no `{name.name}`; there are {', '.join(sorted(names))}", name.lineno)
    for loop, depth in _loops(tree, 0):
        if depth > _LOOPS or loop.recursive:
            raise BadTemplate("loops within loops within loops cannot be used here", loop.lineno)


def render(text: str, values: Mapping[str, Any]) -> str:
    """Return a template, checked before, with its variables' values. Raises BadTemplate where they do not fit."""
    try:
        return _compiled(text).render(values).strip()
    except TemplateError as error:
        raise BadTemplate(error.message or "cannot be rendered", 1) from error
    except (TypeError, ValueError) as error:
        raise BadTemplate(str(error), 1) from error


@lru_cache(maxsize=256)
def _compiled(text: str) -> Template:
    return _environment.from_string(text)


def _stored(tree: nodes.Template) -> set[str]:
    return {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"} | {"loop"}


def _loops(node: nodes.Node, depth: int) -> Iterator[tuple[nodes.For, int]]:
    for child in node.iter_child_nodes():
        inner = depth + isinstance(child, nodes.For)
        if isinstance(child, nodes.For):
            yield child, inner
        yield from _loops(child, inner)
