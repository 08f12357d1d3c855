"""The `ai-lsp` command."""

from __future__ import annotations

import click

from ai_lsp import __version__
from ai_lsp.cli.audit import audit
from ai_lsp.cli.chat import chat
from ai_lsp.cli.commit import commit_message
from ai_lsp.cli.complete import complete
from ai_lsp.cli.config import config
from ai_lsp.cli.doctor import doctor
from ai_lsp.cli.filters import filters
from ai_lsp.cli.index import index
from ai_lsp.cli.licences import licences
from ai_lsp.cli.models import models
from ai_lsp.cli.serve import serve
from ai_lsp.cli.setup import setup


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ai-lsp")
def main() -> None:
    """AI suggestions in any editor, from a model in this process."""


for command in (
    serve,
    complete,
    chat,
    commit_message,
    models,
    index,
    config,
    doctor,
    setup,
    filters,
    licences,
    audit,
):
    main.add_command(command)
