"""Models for edit and chat, wherever they run."""
