"""A copy of a project in which one file is another: all else are links to what is there."""

from __future__ import annotations

from pathlib import Path


def mirror(root: Path, file: Path, text: str, into: Path) -> Path:
    """Make the empty folder `into` look like `root` with `text` in the place of `file`; return that file's path.

    Only the folders on the way to the file are real ones: who writes into others writes into the project. Raises
    OSError where links cannot be made, as by most people on Windows.
    """
    steps = file.relative_to(root).parts
    source, target = root, into
    for step in steps:
        for entry in source.iterdir():
            if entry.name != step:
                (target / entry.name).symlink_to(entry)
        source, target = source / step, target / step
        if source != file:
            target.mkdir()
    target.write_text(text, "utf-8", "replace", newline="")
    return target
