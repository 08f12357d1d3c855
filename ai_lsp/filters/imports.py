"""Suggestions that import what the user does not want to have imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import groupby

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.modules import Modules, NoModules
from ai_lsp.filters.written import imports_in, refused
from ai_lsp.option import AND

_OWN = (".", "/", "~", "@/", "#/", "crate::", "self::", "super::")
_SCRIPTS = frozenset({"javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte"})


@dataclass(frozen=True)
class Imports:
    """Cuts before an import of a module that is forbidden, or not among those allowed."""

    allowed: Sequence[str] = ()
    """Patterns of module names; all where there are none. Of several lists, with `AND` between, all must allow."""
    forbidden: Sequence[str] = ()
    modules: Modules = field(default_factory=NoModules)

    def __call__(self, text: str, place: Place) -> Decision:
        """Look at what `text` imports; the repository's own modules always pass."""
        if self.allowed or self.forbidden:
            for found in imports_in(text, place):
                if reason := self._objection(found.name, place):
                    return refused("imports", text, found, reason)
        return Decision("imports", text)

    @cached_property
    def _lists(self) -> list[list[str]]:
        """The lists of what is allowed; of each one pattern must fit."""
        return [list(run) for is_end, run in groupby(self.allowed, lambda text: text == AND) if not is_end]

    def _objection(self, module: str, place: Place) -> str:
        """Return what there is to say against `module`, empty for nothing."""
        bare, reason = module.strip("<>"), ""
        names = list(_with_parents(bare, place.language))
        if any(_matches(names, pattern) for pattern in self.forbidden):
            reason = f"filters.imports_forbidden names {bare}"
        elif not all(any(_matches(names, pattern) for pattern in patterns) for patterns in self._lists):
            reason = f"filters.imports_allowed does not name {bare}"
        return "" if reason and self._is_own(module, place) else reason

    def _is_own(self, module: str, place: Place) -> bool:
        if module.startswith(_OWN) or module in ("crate", "self", "super"):
            return True
        if place.language in ("c", "cpp", "objective-c", "objective-cpp", "cuda-cpp"):
            return not module.startswith("<")
        return bool(self.modules.is_own(module, place))


def _matches(names: Sequence[str], pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in names)


def _with_parents(module: str, language: str) -> Iterator[str]:
    """Yield a module and what it is in: ``a.b.c``, ``a.b`` and ``a``."""
    yield module
    separators = ("/",) if language in _SCRIPTS else ("/", "::", "\\", ".")
    separator = next((sign for sign in separators if sign in module), "")
    while separator and separator in module:
        module = module.rpartition(separator)[0]
        if module:
            yield module
