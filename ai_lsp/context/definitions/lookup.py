"""From a name in one file to its definition in another, along imports and base classes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ai_lsp.context.definitions.inference import Origin, bases_of, origin_of, returned_by
from ai_lsp.context.definitions.modules import Importer, joined
from ai_lsp.context.definitions.outlines import Module
from ai_lsp.context.definitions.resolutions import Resolutions
from ai_lsp.context.definitions.uses import Chain

if TYPE_CHECKING:
    from ai_lsp.syntax.outline import Definition, Import

_DEPTH = 8
"""How many imports and base classes one name is followed through."""
_STAR, _DEFAULT = "*", "default"
_BY_TYPE = ("java", "csharp", "php")
"""Languages in which an import names a type, not the module that it is in."""
_SEPARATOR = re.compile(r"[./\\]|::")
_CONSTRUCTORS = ("__init__", "constructor", "__construct", "initialize")


@dataclass(frozen=True)
class Found:
    """A definition and the file that it is in."""

    module: Module
    definition: Definition


Thing = Found | Module
"""What a name may stand for."""


class Lookup:
    """Follows names for one request."""

    def __init__(
        self,
        read: Callable[[Path], Module | None],
        resolutions: Resolutions,
        root: Path,
        folders: tuple[Path, ...] = (),
    ) -> None:
        """`read` returns a file's outline, `folders` are those of the Python environment."""
        self._read = read
        self._resolutions = resolutions
        self._root = root
        self._folders = folders

    def find(self, chain: Chain, module: Module, depth: int = _DEPTH) -> list[Found]:
        """Return the definitions that `chain`, written in `module`, stands for; overloads are several."""
        return [thing for thing in self.things(chain, module, depth) if isinstance(thing, Found)]

    def things(self, chain: Chain, module: Module, depth: int = _DEPTH) -> list[Thing]:
        """Return the definitions or modules that `chain`, written in `module`, stands for."""
        if depth <= 0 or not chain:
            return []
        things, rest = self._head(chain, module, depth)
        for name in rest:
            things = next(filter(None, (self.inside(thing, name, depth - 1) for thing in things)), [])
        return things

    def inside(self, thing: Thing, name: str, depth: int = _DEPTH) -> list[Thing]:
        """Return what `name` is in a module, a class or a variable of a class."""
        if depth <= 0:
            return []
        if isinstance(thing, Module):
            return self._named(name, thing, depth) or list(self._submodule(thing, name))
        for holder in self.type_of(thing, depth):
            for each in self.lineage(holder, depth):
                if members := [one for one in each.module.members(each.definition.name) if one.name == name]:
                    return [Found(each.module, one) for one in members]
        return []

    def type_of(self, found: Found, depth: int = _DEPTH) -> list[Found]:
        """Return the class that a definition is, or that it is a variable of."""
        definition, module = found.definition, found.module
        if module.is_type(definition):
            return [found]
        if definition.kind == "property" and (returned := returned_by(definition.signature)) and depth > 0:
            return self.result(returned, module, called=False, depth=depth - 1)
        bare = definition.signature.removeprefix("self.").removeprefix("this.")
        origin = origin_of(definition.name, bare, module.language)
        if origin is not None and not origin.called and len(origin.chain) == 1:
            origin = self._parameter(origin.chain[0], found) or origin
        if origin is None or depth <= 0:
            return []
        return self.result(origin.chain, module, called=origin.called, depth=depth - 1)

    def _parameter(self, name: str, field: Found) -> Origin | None:
        """Return what the constructor of the field's class says of its parameter `name`."""
        for one in field.module.members(field.definition.parent.rpartition(".")[2]):
            if one.name in _CONSTRUCTORS:
                return origin_of(name, one.signature.replace("\n", " "), field.module.language)
        return None

    def result(self, chain: Chain, module: Module, *, called: bool, depth: int = _DEPTH) -> list[Found]:
        """Return the class `chain`, or that of what it holds or, where `called`, of what a call of it returns."""
        for found in self.find(chain, module, depth):
            if types := self.outcome(found, called=called, depth=depth):
                return types
        if called and chain[-1:] == ("new",):  # Foo.new, Foo::new
            return self.result(chain[:-1], module, called=False, depth=depth - 1)
        return []

    def outcome(self, found: Found, *, called: bool, depth: int = _DEPTH) -> list[Found]:
        """Return the class of what a definition holds or, where it is `called`, returns."""
        if not called or found.module.is_type(found.definition):
            return self.type_of(found, depth)
        returned = returned_by(found.definition.signature)
        if returned is None or depth <= 0:
            return []
        own = returned in (("Self",), ("self",), ("static",), ("this",))
        chain = (found.definition.parent,) if own else returned
        return self.result(chain, found.module, called=False, depth=depth - 1)

    def lineage(self, found: Found, depth: int = _DEPTH) -> Iterator[Found]:
        """Yield a class and its base classes, each once, nearest first."""
        seen: set[tuple[Path, str]] = set()
        waiting = [found]
        while waiting and len(seen) < depth:
            one = waiting.pop(0)
            key = one.module.path, one.definition.name
            if key not in seen:
                seen.add(key)
                yield one
                for base in bases_of(one.definition.signature):
                    waiting += self.result(base, one.module, called=False, depth=depth - 1)

    def _head(self, chain: Chain, module: Module, depth: int) -> tuple[list[Thing], Chain]:
        """Return what the chain begins with, and the names that are still to be followed."""
        for each in module.imports:  # `import a.b.c` is used as `a.b.c.name`
            parts = tuple(each.module.split("."))
            if module.language == "python" and len(parts) > 1 and chain[: len(parts)] == parts:
                return list(self._modules(each.module, module)), chain[len(parts) :]
        return self._named(chain[0], module, depth), chain[1:]

    def _named(self, name: str, module: Module, depth: int) -> list[Thing]:
        if depth <= 0:
            return []
        for each, original in module.bound.get(name, ()):
            if found := self._imported(each, name, original, module, depth - 1):
                return found
        if own := module.named(name):
            return [Found(module, one) for one in own]
        return self._unsaid(name, module, depth)

    def _unsaid(self, name: str, module: Module, depth: int) -> list[Thing]:
        """Return what a name is that no import names: of one that brings all names, or of the same package."""
        for each in module.imports:
            if each.names and _STAR not in each.names:
                continue
            if found := self._from_star(each, name, module, depth - 1):
                return found
        for path in self._resolutions.siblings(module.language, name, self._importer(module)):
            other = self._read(path)
            if other is not None and (own := other.named(name)):
                return [Found(other, one) for one in own]
        return []

    def _imported(self, each: Import, name: str, original: str, module: Module, depth: int) -> list[Thing]:
        if not original:
            return self._whole(each, name, module, depth)
        modules = [other for other in self._modules(each.module, module) if other is not module]
        for other in modules:
            if found := self._exported(original, other, depth):
                return found
        within = self._modules(joined(module.language, each.module, original), module)
        for other in within:
            if module.language != "python" and (found := self._named(original, other, depth)):
                return found
        # What is exported as a whole is a module's only name.
        return list(within) or (list(modules) if original == _DEFAULT else [])

    def _exported(self, name: str, module: Module, depth: int) -> list[Thing]:
        if name == _DEFAULT and (own := module.default()):
            return [Found(module, one) for one in own]
        return self._named(name, module, depth)

    def _whole(self, each: Import, name: str, module: Module, depth: int) -> list[Thing]:
        """Return the module that an import binds, or the type where a type's name is that of its module."""
        language = module.language
        if language == "python" and "." in each.module and name == each.module.split(".")[0]:
            return list(self._modules(name, module))
        modules = self._modules(each.module, module)
        if language in _BY_TYPE:
            last = _SEPARATOR.split(each.module)[-1]
            return next(filter(None, (self._named(last, other, depth) for other in modules)), [])
        return list(modules)

    def _from_star(self, each: Import, name: str, module: Module, depth: int) -> list[Thing]:
        if module.language in _BY_TYPE:
            modules = self._modules(joined(module.language, each.module, name), module)
        else:
            modules = self._modules(each.module, module)
        for other in modules:
            if other is not module and (found := self._named(name, other, depth)):
                return found
        return []

    def _submodule(self, package: Module, name: str) -> Sequence[Module]:
        """Return the module `name` of a Python package."""
        if package.language != "python" or not package.path.name.startswith("__init__."):
            return ()
        return self._modules(f".{name}", package)

    def _modules(self, name: str, module: Module) -> list[Module]:
        paths = self._resolutions.files_of(module.language, name, self._importer(module))
        return [found for path in paths if (found := self._read(path)) is not None]

    def _importer(self, module: Module) -> Importer:
        return Importer(module.path, self._root, self._folders)
