"""Where option values come from: files, environment and client, merged into one `Options`.

Nothing here raises on what a person or an editor wrote: what cannot be used is left out and told as a
`Problem`.
"""

from __future__ import annotations

import difflib
import os
import re
import reprlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from ai_lsp.option import Option, without
from ai_lsp.options import OPTIONS, SECTIONS, Options, build

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT = "default"
ENVIRONMENT = "environment"
INITIALIZATION = "initializationOptions"
CLIENT = "workspace/configuration"
REPOSITORY_FILE = ".ai-lsp.toml"


@dataclass(frozen=True)
class Problem:
    """Something that was set but cannot be used."""

    name: str
    """The dotted name as it was written; empty when it is about a whole file."""
    source: str
    message: str
    """One line for the user, with the name and the source in it."""


@dataclass(frozen=True)
class Layer:
    """The values of one source: nested by section or with dotted names, in snake_case or camelCase."""

    source: str
    values: Mapping[str, Any]
    user: bool = True
    """Whether the user stands behind it; a repository's file may not set every option."""


@dataclass(frozen=True)
class Configuration:
    """The options in force, the source of each by dotted name, and what could not be used."""

    options: Options
    origins: Mapping[str, str]
    problems: tuple[Problem, ...]


def merge(layers: Iterable[Layer]) -> Configuration:
    """Put the layers over the defaults, a later one over an earlier one; never raises on their values.

    A null is the same as nothing. A value that cannot be used becomes a problem, and what an earlier layer
    said holds. What a repository says of a joined option stands beside what the user says.
    """
    values: dict[str, Any] = {}
    shared: dict[str, Any] = {}
    origins = dict.fromkeys(OPTIONS, DEFAULT)
    problems: list[Problem] = []
    for layer in layers:
        for found in _read_table(layer, "", layer.values):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                name, value = found
                known = shared if OPTIONS[name].joined and not layer.user else values
                known[name] = (*values.get(name, ()), *value) if OPTIONS[name].tables else value
                origins[name] = layer.source
    for name, value in shared.items():
        values[name] = OPTIONS[name].join(values.get(name, OPTIONS[name].default), value)
    return Configuration(build(values), origins, tuple(problems))


def _read_table(layer: Layer, prefix: str, table: Any) -> Iterator[tuple[str, Any] | Problem]:
    # Lua has one empty table: its clients send an empty object as [].
    if table is None or table == []:
        return
    if not isinstance(table, Mapping):
        yield _problem(layer, prefix.rstrip("."), f"must be a table of options, not {_shown(table)}")
        return
    for key, value in table.items():
        written = f"{prefix}{key}"
        name = re.sub("(?<=[a-z0-9])[A-Z]", lambda capital: "_" + capital[0].lower(), written)
        if name in SECTIONS:
            yield from _read_table(layer, f"{name}.", value)
        elif name not in OPTIONS:
            yield _unknown(layer, written, name)
        elif value is not None:
            yield from _read_option(layer, OPTIONS[name], value)


def _read_option(layer: Layer, option: Option, value: Any) -> Iterator[tuple[str, Any] | Problem]:
    if option.user_only and not layer.user:
        yield _problem(layer, option.name, "is ignored: only a user's own settings may set it")
        return
    try:
        decoded = option.decode(value, layer.source)
    except ValueError:
        yield _problem(layer, option.name, f"must be {option.expectation}, not {_shown(value)}")
        return
    held = [] if layer.user else _guarded(option, decoded)
    if held and not option.tables:
        yield _problem(layer, option.name, f"is ignored: only a user's own settings may have {held[0]!r} in it")
        return
    for key in held:
        yield _problem(layer, f"{option.name}.{key}", "is ignored: only a user's own settings may set it")
    yield option.name, tuple(without(table, held) for table in decoded) if held else decoded


def _guarded(option: Option, decoded: Any) -> list[str]:
    """Return the guarded texts that a list has, or that are keys in a list of tables."""
    if option.tables:
        return [key for key in option.guarded if any(key in table.values for table in decoded)]
    return [text for text in option.guarded if text in decoded]


def _problem(layer: Layer, name: str, what: str) -> Problem:
    subject = f"`{name}` in {layer.source}" if name else layer.source
    return Problem(name, layer.source, f"ai-lsp: {subject} {what}")


