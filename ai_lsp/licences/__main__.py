"""`python -m ai_lsp.licences ROOT`: the process that builds a licence index; the server starts it.

It ends when all is done, or when its standard input does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ai_lsp.index import messages, priority
from ai_lsp.index.inbox import Inbox
from ai_lsp.index.status import Status
from ai_lsp.licences.service import licence_service
from ai_lsp.licences.settings import Settings


def main() -> None:
    """Build the index of one root."""
    parser = argparse.ArgumentParser(prog="python -m ai_lsp.licences")
    parser.add_argument("root", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--settings", type=Settings.from_json, default=Settings())
    options = parser.parse_args()
    priority.lower()
    inbox = Inbox()
    inbox.listen(sys.stdin.fileno())
    try:
        licence_service(options.root, options.folder, options.settings, inbox, _send).run()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)


def _send(status: Status) -> None:
    os.write(sys.stdout.fileno(), messages.encode_status(status))


if __name__ == "__main__":
    main()
