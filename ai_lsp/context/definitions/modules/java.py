"""From a Java import to the file of the class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ai_lsp.context.definitions.modules.importer import Importer

_ROOTS = ("src/main/java", "src/test/java", "src", "app/src/main/java")


def resolve(module: str, importer: Importer) -> Iterator[Path]:
    """Yield the file of the class `module`, also when the name goes on to a class or member within it.

    Packages are folders under the importer's own source root or under the usual ones of Maven and Gradle.
    """
    parts = module.removesuffix(".*").split(".")
    above = list(importer.upwards())
    roots = [*above, *(folder / root for folder in above for root in _ROOTS)]
    for upto in range(len(parts), max(0, len(parts) - 3), -1):
        relative = Path(*parts[:upto]).with_suffix(".java") if parts[upto - 1] else Path(".java")
        yield from (root / relative for root in roots)
