"""The user's own settings file: whether it changed, and changes to it that leave the rest as it was written."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from ai_lsp.config import user_file
from ai_lsp.models.files import write_atomic

_LOOK_SECONDS = 1.0


class UserFileError(Exception):
    """The file cannot be changed; the message says why."""


class Watched:
    """Tells when the user's file is another one than before; looks once a second at most."""

    def __init__(self, env: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        self._path = user_file(env)
        self._clock = clock
        self._looked = clock()
        self._seen = self._stamp()

    def changed(self) -> bool:
        """Return whether it has changed since the last look; costs a look at the clock, or at the file's date."""
        now = self._clock()
        if now < self._looked + _LOOK_SECONDS:
            return False
        self._looked = now
        before, self._seen = self._seen, self._stamp()
        return before != self._seen

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino


def put(path: Path, section: str, name: str, value: str) -> None:
    """Set one option in a file, which may not exist yet; comments and order stay as they are.

    Raises UserFileError when it is no TOML or cannot be written.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(path.read_bytes().decode("utf-8-sig")) if path.exists() else tomlkit.document()
        if section not in document:
            document[section] = tomlkit.table()
        document[section][name] = value
        text = tomlkit.dumps(document)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path.resolve(), text)
    except OSError as error:
        raise UserFileError(f"{path} cannot be changed: {error.strerror or error}") from error
    except (ValueError, TypeError, TOMLKitError) as error:
        raise UserFileError(f"{path} cannot be changed: {error}; set {section}.{name} by hand") from error
