"""Options of what keeps suggestions from being shown, and of programs that order them."""

from __future__ import annotations

from dataclasses import dataclass

from ai_lsp.option import Table, option

LICENCES_ALLOWED = (
    "MIT", "MIT-0", "MIT-CMU", "X11", "ISC", "0BSD", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0",
    "Zlib", "PSF-2.0", "Python-2.0", "CNRI-Python", "HPND", "NCSA", "PostgreSQL", "BSL-1.0", "ZPL-2.1",
    "BlueOak-1.0.0", "CC0-1.0", "Unlicense", "WTFPL", "*public-domain*", "*WITH GCC-exception-*", "unknown",
)  # fmt: skip
"""Licences that ask no more than to be named."""


@dataclass(frozen=True)
class CheckOptions:
    """Which programs look at suggestions that were asked for by hand, and for how long."""

    checks: tuple[Table, ...] = option(
        (),
        help="Programs, such as ruff or tsc, by whose problems the suggestions asked for by hand are ordered.",
        tables=True,
        user_only=True,
    )
    checks_ms: int = option(
        1500,
        help="Milliseconds that suggestions asked for by hand wait for these programs, at most.",
        minimum=50,
        maximum=60_000,
        user_only=True,
    )


@dataclass(frozen=True)
class FilterOptions(CheckOptions):
    """What keeps a bad suggestion from being shown."""

    off: tuple[str, ...] = option(
        (),
        help="Names of the filters that are switched off.",
        guarded=("secrets", "insecure", "rules", "imports", "licence"),
    )
    imports_allowed: tuple[str, ...] = option(
        (),
        help='Patterns of modules, such as "numpy" or "java.util.*", that suggestions may import; empty for all.',
        joined="all",
    )
    imports_forbidden: tuple[str, ...] = option(
        (), help="Patterns of modules that suggestions may not import, whatever is allowed.", joined="any"
    )
    rules: tuple[Table, ...] = option(
        (),
        help="Rules of your own about what is not suggested; those of all places hold together.",
        tables=True,
    )
    rules_off: tuple[str, ...] = option(
        (), help='Ids of single rules, such as "python-eval", that are switched off.', user_only=True
    )
    min_right_probability: float = option(
        0.0,
        help="Probability that a suggestion is right, 0 to 1, below which it is not shown unasked, whatever the "
        "model; 0 goes by completion.aggressiveness, for the models that the gate was fitted to.",
        minimum=0.0,
        maximum=1.0,
    )

    licences_allowed: tuple[str, ...] = option(
        LICENCES_ALLOWED,
        help="SPDX identifiers, or patterns of such, of the licences whose code may be suggested word for word; "
        "unknown stands for files that name none.",
        joined="both",
    )
    licence_folders: tuple[str, ...] = option(
        (),
        help="Folders with code of others besides installed packages, vendor, third_party and node_modules.",
        user_only=True,
    )
    licence_mb: int = option(
        200,
        help="Disk for the licence index of one folder, in MB, at most.",
        minimum=1,
        maximum=100_000,
        user_only=True,
    )
