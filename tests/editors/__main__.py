"""`make test-editors`: Neovim in other versions than the wheel's, and what else is left out of `make test`.

Editors are fetched here. One that cannot be had is said so and is no failure; a test that fails is one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.editors.debian import FOLDER, Unavailable, unpack

_HERE = Path(__file__).parent
SLOW_TESTS = [_HERE / "test_lsp_mode.py", _HERE / "test_nvim_fresh.py"]
NEOVIM_TESTS = sorted({*_HERE.glob("test_nvim*.py")} - {*SLOW_TESTS})
NEOVIMS = {"0.12": "forky", "0.10": "trixie"}
"""Which suite of Debian has which version; forky's may have gone on since."""


def version(program: Path) -> str:
    """Return the version that a Neovim says it has."""
    said = subprocess.run([program, "nvim", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split("\n")[0].removeprefix("NVIM v")


def check(tests: list[Path], **environment: str) -> bool:
    """Run tests, and tell whether they passed."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", *map(str, tests)]
    return subprocess.run(command, env=os.environ | environment).returncode == 0


def main() -> int:
    """Test with each version that can be had; return how many failed."""
    failed = 0
    for wanted, suite in NEOVIMS.items():
        try:
            program = unpack(FOLDER / f"nvim-{suite}", suite, "neovim")
        except Unavailable as why:
            print(f"Neovim {wanted}: NOT TESTED, cannot be had: {why}", flush=True)
            continue
        found = version(program)
        note = "" if found.startswith(wanted) else f" (instead of {wanted})"
        print(f"Neovim {found}{note}, from Debian {suite}", flush=True)
        failed += not check(NEOVIM_TESTS, AI_LSP_NVIM=f"{program} nvim")
    print("Emacs with lsp-mode, and a fresh user of Neovim", flush=True)
    failed += not check(SLOW_TESTS, AI_LSP_ALL_EDITORS="1")
    return failed


sys.exit(main())
