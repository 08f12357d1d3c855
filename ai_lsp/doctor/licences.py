"""A check of the licence index."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ai_lsp.doctor.finding import OK, WARNING, Finding
from ai_lsp.index.schema import path_for
from ai_lsp.licences.settings import default_folder
from ai_lsp.options import FilterOptions


def index(root: Path, options: FilterOptions, folder: Path | None = None) -> Finding:
    """Say what is in the licence index of a workspace; `folder` holds the indexes."""
    if "licence" in options.off:
        return Finding("licences", OK, "the filter is off: copied code is not kept back")
    # Both need numpy, which no command that does without waits for.
    from ai_lsp.licences.store import Store
    from ai_lsp.licences.table import newest_path

    path = path_for(root, folder or default_folder())
    if not path.is_file() or newest_path(path) is None:
        mend = "open the workspace in an editor, or run `ai-lsp licences build`"
        return Finding("licences", OK, "no index of installed code yet", mend)
    try:
        store = Store(path, replace=False)
        files, lines = store.counts()
        store.close()
    except sqlite3.Error as error:
        return Finding(
            "licences", WARNING, f"the index cannot be read: {error}", f"delete {path}; it is built anew"
        )
    return Finding("licences", OK, f"{files} files with {lines} lines that may not be copied are known")
