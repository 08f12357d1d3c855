"""Programs from other suites of Debian, unpacked into a folder; nothing is installed.

The machine's own list of sources is read for the mirror, and apt works in a folder of its own. A program runs with
the unpacked loader and libraries, what it starts with the machine's own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

_SOURCES = [Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")]
_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
_RUN = """#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root/usr
for place in "$root"/share/nvim/runtime "$root"/share/vim/vim[0-9]*; do
  [ -d "$place" ] && export VIMRUNTIME="$place"
done
[ -d "$root/lib/hx/runtime" ] && export HELIX_RUNTIME="$root/lib/hx/runtime"
program=$1
shift
for place in "$root"/share/emacs/[0-9]*; do
  [ "$program" = emacs-nox ] || break
  for programs in "$root"/libexec/emacs/*/*; do export EMACSPATH="$programs"; done
  export EMACSLOADPATH="$place/lisp" EMACSDATA="$place/etc" EMACSDOC="$place/etc"
  set -- --dump-file "$EMACSPATH"/emacs*.pdmp "$@"
done
exec "$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/lib/x86_64-linux-gnu" "$root/bin/$program" "$@"
"""
"""What an unpacked program needs to find its own files; Emacs also its image, which it looks for in /usr."""


FOLDER = Path(sys.prefix) / "editors"
"""Where editors are kept, beside everything else that the tests have installed."""
EDITORS = {
    "helix": ("trixie", ("hx",), "hx"),
    "emacs": ("trixie", ("emacs-nox",), "emacs-nox"),
    "vim": ("forky", ("vim", "vim-ale"), "vim.basic"),
    "lsp-mode": ("forky", ("elpa-lsp-mode",), ""),
}
"""Suite, packages and program; forky goes on, so its versions do too."""


class Unavailable(Exception):
    """The package cannot be had here; the message says why."""


def unpack(folder: Path, suite: str, *packages: str) -> Path:
    """Return a script that runs programs of `packages` and all they depend on. Raises `Unavailable`.

    What is in `folder` already is used again.
    """
    run = folder / "run"
    if not run.exists():
        shutil.rmtree(folder, ignore_errors=True)
        work = folder / "apt"
        for name in ("lists/partial", "archives/partial", "state"):
            (work / name).mkdir(parents=True)
        (work / "status").touch()
        (work / "sources.list").write_text(f"deb [signed-by={_KEYS}] {_mirror()} {suite} main\n")
        apt = [shutil.which("apt-get") or "apt-get", "-qq", *_options(work)]
        _do([*apt, "update"])
        _do([*apt, "install", "--no-install-recommends", "--download-only", "-y", *packages])
        for archive in sorted((work / "archives").glob("*.deb")):
            _do(["dpkg", "-x", str(archive), str(folder / "root")])
        shutil.rmtree(work)
        run.write_text(_RUN)
        run.chmod(0o755)
    return run


def program(name: str) -> list[str]:
    """Return the command line of an editor of `EDITORS`. Raises `Unavailable`."""
    suite, packages, binary = EDITORS[name]
    return [str(unpack(FOLDER / f"{name}-{suite}", suite, *packages)), binary]


def _mirror() -> str:
    for path in _SOURCES:
        found = re.search(r"^(?:URIs:|deb(?: \[.*\])?)\s+(\S+)", path.read_text(), re.M) if path.exists() else None
        if found:
            return found[1]
    raise Unavailable("this is not Debian: neither of its lists of sources is there")


def _options(work: Path) -> list[str]:
    settings = {
        "Dir::State": work / "state",
        "Dir::State::status": work / "status",
        "Dir::State::lists": work / "lists",
        "Dir::Cache": work,
        "Dir::Cache::archives": work / "archives",
        "Dir::Etc::sourcelist": work / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "APT::Sandbox::User": "root",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _do(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from error
    if done.returncode != 0:
        raise Unavailable(f"{Path(command[0]).name}: {done.stderr.strip()[-300:]}")
