"""`python -m ai_lsp.index ROOT`: the process that builds an index; the server starts it.

It ends when its standard input does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ai_lsp.index import messages, priority, schema
from ai_lsp.index.inbox import Inbox
from ai_lsp.index.service import index_service
from ai_lsp.index.settings import Settings
from ai_lsp.index.status import Status
from ai_lsp.privacy.secrets import redact
from ai_lsp.syntax.outline import outline


def main() -> None:
    """Run the builder until nobody listens any more."""
    parser = argparse.ArgumentParser(prog="python -m ai_lsp.index")
    parser.add_argument("root", type=Path)
    parser.add_argument("--folder", type=Path, default=schema.default_folder())
    parser.add_argument("--settings", type=Settings.from_json, default=Settings())
    options = parser.parse_args()
    priority.lower()
    inbox = Inbox()
    inbox.listen(sys.stdin.fileno())
    path = schema.path_for(options.root, options.folder)
    service = index_service(options.root, path, options.settings, outline, redact, inbox, _send)
    try:
        service.run()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)


def _send(status: Status) -> None:
    os.write(sys.stdout.fileno(), messages.encode_status(status))


if __name__ == "__main__":
    main()
