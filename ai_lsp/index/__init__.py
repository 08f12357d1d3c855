"""The repository's text and definitions in one SQLite file, kept up to date by a process of its own."""
