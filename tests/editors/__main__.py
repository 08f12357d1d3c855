"""`make test-editors`: the tests of Neovim with other versions than the wheel's, which are fetched here.

`python -m tests.editors FOLDER` keeps them in FOLDER. A version that cannot be had is said so and is no failure; a
test that fails is one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.editors.debian import Unavailable, unpack

TESTS = [str(path) for path in sorted(Path(__file__).parent.glob("test_nvim*.py"))]
NEOVIMS = {"0.12": "forky", "0.10": "trixie"}
"""Which suite of Debian has which version; forky's may have gone on since."""


def version(program: Path) -> str:
    """Return the version that a Neovim says it has."""
    said = subprocess.run([program, "nvim", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split("\n")[0].removeprefix("NVIM v")


def run(folder: Path) -> int:
    """Test with each version that can be had; return how many failed."""
    failed = 0
    for wanted, suite in NEOVIMS.items():
        try:
            program = unpack(folder / f"nvim-{suite}", suite, "neovim")
        except Unavailable as why:
            print(f"Neovim {wanted}: NOT TESTED, cannot be had: {why}", flush=True)
            continue
        found = version(program)
        note = "" if found.startswith(wanted) else f" (instead of {wanted})"
        print(f"Neovim {found}{note}, from Debian {suite}", flush=True)
        environment = os.environ | {"AI_LSP_NVIM": f"{program} nvim"}
        failed += subprocess.run([sys.executable, "-m", "pytest", "-q", *TESTS], env=environment).returncode != 0
    return failed


sys.exit(run(Path(sys.argv[1]).resolve()))
