"""The kind of data of what a source of context finds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ai_lsp.providers.chat import Kind

_KINDS: Mapping[str, Kind] = MappingProxyType({"scope": "code", "similar": "index", "diagnostics": "diagnostics"})


def kind_of(source: str, *, own: bool) -> Kind:
    """Return the kind; of a source that has none it is code, of the `own` file at hand or of another."""
    return _KINDS.get(source, "code" if own else "other_files")
