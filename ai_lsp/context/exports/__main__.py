"""`python -m ai_lsp.context.exports`: tells the names of modules; the server starts it, and it ends by itself.

Parsing holds the interpreter's lock for up to 15 ms a file, and leaves memory behind: hence another process.
Standard input is JSON, ``{"root": PATH, "asked": [[FILE, MODULE], …]}``; the output has a list of names or null
for each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ai_lsp.context.definitions.interpreter import environment_for
from ai_lsp.context.definitions.modules.importer import Importer
from ai_lsp.context.exports.reading import names_of
from ai_lsp.index import priority


def main() -> None:
    """Answer what was asked."""
    priority.lower()
    question = json.load(sys.stdin)
    root = Path(question["root"])
    folders = environment_for(root).folders
    answers = [names_of(module, Importer(Path(file), root, folders)) for file, module in question["asked"]]
    json.dump([None if names is None else sorted(names) for names in answers], sys.stdout)


if __name__ == "__main__":
    main()
