"""Setting an editor up: a block of text in its own configuration, shown first, backed up, and taken out again."""
