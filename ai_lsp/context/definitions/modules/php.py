"""From a PHP class name to its file, by PSR-4: https://www.php-fig.org/psr/psr-4/."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ai_lsp.context.definitions.modules.importer import Importer, json_of


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the file of the class `module` by the nearest ``composer.json``; a path is taken as it is written."""
    if module.endswith(".php"):
        yield from (folder / module.lstrip("/") for folder in importer.upwards())
        return
    name = module.lstrip("\\")
    for folder in importer.upwards():
        manifest = json_of(folder / "composer.json")
        for prefix, place in _prefixes(manifest):
            if name.startswith(prefix):
                yield folder / place / (name[len(prefix) :].replace("\\", "/") + ".php")


def _prefixes(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the namespaces' prefixes and folders, the longest first."""
    found: list[tuple[str, str]] = []
    for section in ("autoload", "autoload-dev"):
        autoload = manifest.get(section)
        rules = autoload.get("psr-4") if isinstance(autoload, dict) else None
        for prefix, places in rules.items() if isinstance(rules, dict) else ():
            all_places = places if isinstance(places, list) else [places]
            found += [(prefix, place) for place in all_places if isinstance(place, str)]
    return sorted(found, key=lambda rule: -len(rule[0]))
