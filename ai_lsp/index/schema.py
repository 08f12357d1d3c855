"""Where an index lies, and what is in its SQLite file."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.folders import cache_folder

VERSION = 1
"""Of the tables, the windows and the tokens: an index of another version is built anew."""
WINDOW = 16
"""Lines of one window; windows do not overlap. The reader cuts its snippets anywhere, so that the borders do not
matter to what is shown, and half as many windows are half the file."""
CHUNK = 16 * WINDOW
"""Lines that are compressed together."""
WINDOWS = 1 << 12
"""Windows of one file; what it has beyond is not indexed. Window `n` of file `f` is row ``f * WINDOWS + n``."""
DEFINITIONS = 1 << 16
"""Definitions of one file, numbered in the same way."""

_APPLICATION = 0x41694C53
_PUNCTUATION = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum() and chr(code) not in "\"'")
"""The terms come ready from `tokens`: for FTS5 only white space ends one."""
_TABLES = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files(
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size INTEGER, mtime_ns INTEGER, seen_ns INTEGER,
    digest BLOB, lines INTEGER);
CREATE TABLE texts(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE definitions(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT, line INTEGER, end_line INTEGER, signature TEXT,
    doc TEXT, parent TEXT);
CREATE INDEX definitions_by_name ON definitions(name);
CREATE VIRTUAL TABLE windows USING fts5(
    terms, content='', detail=none, tokenize="ascii tokenchars '{_PUNCTUATION}'");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(windows, row);
INSERT INTO windows(windows, rank) VALUES('hashsize', {16 << 20});
INSERT INTO meta VALUES('complete', 0), ('windows', 0);
"""


@dataclass(frozen=True)
class Schema:
    """One kind of SQLite file: what marks it, and what is made in an empty one."""

    application: int
    version: int
    """Files of another version are made anew."""
    tables: str


INDEX = Schema(_APPLICATION, VERSION, _TABLES)


def default_folder() -> Path:
    """Return the folder of all indexes."""
    return cache_folder() / "index"


def path_for(root: Path, folder: Path | None = None) -> Path:
    """Return the index file of a workspace root in `folder`, by default in the user's cache."""
    root = root.resolve()
    name = re.sub(r"[^A-Za-z0-9._-]", "_", root.name)[:40] or "root"
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return (folder or default_folder()) / f"{name}-{digest}.sqlite"


def connect(path: Path, *, busy_seconds: float) -> sqlite3.Connection:
    """Return a connection in autocommit mode, for one thread at a time. Raises `sqlite3.Error`."""
    return sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)


def is_current(connection: sqlite3.Connection, schema: Schema = INDEX) -> bool:
    """Whether the file is of this kind and version. Raises `sqlite3.DatabaseError` for no SQLite file at all."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    return (version, application) == (schema.version, schema.application)


def create(connection: sqlite3.Connection, schema: Schema = INDEX) -> None:
    """Make the tables in an empty file. Raises `sqlite3.Error`."""
    connection.execute("PRAGMA page_size=8192")
    connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(
        f"BEGIN IMMEDIATE;{schema.tables}PRAGMA application_id={schema.application};"
        f"PRAGMA user_version={schema.version};COMMIT;"
    )
