"""The builder's process: does what the inbox asks for, and says how it goes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from ai_lsp.index.builder import Builder, Outline
from ai_lsp.index.database import delete, is_damage, is_locked
from ai_lsp.index.inbox import Inbox
from ai_lsp.index.lock import Lock
from ai_lsp.index.settings import Settings
from ai_lsp.index.status import Kind, Status
from ai_lsp.index.store import Store
from ai_lsp.index.upkeep import delete_unused
from ai_lsp.index.usage import Usage

_QUIET_SECONDS, _LONGEST_SECONDS = 0.15, 1.0
"""How long it must be quiet before changes are looked at, and how long they wait at most."""
_REPORT_SECONDS = 0.25
_LOCKED_SECONDS, _FULL_SECONDS, _GONE_SECONDS = 1.0, 30.0, 60.0
"""When what could not be done is tried again."""
_REBUILDS = 3


class Kept(Protocol):
    """A file that the service keeps: the methods of `Database`, and two that only its kind can answer."""

    def is_there(self) -> bool:
        """As `Database.is_there`."""

    def commit(self) -> None:
        """As `Database.commit`."""

    def rollback(self) -> None:
        """As `Database.rollback`."""

    def close(self) -> None:
        """As `Database.close`."""

    def counts(self) -> tuple[int, int]:
        """Return files and lines that can be found."""

    def complete(self) -> bool:
        """Whether everything was looked at once."""


class Worker(Protocol):
    """What brings such a file up to date, in steps, as `Builder` does."""

    def scan(self) -> Iterator[tuple[int, int, bool]]:
        """As `Builder.scan`."""

    def tidy(self) -> Iterator[None]:
        """As `Builder.tidy`."""

    def update(self, paths: Iterable[str]) -> bool:
        """As `Builder.update`."""


S = TypeVar("S", bound=Kept)


class Service(Generic[S]):
    """Keeps one root's index until its inbox is closed."""

    def __init__(
        self,
        root: Path,
        path: Path,
        open_store: Callable[[bool], S],
        builder: Callable[[S], Worker],
        inbox: Inbox,
        send: Callable[[Status], None],
        clock: Callable[[], float] = time.monotonic,
        keep_days: float = 0,
    ) -> None:
        """Keep the file at `path`, which `open_store` opens, by means of the `builder` for it.

        `open_store` is told whether it may make the file. `send` is called with each status. Files beside it that
        nobody has used for `keep_days` are deleted; 0 keeps all.
        """
        self._keep_days = keep_days
        self._root, self._path = root, path
        self._open_store, self._builder = open_store, builder
        self._inbox, self._send, self._clock = inbox, send, clock
        self._lock = Lock(path.with_suffix(".lock"))
        self._usage = Usage(path)
        self._store: S | None = None
        self._rebuilds = 0
        self._limited = False
        self._reported = float("-inf")
        self._not_before = float("-inf")

    def run(self) -> None:
        """Work until the inbox is closed. Raises OSError when nobody reads what is sent."""
        try:
            while not self._inbox.closed:
                self._wait()
                if not self._inbox.closed:
                    self._step()
        finally:
            self._close()
            self._lock.release()
            self._usage.release()

    def _wait(self) -> None:
        """Wait until there is something to do and it may be done."""
        inbox = self._inbox
        while not inbox.closed and self._clock() < self._not_before:
            inbox.receive(max(0.0, self._not_before - self._clock()))
        while not inbox.closed and not inbox.scan and not inbox.paths:
            inbox.receive(None)
        until = self._clock() + _LONGEST_SECONDS
        while inbox.paths and inbox.receive(_QUIET_SECONDS) and self._clock() < until:
            pass

    def _step(self) -> None:
        """Do what the inbox asks for; what fails stays to be done."""
        paths, scan = dict(self._inbox.paths), self._inbox.scan
        try:
            store = self._open()
            self._usage.touch()
            if paths:
                self._update(store)
            if self._inbox.scan and not self._inbox.closed:
                self._scan(store)
            else:
                self._report("limited" if self._limited else "ready", "")
        except sqlite3.Error as error:
            self._inbox.paths = paths | self._inbox.paths
            self._inbox.scan |= scan
            self._database_failed(error)
        except FileNotFoundError:
            self._inbox.scan = True
            self._failed("failed", f"{self._root} is not there", _GONE_SECONDS)

    def _open(self) -> S:
        if self._store is not None and not self._store.is_there():
            self._close()
            self._inbox.scan = True
        if self._store is None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._usage.hold(self._root)
                alone = self._lock.acquire()
                self._store = self._open_store(alone)
            except OSError as error:
                raise sqlite3.OperationalError(str(error)) from error
            finally:
                self._lock.release()
        return self._store

    def _close(self) -> None:
        if self._store is not None:
            self._store.rollback()
            self._store.close()
        self._store = None

    def _update(self, store: S) -> None:
        paths, self._inbox.paths = self._inbox.paths, {}
        if self._builder(store).update(paths):
            self._inbox.scan = True

    def _scan(self, store: S) -> None:
        if not self._lock.acquire():
            self._failed("ready" if store.complete() else "building", "another ai-lsp builds it", _LOCKED_SECONDS)
            return
        try:
            self._inbox.scan = False
            builder = self._builder(store)
            for done, total, limited in builder.scan():
                self._limited = limited
                if self._interrupted(store, done, total):
                    return
            for _ in builder.tidy():
                if self._interrupted(store, 0, 0):
                    return
        finally:
            self._lock.release()
        if self._keep_days:
            delete_unused(self._path.parent, self._keep_days)
        message = "there is more than the limits of the index allow" if self._limited else ""
        self._report("limited" if self._limited else "ready", message)

    def _interrupted(self, store: S, done: int, total: int) -> bool:
        """Say how far the scan is and do what is asked for in between; returns whether it is to end."""
        if self._clock() - self._reported >= _REPORT_SECONDS:
            self._report("building", "", done, total)
        self._inbox.receive(0)
        if self._inbox.closed:
            store.commit()
        elif self._inbox.paths:
            self._update(store)
        return self._inbox.closed

    def _database_failed(self, error: sqlite3.Error) -> None:
        if not is_damage(error):
            if self._store is not None:
                self._store.rollback()
            if is_locked(error):
                self._not_before = self._clock() + _LOCKED_SECONDS
            else:
                self._failed("limited", f"the index cannot be written: {error}", _FULL_SECONDS)
            return
        self._close()
        self._inbox.scan = True
        self._rebuilds += 1
        if self._rebuilds > _REBUILDS or not self._delete():
            self._failed("failed", f"{self._path} is damaged: {error}", _GONE_SECONDS)

    def _delete(self) -> bool:
        """Delete the damaged file unless another process does so; returns whether all went well."""
        try:
            if self._lock.acquire():
                delete(self._path)
            return True
        except OSError:
            return False
        finally:
            self._lock.release()

    def _failed(self, kind: Kind, message: str, again_in: float) -> None:
        self._not_before = self._clock() + again_in
        self._report(kind, message)

    def _report(self, kind: Kind, message: str, done: int = 0, total: int = 0) -> None:
        try:
            files, lines = (0, 0) if self._store is None else self._store.counts()
        except sqlite3.Error:
            files, lines = 0, 0
        self._reported = self._clock()
        self._send(Status(kind, message, files, lines, done, total))


def index_service(
    root: Path,
    path: Path,
    settings: Settings,
    outline: Outline,
    redact: Callable[[str], str],
    inbox: Inbox,
    send: Callable[[Status], None],
    clock: Callable[[], float] = time.monotonic,
    busy_seconds: float = 10.0,
) -> Service[Store]:
    """Return what keeps a repository's index; `busy_seconds` is how long another writer is waited for."""
    root = root.resolve()

    def open_store(replace: bool) -> Store:
        return Store(path, limit_bytes=settings.index_bytes, busy_seconds=busy_seconds, replace=replace)

    def builder(store: Store) -> Builder:
        return Builder(root, store, settings, outline, redact, clock)

    return Service(root, path, open_store, builder, inbox, send, clock, settings.keep_days)
