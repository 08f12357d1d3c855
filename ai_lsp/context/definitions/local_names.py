"""What names stand for at the cursor, where variables have types and parameters hide imports."""

from __future__ import annotations

from collections.abc import Sequence

from ai_lsp.context.definitions.inference import bases_of, origin_of
from ai_lsp.context.definitions.lookup import Found, Lookup, Thing
from ai_lsp.context.definitions.outlines import Module
from ai_lsp.context.definitions.surroundings import Surroundings
from ai_lsp.context.definitions.uses import Access, Chain

_OWN = frozenset({"self", "this", "cls", "Self", "static"})
_PARENT = frozenset({"super", "base", "parent"})
_DEPTH = 4
"""How many variables the type of one is followed through."""


class LocalNames:
    """Looks names up as the code at the cursor sees them."""

    def __init__(self, module: Module, around: Surroundings, lookup: Lookup) -> None:
        """`module` is the outline of the cursor's own document."""
        self._module = module
        self._around = around
        self._lookup = lookup

    def find(self, chain: Chain) -> list[Found]:
        """Return the definitions that `chain` stands for; none for a variable, which has none."""
        return [thing for thing in self._things(chain, _DEPTH) if isinstance(thing, Found)]

    def holders(self, access: Access) -> list[Thing]:
        """Return the class or the module whose members may follow; a class comes with its base classes."""
        holders = self._types(access.chain, _DEPTH, called=access.called)
        found: list[Thing] = []
        for holder in holders:
            found += [holder] if isinstance(holder, Module) else self._lookup.lineage(holder)
        return found

    def within(self, module: Module, name: str) -> list[Found]:
        """Return the definitions that `name` stands for in another module, which may have them from elsewhere."""
        return [thing for thing in self._lookup.inside(module, name) if isinstance(thing, Found)]

    def is_own(self, chain: Chain) -> bool:
        """Whether `chain` is the object whose method the cursor is in, or its class."""
        return len(chain) == 1 and chain[0] in _OWN

    def _things(self, chain: Chain, depth: int) -> list[Thing]:
        head, *rest = chain
        is_local = head in _OWN | _PARENT or self._around.binds(head)
        if not is_local and (things := self._lookup.things(chain, self._module)):
            return things
        if not rest or depth <= 0:
            return []
        holders = self._types((head,), depth - 1, called=head == "super")
        for at, name in enumerate(rest):
            things = next(filter(None, (self._lookup.inside(holder, name) for holder in holders)), [])
            if at == len(rest) - 1:
                return things
            holders = self._held(things) or self._attribute(chain[: at + 2], depth)
        return []

    def _types(self, chain: Chain, depth: int, *, called: bool) -> Sequence[Thing]:
        """Return of which classes (or modules) an expression is."""
        if depth <= 0:
            return []
        if len(chain) == 1 and chain[0] in _OWN:
            return self._own_class() or self._from_text(chain[0], self._around.about(chain[0]), depth)
        if len(chain) == 1 and chain[0] in _PARENT:
            return self._bases()
        if called and chain[-1] == "new":  # Foo.new, Foo::new
            return self._types(chain[:-1], depth, called=False)
        things = self._things(chain, depth)
        if types := [each for thing in things for each in self._held([thing], called=called)]:
            return types
        return self._attribute(chain, depth) if chain[0] in _OWN else self._variable(chain, depth)

    def _held(self, things: Sequence[Thing], *, called: bool = False) -> list[Thing]:
        held: list[Thing] = []
        for thing in things:
            held += [thing] if isinstance(thing, Module) else self._lookup.outcome(thing, called=called)
        return held

    def _own_class(self) -> list[Found]:
        name = self._around.class_name
        found = self._lookup.find((name,), self._module) if name else []
        return found or self._bases()  # unfinished code may hide the class from the parser

    def _bases(self) -> list[Found]:
        bases = bases_of(next(iter(self._around.class_lines), ""))
        return [one for base in bases for one in self._lookup.result(base, self._module, called=False)]

    def _variable(self, chain: Chain, depth: int) -> Sequence[Thing]:
        """Return the type of a local or module variable, by its annotation or what it was made from."""
        if len(chain) != 1:
            return []
        return self._from_text(chain[0], self._around.about(chain[0]), depth)

    def _attribute(self, chain: Chain, depth: int) -> Sequence[Thing]:
        """Return the type of ``self.name`` by what the class's text assigns to it."""
        if len(chain) != 2 or chain[0] not in _OWN:
            return []
        text = "\n".join(line for line in self._around.class_lines if chain[1] in line)
        sign = "->" if self._module.language == "php" else "."
        names = f"{chain[0]}{sign}{chain[1]}", chain[1]
        return next(filter(None, (self._from_text(name, text, depth) for name in names)), ())

    def _from_text(self, name: str, text: str, depth: int) -> Sequence[Thing]:
        origin = origin_of(name, text, self._module.language)
        if origin is None or origin.chain == (name,):
            return []
        return self._types(origin.chain, depth - 1, called=origin.called)
