"""One editor with the probe as its server for each file of tests that does not make its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.editors.probed import Probed
from tests.editors.settings import isolated

collect_ignore = [] if "AI_LSP_ALL_EDITORS" in os.environ else ["test_lsp_mode.py", "test_nvim_fresh.py"]
"""What only `make test-editors` runs."""
if sys.platform == "win32":  # where there are no pseudo-terminals, and no Debian
    collect_ignore += [f"test_{name}.py" for name in ("helix", "emacs", "emacs_actions", "eglot_preview", "vim")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probed]:
    folder = tmp_path_factory.mktemp("probe")
    with isolated(folder):
        editor = Probed(folder)
    yield editor
    editor.close()


@pytest.fixture
def editor(running: Probed) -> Iterator[Probed]:
    yield running
    running.go.touch()
    running.reset()
    running.go.unlink()
