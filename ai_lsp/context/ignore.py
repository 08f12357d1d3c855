"""Whether a file may get into a prompt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ai_lsp.index.ignore import Ignore, never_read

_TRUSTED_SECONDS = 1.0
"""How long what ignore files say is taken to hold: a restored session asks about many files at once."""


class Readable:
    """Says of single files, open or not, whether sources may read them.

    Ignore files are looked at anew after a second, and compiled only when they have changed.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        exclude: Sequence[str] = (),
        never: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`roots` are the workspace folders; `exclude` and `never` as for `Ignore`."""
        self._clock = clock
        self._ignores: dict[Path, tuple[float, Ignore]] = {}
        self._roots = [root.absolute() for root in roots]
        self._exclude = tuple(exclude)
        self._never = tuple(never)

    def may_be_read(self, path: Path) -> bool:
        """Whether `path`, and what it is a link to, may be read.

        One outside of all workspace folders may, unless it must never be read.
        """
        try:
            names = {path.absolute(), path.resolve()}
        except (OSError, ValueError, RuntimeError):  # a name with NUL, a loop of links
            return False
        return not any(never_read(name, self._never) for name in names) and all(map(self._kept, names))

    def _kept(self, path: Path) -> bool:
        roots = [root for root in self._roots if path.is_relative_to(root) and path != root]
        if not roots:
            return True
        root = max(roots, key=lambda one: len(one.parts))
        return self._ignore_of(root).keeps_file(path.relative_to(root).as_posix())

    def _ignore_of(self, root: Path) -> Ignore:
        """Return what the ignore files of `root` say; any thread may ask."""
        now = self._clock()
        until, ignore = self._ignores.get(root, (now, None))
        if ignore is None or until <= now:
            ignore = Ignore(root, self._exclude, self._never)
            self._ignores[root] = now + _TRUSTED_SECONDS, ignore
        return ignore
