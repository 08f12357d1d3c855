"""Which licences are allowed."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from functools import cache
from typing import Any

from ai_lsp.option import AND

UNKNOWN = "unknown"
"""The licence of a file for which none was found."""


class Policy:
    """A list of SPDX licences, held against SPDX expressions."""

    def __init__(self, allowed: Sequence[str]) -> None:
        """`allowed` are identifiers such as ``MIT``, or patterns such as ``LGPL-*``; case does not matter.

        Of several lists, with `AND` between, all must allow.
        """
        self._lists: list[list[str]] = [[]]
        for one in allowed:
            if one == AND:
                self._lists.append([])
            else:
                self._lists[-1].append(normal(one).lower())
        self._known: dict[str, bool] = {}

    def allows(self, expression: str) -> bool:
        """Whether one may copy what is under `expression`: all of ``AND``, one of ``OR``.

        ``A WITH B`` is allowed when ``A`` is, or the whole of it by a pattern. What is no expression is held
        against the patterns as it is.
        """
        if expression not in self._known:
            parsed = parse(expression)
            self._known[expression] = all(
                _matches(expression, patterns) if parsed is None else _holds(parsed, patterns)
                for patterns in self._lists
            )
        return self._known[expression]


def _holds(parsed: Any, patterns: Sequence[str]) -> bool:
    arguments = getattr(parsed, "args", ())
    if arguments:
        every = parsed.operator.strip() == "AND"
        return (all if every else any)(_holds(one, patterns) for one in arguments)
    base = getattr(parsed, "license_symbol", None)
    if base is None:
        return _matches(parsed.key, patterns)
    return _holds(base, patterns) or _matches(str(parsed), patterns)


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in patterns)


def parse(expression: str) -> Any | None:
    """Return the tree of an SPDX expression; None for what is none, or names licences that SPDX does not know."""
    from license_expression import ExpressionError

    try:
        parsed = _licensing().parse(expression)
        strange = _licensing().unknown_license_keys(parsed) if parsed is not None else []
    except (ExpressionError, AttributeError, TypeError, ValueError):
        return None
    return None if any(not key.lower().startswith("licenseref-") for key in strange) else parsed


def normal(expression: str) -> str:
    """Return an SPDX expression in its usual spelling, such as ``GPL-3.0-or-later`` for ``gpl-3.0+``."""
    parsed = parse(expression)
    return expression.strip() if parsed is None else str(parsed.render())


@cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing  # 40 ms, and only builders need it

    return get_spdx_licensing()
