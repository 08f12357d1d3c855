"""ai-lsp: a language server that gives any editor AI suggestions from a model in its own process."""

__version__ = "0.1.0"
