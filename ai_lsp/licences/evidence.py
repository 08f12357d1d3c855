"""Which package a file belongs to, and under which licence that is."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from ai_lsp.licences.policy import UNKNOWN, normal, parse
from ai_lsp.licences.recognise import by_name, by_text, first, together
from ai_lsp.licences.trees import MANIFESTS, is_licence_text, name_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_LARGE = 20 << 20
_LICENCE_CHARS = 60_000


@dataclass(frozen=True)
class Owner:
    """The package of a file."""

    package: str
    """Its name and version, as far as they are known, else the folder that it lies in."""
    licence: str
    """An SPDX expression, or what the package calls it, or `UNKNOWN`."""


class Evidence:
    """What one folder of packages says of itself: metadata, manifests and texts of licences."""

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        """Read those of `paths`, relative to `root` and with ``/``, that tell a licence. Never raises OSError."""
        self._root = root
        self._manifests: dict[str, Owner] = {}
        self._texts: dict[str, list[str]] = {}
        self._by_text: dict[str, str] = {}
        self._by_file: dict[str, Owner] = {}
        self._by_top: dict[str, Owner] = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            if name in MANIFESTS:
                self._add_manifest(folder, path)
            elif is_licence_text(path):
                self._texts.setdefault(folder, []).append(name)
        for path in paths:
            if path.endswith((".dist-info/METADATA", ".egg-info/PKG-INFO")):
                self._add_installed(path)

    def of(self, path: str) -> Owner:
        """Return the owner of a file: what is nearest to it counts, but metadata before a text beside the code."""
        installed = self._by_file.get(path) or self._by_top.get(_top(path))
        folder = path
        package = installed.package if installed else ""
        while folder:
            folder = folder.rpartition("/")[0]
            if installed is not None and installed.licence != UNKNOWN and folder.count("/") == 0:
                return installed
            if found := self._said_in(folder, package):
                return found
        return installed or Owner(path.partition("/")[0] if "/" in path else self._root.name, UNKNOWN)

    def _said_in(self, folder: str, package: str) -> Owner | None:
        manifest = self._manifests.get(folder)
        if manifest is not None and manifest.licence != UNKNOWN:
            return manifest
        licence = self._text_in(folder)
        if not licence:
            return None
        return Owner(manifest.package if manifest else package or folder or self._root.name, licence)

    def _text_in(self, folder: str) -> str:
        if folder not in self._by_text:
            names = self._texts.get(folder, [])
            texts = [self._read(f"{folder}/{name}" if folder else name)[:_LICENCE_CHARS] for name in names]
            self._by_text[folder] = together(map(by_text, texts), names)
        return self._by_text[folder]

    def _add_manifest(self, folder: str, path: str) -> None:
        values = _toml(self._read(path)) if path.endswith(".toml") else _json(self._read(path))
        values = values.get("package", values) if path.endswith(".toml") else values
        if isinstance(values, dict) and isinstance(values.get("name"), str):
            version = values.get("version")
            name = f"{values['name']} {version}" if isinstance(version, str) else values["name"]
            self._manifests[folder] = Owner(name, _of_manifest(values) or UNKNOWN)

    def _add_installed(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        above = folder.rpartition("/")[0]
        before = f"{above}/" if above else ""
        metadata = HeaderParser().parsestr(self._read(path))
        licence = first(_of_metadata(metadata), self._text_in(folder), self._text_below(folder))
        owner = Owner(" ".join(filter(None, (metadata["Name"], metadata["Version"]))), licence or UNKNOWN)
        record = self._read(f"{folder}/RECORD")
        for row in csv.reader(record.splitlines()):
            if row:
                self._by_file[before + row[0].replace("\\", "/")] = owner
        if not record:
            names = self._read(f"{folder}/top_level.txt").split() or [str(metadata["Name"])]
            self._by_top.update({before + name: owner for name in names})

    def _text_below(self, folder: str) -> str:
        inside = [one for one in self._texts if one.startswith(f"{folder}/")]
        return self._text_in(min(inside)) if inside else ""

    def _read(self, path: str) -> str:
        file = self._root / path
        try:
            return file.read_text("utf-8", "replace") if file.stat().st_size <= _LARGE else ""
        except (OSError, ValueError):
            return ""


def own_names(root: Path) -> set[str]:
    """Return the names of the packages that the workspace at `root` itself is, as `name_of` spells them."""
    named = [_toml(_text(root / "pyproject.toml")).get("project"), _json(_text(root / "package.json"))]
    return {name_of(one["name"]) for one in named if isinstance(one, dict) and isinstance(one.get("name"), str)}


def _top(path: str) -> str:
    return path.partition("/")[0].removesuffix(".py")


def _of_metadata(metadata: Message) -> str:
    """Return the licence by a Python package's metadata: expression, classifiers (a choice), then free text."""
    field = metadata["License"] or ""
    exact = normal(field) if parse(field) is not None else ""
    lines = [one.split(" :: ") for one in metadata.get_all("Classifier") or []]
    named = {by_name(line[-1]) for line in lines if line[0] == "License" and len(line) > 1} - {""}
    choice = normal(" OR ".join(sorted(named)))
    return first(by_name(metadata["License-Expression"] or ""), exact, choice, by_name(field))


def _of_manifest(values: dict[str, Any]) -> str:
    """Return the licence of a manifest: ``license``, also as an object, or the older ``licenses``."""
    said = values.get("license", values.get("licenses"))
    several = said if isinstance(said, list) else [said]
    names = [one.get("type") if isinstance(one, dict) else one for one in several]
    found = sorted({_choice(name) for name in names if isinstance(name, str)} - {""})
    return normal(" OR ".join(found)) if found else ""


def _choice(name: str) -> str:
    """Return the licence by its name; older manifests of Rust write ``MIT/Apache-2.0`` for a choice."""
    parts = [by_name(part) for part in name.split("/")]
    return " OR ".join(parts) if len(parts) > 1 and all(parts) else by_name(name)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _json(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _toml(text: str) -> dict[str, Any]:
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return values
