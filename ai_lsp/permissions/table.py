"""What may go where: provider by kind of data by repository, and nothing that is not allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from ai_lsp import tables
from ai_lsp.config import REPOSITORY_FILE, Layer, exists, merge, read_file, repository_files
from ai_lsp.option import Table
from ai_lsp.paths import within
from ai_lsp.providers.chat import Kind

KINDS: tuple[str, ...] = get_args(Kind)
ALL = "all"


@dataclass(frozen=True)
class Permission:
    """One table of `permissions`."""

    provider: str = ""
    """The name of a provider; empty for all, where it only denies."""
    allow: tuple[str, ...] = ()
    """Kinds of data, or ``all``."""
    deny: tuple[str, ...] = ()
    """Kinds of data, or ``all``, which keeps even what the user typed; stronger than any `allow`."""
    repositories: tuple[str, ...] = ()
    """Folders, or patterns of such, for which it holds; empty for all."""

    def holds(self, provider: str, place: str) -> bool:
        """Whether it says something of a provider and a file or folder (absolute, empty for none)."""
        if self.provider not in ("", provider):
            return False
        return not self.repositories or any(within(place, folder) for folder in self.repositories)


@dataclass(frozen=True)
class PermissionTable:
    """All of them."""

    permissions: tuple[Permission, ...] = ()

    @classmethod
    def read(cls, written: Iterable[Table]) -> PermissionTable:
        """Read what the user's own settings say; what cannot be used is told by `problems_in`.

        What a repository's file says is left to `denied_at`: it holds for that repository only.
        """
        own = [table for table in written if Path(table.source).name != REPOSITORY_FILE]
        found, _problems = tables.read(own, "permissions", Permission, _check)
        return cls(tuple(found))

    def denies(self, provider: str, kind: str, place: str) -> bool:
        """Whether a kind of data, or ``all``, of a place may not go there, whatever is allowed."""
        return any({kind, ALL} & set(one.deny) for one in self.permissions if one.holds(provider, place))

    def allows(self, provider: str, kind: str, place: str) -> bool:
        """Whether a kind of data of a place may go there, unless it is denied."""
        return any({kind, ALL} & set(one.allow) for one in self.permissions if one.holds(provider, place))


NOTHING = PermissionTable((Permission(deny=(ALL,)),))
"""Under which nothing may go anywhere."""


def denied_at(place: Path) -> PermissionTable:
    """Return what the files of the repository that a file or folder is in deny: they cannot allow anything.

    One file does not take back what one above it denies. One that cannot be read denies everything, since nobody
    knows what it forbids.
    """
    denied: list[Permission] = []
    for file in filter(exists, repository_files(place)):
        layer = read_file(file, user=False)
        if not isinstance(layer, Layer):
            return NOTHING
        configuration = merge([layer])
        found, problems = tables.read(configuration.options.permissions, "permissions", Permission, _check)
        if problems or any(problem.name == "permissions" for problem in configuration.problems):
            return NOTHING
        denied += [Permission(one.provider, deny=one.deny) for one in found]
    return PermissionTable(tuple(denied))


def problems_in(written: Iterable[Table]) -> list[str]:
    """Return a line about each table that cannot be used."""
    return tables.read(written, "permissions", Permission, _check)[1]


def _check(permission: Permission) -> None:
    for kind in (*permission.allow, *permission.deny):
        if kind not in (*KINDS, ALL):
            raise ValueError(f"{kind!r} is no kind of data; there are {', '.join([*KINDS, ALL])}")
    if permission.allow and not permission.provider:
        raise ValueError('allows something to nobody: name the provider = "..."')
