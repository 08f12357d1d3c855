"""VS Code is set up by installing its extension, which does the rest by itself."""

from __future__ import annotations

from pathlib import Path

EXTENSION = "ai-lsp.ai-lsp"
_CHECKOUT = Path(__file__).parents[2]


def packaged() -> Path | None:
    """Return the newest extension that `make vsix` has made in this checkout."""
    made = sorted((_CHECKOUT / "dist").glob("ai-lsp-*.vsix"), key=lambda path: path.stat().st_mtime)
    return made[-1] if made else None


def command(program: str, vsix: Path | None) -> list[str]:
    """Return what installs the extension, or without `vsix` what takes it out."""
    if vsix is None:
        return [program, "--uninstall-extension", EXTENSION]
    return [program, "--install-extension", str(vsix)]
