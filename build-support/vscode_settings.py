"""Writes the server's options into the package.json of the extension for VS Code: `make vscode-settings`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1] / "editors" / "vscode" / "package.json"


def updated(package: dict[str, Any], contribution: dict[str, Any]) -> dict[str, Any]:
    """Return package.json with the options as `ai-lsp config options --format vscode` has them.

    The first category of settings is the extension's own and stays.
    """
    own, *_ = package["contributes"]["configuration"]
    trust = package["capabilities"]["untrustedWorkspaces"] | {
        "restrictedConfigurations": contribution["restricted"]
    }
    return package | {
        "capabilities": package["capabilities"] | {"untrustedWorkspaces": trust},
        "contributes": package["contributes"] | {"configuration": [own, *contribution["configuration"]]},
    }


def main() -> None:
    """Rewrite the file."""
    command = [sys.executable, "-m", "ai_lsp", "config", "options", "--format", "vscode"]
    contribution = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    package = json.loads(PACKAGE.read_text("utf-8"))
    PACKAGE.write_text(json.dumps(updated(package, contribution), indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
