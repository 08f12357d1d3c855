"""The Python environment that a workspace uses, found from its files alone: nothing is run.

The order is that of pyright and of VS Code's Python extension, but for the editor's own setting.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SMALL = 1 << 20
"""Bytes above which a file is no configuration that somebody wrote."""
_VERSION = re.compile(r"(\d+)\.(\d+)")

Which = Callable[[str], "str | None"]


@dataclass(frozen=True)
class Environment:
    """Where an interpreter looks for modules that are not the workspace's own, in its order."""

    folders: tuple[Path, ...] = ()


def environment_for(
    root: Path | None, variables: Mapping[str, str] = os.environ, which: Which = shutil.which
) -> Environment:
    """Return the environment that the workspace at `root` uses.

    These are asked in turn: ``.venv`` and ``venv`` in the root, ``VIRTUAL_ENV``, ``CONDA_PREFIX``, what
    ``pyproject.toml`` and ``.pdm-python`` tell other tools, the ``python3`` on the path. Where none has a standard
    library that can be found, it is that of this very process.
    """
    own = Path(sysconfig.get_path("stdlib"))
    for prefix in _prefixes(root, variables, which):
        folders = _folders(prefix)
        if folders:
            has_stdlib = any((folder / "os.py").is_file() for folder in folders)
            return Environment(folders if has_stdlib else (*folders, own))
    return Environment((own,))


def _prefixes(root: Path | None, variables: Mapping[str, str], which: Which) -> Iterator[Path]:
    if root is not None:
        yield from (root / ".venv", root / "venv")
    yield from (Path(value) for name in ("VIRTUAL_ENV", "CONDA_PREFIX") if (value := variables.get(name)))
    if root is not None:
        yield from _hinted(root)
    for name in ("python3", "python"):
        if found := which(name):
            yield _prefix_of(Path(found).resolve())


def _hinted(root: Path) -> Iterator[Path]:
    """Yield the environments that the settings of type checkers and of PDM name."""
    tool = _table(_toml(root / "pyproject.toml"), "tool")
    for name in ("pyright", "basedpyright"):
        table = _table(tool, name)
        if isinstance(table.get("venv"), str):
            yield root / str(table.get("venvPath", ".")) / str(table["venv"])
    ty = _table(_table(tool, "ty"), "environment").get("python")
    mypy = _table(tool, "mypy").get("python_executable")
    pdm = _read(root / ".pdm-python").strip()
    for value in (ty, mypy, pdm):
        if isinstance(value, str) and value:
            path = root / value
            yield path if path.is_dir() else _prefix_of(path)


def _prefix_of(executable: Path) -> Path:
    """Return the prefix of an interpreter: the parent of its ``bin`` or ``Scripts``, on Windows its own folder."""
    folder = executable.parent
    return folder.parent if folder.name.lower() in ("bin", "scripts") else folder


def _folders(prefix: Path) -> tuple[Path, ...]:
    """Return the module folders of the environment at `prefix`, none where there is no environment."""
    config = _venv_config(prefix)
    if not config:
        return tuple(_installed_at(prefix, ""))
    home, version = config.get("home", ""), config.get("version_info", config.get("version", ""))
    base = list(_installed_at(_prefix_of(Path(home) / "python"), version)) if home else []
    if config.get("include-system-site-packages", "").lower() != "true":
        base = [folder for folder in base if (folder / "os.py").is_file()]
    return tuple(dict.fromkeys([*base, *_installed_at(prefix, version)]))


def _installed_at(prefix: Path, version: str) -> Iterator[Path]:
    """Yield standard library and installed packages under `prefix`, for the Python of `version` if it is there."""
    windows = prefix / "Lib"
    libraries = [windows] if (windows / "site-packages").is_dir() else _versioned(prefix / "lib", version)
    for library in libraries[:1]:
        if (library / "os.py").is_file():
            yield library
        places = [library / "site-packages"]
        if not (prefix / "pyvenv.cfg").is_file():  # Debian's Python looks at these too
            local = prefix / "local" / "lib" / library.name / "dist-packages"
            places += [local, library.parent / "python3" / "dist-packages"]
        for place in filter(Path.is_dir, places):
            yield place
            yield from _path_files(place)
            if (stubs := place / "mypy" / "typeshed" / "stdlib").is_dir():  # of modules that are written in C
                yield stubs


def _versioned(lib: Path, version: str) -> list[Path]:
    """Return the ``python3.*`` folders in `lib`, the one of `version` first, then the newest."""
    wanted = _VERSION.search(version)
    folders = [(_numbers(folder.name), folder) for folder in _listed(lib) if folder.name.startswith("python3.")]
    folders.sort(key=lambda one: (wanted is not None and one[0] == _numbers(wanted[0]), one[0]), reverse=True)
    return [folder for _, folder in folders]


def _numbers(text: str) -> tuple[int, ...]:
    found = _VERSION.search(text)
    return tuple(int(number) for number in found.groups()) if found else ()


def _path_files(place: Path) -> Iterator[Path]:
    """Yield the folders that ``.pth`` files add, such as those of editable installs; their code is not run."""
    for file in _listed(place):
        if file.suffix == ".pth":
            lines = (line.strip() for line in _read(file).splitlines())
            added = (place / line for line in lines if line and not line.startswith(("#", "import ", "import\t")))
            yield from filter(_is_folder, added)


def _venv_config(prefix: Path) -> dict[str, str]:
    """Return ``pyvenv.cfg`` as names and values, the names in lower case."""
    pairs = (line.partition("=") for line in _read(prefix / "pyvenv.cfg").splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace") if path.stat().st_size < _SMALL else ""
    except (OSError, ValueError):
        return ""


def _toml(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError:
        return {}
    return content


def _table(parent: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}
