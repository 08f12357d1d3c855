"""A workspace with real packages in it, and sources of ordinary code beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.packages import Package, cache, fetched, unpack

COPYLEFT = {
    Package("pypi-wheel", "pylint", "4.1.4"): "GPL-2.0*",
    Package("pypi-wheel", "mutagen", "1.48.1"): "GPL-2.0*",
    Package("pypi-wheel", "unidecode", "1.4.0"): "GPL-2.0*",
    Package("pypi-wheel", "yamllint", "1.38.0"): "GPL-3.0*",
    Package("pypi-wheel", "html2text", "2025.4.15"): "GPL-3.0*",
    Package("pypi-wheel", "borb", "3.0.9"): "*GPL-3.0*",
    Package("pypi-wheel", "ultralytics", "8.4.190"): "AGPL-3.0*",
    Package("pypi-wheel", "astroid", "4.3.4"): "LGPL-2.1*",
    Package("pypi-wheel", "num2words", "0.5.14"): "LGPL-2*",
    Package("pypi-wheel", "paramiko", "5.1.0"): "LGPL-2.1*",
    Package("pypi-wheel", "fints", "5.0.1"): "LGPL-3.0*",
    Package("pypi-wheel", "python-gitlab", "8.6.0"): "LGPL-3.0*",
    Package("pypi-wheel", "svglib", "2.3.2"): "LGPL-3.0*",
    Package("npm", "pm2", "7.0.4"): "AGPL-3.0*",
    Package("npm", "tinymce", "8.9.2"): "GPL-2.0*",
}
"""Packages with the pattern of their licence, as their authors publish it."""
PERMISSIVE = (
    Package("pypi-wheel", "requests", "2.34.2"),
    Package("pypi-wheel", "flask", "3.1.3"),
    Package("pypi-wheel", "rich", "15.0.0"),
    Package("pypi-wheel", "jinja2", "3.1.6"),
    Package("pypi-wheel", "werkzeug", "3.1.9"),
    Package("pypi-wheel", "click", "8.5.1"),
    Package("pypi-wheel", "sympy", "1.14.0"),
    Package("npm", "express", "5.3.0"),
    Package("npm", "axios", "1.21.1"),
    Package("npm", "lodash", "4.18.1"),
)
"""Where ordinary code comes from; half of it is installed in the workspace too."""

SUFFIXES = (".py", ".js", ".ts")


@dataclass(frozen=True)
class Corpus:
    """Where everything lies."""

    root: Path
    """The workspace."""
    copyleft: dict[str, tuple[Path, str]]
    """Folder and licence pattern of each copyleft package by name."""
    ordinary: list[Path]
    """Folders with ordinary code."""


def make() -> Corpus:
    """Fetch what is not there yet, into the user's cache. Raises `SystemExit` where it cannot be had."""
    folder = cache() / "licences"
    root = folder / "workspace"
    site = root / ".venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True, exist_ok=True)
    (root / ".venv" / "pyvenv.cfg").write_text("home = nowhere\nversion = 3.11\n", "utf-8")
    copyleft = {}
    for package, licence in COPYLEFT.items():
        copyleft[package.name] = (_install(package, root, site), licence)
    for package in PERMISSIVE[::2]:
        _install(package, root, site)
    ordinary = []
    for package in PERMISSIVE:
        apart = folder / "ordinary" / package.key
        if not apart.is_dir():
            with fetched(package) as archive:
                unpack(archive, apart, lambda path: path.endswith(SUFFIXES), strip=package.kind == "npm")
        ordinary.append(apart)
    ordinary.append(Path(__file__).parents[2] / "ai_lsp")
    return Corpus(root, copyleft, ordinary)


def sources(folder: Path) -> Iterator[Path]:
    """Yield the files with code in a package's folder that somebody wrote and nobody minified."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file() and not path.name.endswith((".min.js", ".d.ts")):
            text = path.read_text("utf-8", "replace")
            if len(text) < 120 * (text.count("\n") + 1):
                yield path


def _install(package: Package, root: Path, site: Path) -> Path:
    """Unpack a package where its manager would, unless it is there; returns the folder that is its alone."""
    if package.kind == "npm":
        folder = root / "node_modules" / package.name
        if not folder.is_dir():
            with fetched(package) as archive:
                unpack(archive, folder, _any, strip=1)
        return folder
    marks = (site / f"{name}-{package.version}.dist-info" for name in _spellings(package.name))
    if not any(mark.is_dir() for mark in marks):
        with fetched(package) as archive:
            unpack(archive, site, _any)
    return site / {"python-gitlab": "gitlab"}.get(package.name, package.name)


def _spellings(name: str) -> tuple[str, ...]:
    return (name, name.replace("-", "_"), name.capitalize(), name.replace("-", "."))


def _any(_path: str) -> bool:
    return True
