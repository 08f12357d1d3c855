"""Conversations with a model about code: the same for editors and the terminal."""
