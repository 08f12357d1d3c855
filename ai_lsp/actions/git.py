"""What git knows of a repository's staged changes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ai_lsp.actions.action import Refused

_SECONDS = 10.0
_MOST_BYTES = 400_000
_LATEST = 8


def staged_diff(root: Path) -> str:
    """Return the staged changes as a diff with little context. Raises Refused where there are none."""
    text = _git(root, "diff", "--staged", "--no-color", "--no-ext-diff", "--unified=2", "--no-textconv")
    if not text.strip():
        raise Refused(f"nothing is staged in {root}: stage what is to be committed with `git add`")
    return text


def working_diff(root: Path) -> str:
    """Return all changes since the latest commit; empty where there are none."""
    return _git(root, "diff", "HEAD", "--no-color", "--no-ext-diff", "--unified=2", "--no-textconv")


def staged_files(root: Path) -> list[str]:
    """Return the absolute paths of the files with staged changes."""
    top = _git(root, "rev-parse", "--show-toplevel").strip()
    names = _git(root, "diff", "--staged", "--name-only", "-z").split("\0")
    return [str(Path(top) / name) for name in names if name]


def latest_subjects(root: Path) -> str:
    """Return the subjects of the latest commits, one a line; empty where there is none."""
    try:
        return _git(root, "log", f"--max-count={_LATEST}", "--no-merges", "--format=%s").strip()
    except Refused:
        return ""


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=root,
            capture_output=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(f"git does not answer in {root}: {error}") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise Refused(f"git {arguments[0]} fails in {root}: {reason}")
    return done.stdout[:_MOST_BYTES].decode("utf-8", "replace")
