"""Lets ``python -m ai_lsp.cli`` do what ``ai-lsp`` does."""

from ai_lsp.cli import main

main(prog_name="ai-lsp")