def _unknown(layer: Layer, written: str, name: str) -> Problem:
    # repr, because what a repository's file holds must not reach a terminal as control characters.
    message = f"ai-lsp: unknown option `{repr(written)[1:-1][:200]}` in {layer.source}"
    leaf = name.rpartition(".")[2]
    elsewhere = [known for known in OPTIONS if known.rpartition(".")[2] == leaf]
    closest = elsewhere or difflib.get_close_matches(name, [*OPTIONS, *SECTIONS], n=1)
    if closest:
        message += f"; did you mean `{closest[0]}`?"
    return Problem(written, layer.source, message)


def _shown(value: Any) -> str:
    try:
        return reprlib.repr(value)
    except ValueError:
        # Python refuses to write out whole numbers of more than a few thousand digits.
        return "a number that long"


def user_file(env: Mapping[str, str]) -> Path:
    """Return the path of the user's own settings, whether or not it exists."""
    named = env.get("AI_LSP_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("ai-lsp"), "config.toml")


def repository_files(root: Path) -> list[Path]:
    """Return the places where a repository's settings may be, nearest first; the first that exists is read.

    These are `root` and its parents up to the one that has a ``.git``.
    """
    root = root.absolute()
    places: list[Path] = []
    for folder in (root, *root.parents):
        places.append(folder / REPOSITORY_FILE)
        if exists(folder / ".git"):
            break
    return places


def exists(path: Path) -> bool:
    """Return whether `path` is there, False also when that may not be known."""
    try:
        return path.exists()
    except OSError:
        return False


def file_layers(root: Path | None, env: Mapping[str, str]) -> tuple[list[Layer], list[Problem]]:
    """Return the layers of the user's file, the repository's file and the environment, weakest first.

    A layer without values is left out. The problems are those of files that cannot be read.
    """
    found: list[Layer | Problem] = []
    personal = user_file(env)
    if env.get("AI_LSP_CONFIG") or exists(personal):
        found.append(read_file(personal, user=True))
    shared = next(filter(exists, repository_files(root)), None) if root else None
    if shared:
        found.append(read_file(shared, user=False))
    if variables := _environment(env):
        found.append(Layer(ENVIRONMENT, variables))
    layers = [layer for layer in found if isinstance(layer, Layer)]
    return layers, [problem for problem in found if isinstance(problem, Problem)]


def read_file(path: Path, *, user: bool) -> Layer | Problem:
    """Return the layer of one settings file; never raises."""
    source = str(path)
    try:
        # utf-8-sig, because Windows editors still write a byte order mark.
        return Layer(source, tomllib.loads(path.read_bytes().decode("utf-8-sig")), user)
    except OSError as error:
        return Problem("", source, f"ai-lsp: {source} cannot be read: {error.strerror or error}")
    except (ValueError, RecursionError) as error:
        return Problem("", source, f"ai-lsp: {source} is not valid TOML: {error}")


def _environment(env: Mapping[str, str]) -> dict[str, Any]:
    known = {option.variable: option for option in OPTIONS.values()}
    values: dict[str, Any] = {}
    for variable, text in env.items():
        if variable in known and text:
            values[known[variable].name] = _from_text(known[variable], text)
        elif variable not in known:
            # Other variables that start with AI_LSP_ belong to other parts; those of a section are mistakes.
            for section in SECTIONS:
                start = f"AI_LSP_{section.upper()}_"
                if variable.startswith(start):
                    values[f"{section}.{variable[len(start) :].lower()}"] = text
    return values


def _from_text(option: Option, text: str) -> Any:
    """Return `text` as the option's type, or unchanged where it is not one: `merge` tells that."""
    if isinstance(option.default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    if isinstance(option.default, bool):
        words = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
        return words.get(text.strip().lower(), text)
    try:
        return type(option.default)(text)
    except ValueError:
        return text


def load(
    root: Path | None = None,
    *,
    initialization: Any = None,
    client: Any = None,
    env: Mapping[str, str] | None = None,
) -> Configuration:
    """Read every layer and merge them; never raises.

    `root` is the workspace's root folder, `initialization` the client's initializationOptions, `client` what
    it answered to workspace/configuration for the section ``ai-lsp``: decoded JSON, either the options
    themselves or an object that holds them under ``ai-lsp``. `env` is the process's own environment unless
    given.
    """
    variables = os.environ if env is None else env
    said = [Layer(INITIALIZATION, _own(initialization)), Layer(CLIENT, _own(client))]
    personal, problems = file_layers(None, variables)
    if merge([*personal, *said]).options.repository_file:
        layers, problems = file_layers(root, variables)
    else:
        layers = personal
    merged = merge([*layers, *said])
    return replace(merged, problems=(*problems, *merged.problems))


def _own(settings: Any) -> Any:
    return settings["ai-lsp"] if isinstance(settings, Mapping) and "ai-lsp" in settings else settings
