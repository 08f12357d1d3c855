"""From an import's specifier to its file, for TypeScript and JavaScript.

The rules are those of TypeScript's module resolution "bundler", which is the most tolerant, in short:
https://www.typescriptlang.org/docs/handbook/modules/reference.html
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ai_lsp.context.definitions.modules.importer import Importer, json_of

_TYPED = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".d.mts", ".d.cts")
_ENDINGS = (*_TYPED, ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte")
_COMPILED = {
    ".js": (".ts", ".tsx", ".d.ts"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}
_CONDITIONS = ("types", "import", "module", "node", "require", "default")
_DEPTH = 5
"""How far a chain of ``extends`` and of nested conditions is followed."""


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the files that the specifier `module` may stand for: types first, sources next."""
    if module.startswith("."):
        yield from _module_at(importer.file.parent / module)
    elif not module.startswith("/"):
        yield from _mapped(module, importer)
        yield from _installed(module.removeprefix("node:"), importer, node=module.startswith("node:"))


def _module_at(place: Path) -> Iterator[Path]:
    """Yield what a path without its ending may be; declarations and sources stand in for compiled scripts."""
    if not place.name:
        return
    for ending in _COMPILED.get(place.suffix, ()):
        yield place.with_suffix(ending)
    if place.suffix in _ENDINGS:
        yield place
    for ending in _ENDINGS:
        yield place.with_name(place.name + ending)
    if (place / "package.json").is_file():
        yield from _main_of(place, json_of(place / "package.json"))
    for ending in _ENDINGS:
        yield place / f"index{ending}"


def _mapped(module: str, importer: Importer) -> Iterator[Path]:
    """Yield what ``paths`` and ``baseUrl`` of the nearest tsconfig.json or jsconfig.json say."""
    for folder in importer.upwards():
        for name in ("tsconfig.json", "jsconfig.json"):
            if (folder / name).is_file():
                base, paths = _compiler_paths(folder / name, _DEPTH)
                for pattern, targets in paths.items():
                    if (star := _matched(pattern, module)) is not None and isinstance(targets, list):
                        for target in filter(lambda one: isinstance(one, str), targets):
                            yield from _module_at((base or folder) / target.replace("*", star))
                if base is not None:
                    yield from _module_at(base / module)
                return


def _compiler_paths(config: Path, depth: int) -> tuple[Path | None, dict[str, Any]]:
    """Return ``baseUrl`` and ``paths`` of a configuration, its own before those that it extends."""
    content = json_of(config)
    options = content.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    base = config.parent / options["baseUrl"] if isinstance(options.get("baseUrl"), str) else None
    paths = options.get("paths")
    if isinstance(paths, dict) and base is None:
        paths = {pattern: _absolute(config.parent, targets) for pattern, targets in paths.items()}
    extends = content.get("extends")
    for parent in [extends] if isinstance(extends, str) else extends if isinstance(extends, list) else []:
        if depth and isinstance(parent, str) and parent.startswith(".") and (base is None or paths is None):
            place = config.parent / parent
            place = place if place.suffix == ".json" else place.with_name(place.name + ".json")
            other_base, other_paths = _compiler_paths(place, depth - 1)
            base = base or other_base
            paths = other_paths if paths is None else paths
    return base, paths if isinstance(paths, dict) else {}


def _absolute(folder: Path, targets: Any) -> Any:
    if not isinstance(targets, list):
        return targets
    return [str(folder / target) for target in targets if isinstance(target, str)]


def _matched(pattern: str, module: str) -> str | None:
    """Return what stands for the ``*`` of `pattern` in `module`, None where they do not match."""
    start, star, end = pattern.partition("*")
    if not star:
        return "" if module == pattern else None
    if len(module) < len(start) + len(end) or not (module.startswith(start) and module.endswith(end)):
        return None
    return module[len(start) : len(module) - len(end)]


def _installed(module: str, importer: Importer, *, node: bool) -> Iterator[Path]:
    """Yield what ``node_modules`` of the importer's folder and of those above it have, as Node.js looks."""
    n_parts = 2 if module.startswith("@") else 1
    parts = module.split("/")
    name, rest = "/".join(parts[:n_parts]), "/".join(parts[n_parts:])
    types = "@types/" + name.removeprefix("@").replace("/", "__")
    for folder in importer.file.parents:
        modules = folder / "node_modules"
        if not modules.is_dir():
            continue
        for package in (name, types):
            if not node and (modules / package).is_dir():
                yield from _in_package(modules / package, rest)
        yield from _module_at(modules / "@types" / "node" / module)


def _in_package(package: Path, rest: str) -> Iterator[Path]:
    manifest = json_of(package / "package.json")
    for target in _exported(manifest.get("exports"), rest):
        yield from _module_at(package / target)
    if rest:
        yield from _module_at(package / rest)
        return
    yield from _main_of(package, manifest)
    yield from _module_at(package / "index")
    yield from _module_at(package / "src" / "index")


def _main_of(package: Path, manifest: dict[str, Any]) -> Iterator[Path]:
    for field in ("types", "typings", "module", "main"):
        if isinstance(target := manifest.get(field), str):
            yield from _module_at(package / target)


def _exported(exports: Any, rest: str) -> Iterator[str]:
    """Yield the targets that the field ``exports`` has for the subpath `rest`."""
    subpath = f"./{rest}" if rest else "."
    if isinstance(exports, dict) and any(key.startswith(".") for key in exports):
        for pattern, target in exports.items():
            if (star := _matched(pattern, subpath)) is not None:
                yield from (found.replace("*", star) for found in _targets(target, _DEPTH))
    elif not rest:
        yield from _targets(exports, _DEPTH)


def _targets(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth:
        for condition in _CONDITIONS:
            yield from _targets(value.get(condition), depth - 1)
    elif isinstance(value, list) and depth:
        for one in value:
            yield from _targets(one, depth - 1)
