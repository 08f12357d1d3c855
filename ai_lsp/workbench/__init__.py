"""Actions over LSP: offered, run with progress and cancel, and their edits applied."""
