"""What can be wrong on a machine, one small check each, and how to mend it."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from ai_lsp import config
from ai_lsp.models.store import InstalledModel, ModelError, resolve
from ai_lsp.options import Options

OK, WARNING, ERROR = "ok", "warning", "error"

_SAMPLE = '''def mean(values):
    """Return the mean of values."""
    return sum(values) / len(values)


def median(values):
    """Return the median of values."""
    ordered = sorted(values)
    middle = len(ordered) // 2
'''


@dataclass(frozen=True)
class Finding:
    """What one check found, and what to do about it where there is something to do."""

    name: str
    state: str
    """``ok``, ``warning`` or ``error``."""
    finding: str
    mend: str = ""


def findings(root: Path) -> Iterator[Finding]:
    """Run every check for a workspace at `root`; the last ones load the model and take seconds."""
    configuration = config.load(root)
    yield Finding("python", OK, f"Python {platform.python_version()}")
    yield library()
    yield processor()
    yield load()
    yield from configured(configuration)
    yield from model(configuration.options)
    yield from editors()


def library() -> Finding:
    """Check that llama-cpp-python is there and can be loaded."""
    try:
        from ai_lsp.engine.binding import llama

        llama()
        return Finding("llama-cpp-python", OK, f"version {metadata.version('llama-cpp-python')}")
    except Exception as error:
        mend = "install it again: pip install --force-reinstall --no-cache-dir llama-cpp-python"
        return Finding("llama-cpp-python", ERROR, f"cannot be loaded: {error}", mend)


def processor() -> Finding:
    """Compare what the CPU has with what the library was built for."""
    from ai_lsp.engine.binding import llama
    from ai_lsp.models.machine import cpu_name

    try:
        built = llama().llama_print_system_info().decode("utf-8", "replace")
    except Exception as error:
        return Finding("processor", ERROR, f"the library does not answer: {error}")
    used = sorted({part.split("=")[0].strip() for part in built.replace(":", "|").split("|") if "= 1" in part})
    finding = f"{cpu_name()}, {os.cpu_count()} cores; the library uses {', '.join(used) or 'no extensions'}"
    if "avx2" in _cpu_flags() and "AVX2" not in used:
        mend = (
            "this is a generic wheel: build it here with pip install --no-binary llama-cpp-python llama-cpp-python"
        )
        return Finding("processor", WARNING, f"{finding}, but the CPU has AVX2", mend)
    return Finding("processor", OK, finding)


def _cpu_flags() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return set()
    return next((set(line.split()) for line in lines if line.startswith(("flags", "Features"))), set())


def load() -> Finding:
    """Look whether other programs want the machine just now."""
    if not hasattr(os, "getloadavg"):
        return Finding("load", OK, "not known on this system")
    one_minute, cores = os.getloadavg()[0], os.cpu_count() or 1
    if one_minute > 0.75 * cores:
        finding = f"{one_minute:.1f} programs on {cores} cores: fewer threads are used while they run"
        return Finding("load", WARNING, finding, "speeds below are those of a busy machine")
    return Finding("load", OK, f"{one_minute:.1f} programs on {cores} cores")


def configured(configuration: config.Configuration) -> Iterator[Finding]:
    """Report what is wrong in the configuration's files and variables."""
    for problem in configuration.problems:
        yield Finding("configuration", ERROR, problem.message.removeprefix("ai-lsp: "), f"edit {problem.source}")
    if not configuration.problems:
        changed = sum(1 for origin in configuration.origins.values() if origin != "default")
        yield Finding("configuration", OK, f"{changed} options changed; see `ai-lsp config show`")


def model(options: Options) -> Iterator[Finding]:
    """Check that the model is installed and fast enough here."""
    try:
        found = resolve(options.model.name)
    except ModelError as error:
        mend = f"ai-lsp models pull {options.model.name}"
        yield Finding("model", ERROR, str(error).splitlines()[0], mend)
        return
    yield Finding("model", OK, f"{found.name}, {found.path.stat().st_size / 1e6:.0f} MB, {found.licence}")
    yield _optimised(found)
    yield from speed(options)


def _optimised(found: InstalledModel) -> Finding:
    from ai_lsp.models.machine import cpu_name, llama_version

    mend = f"ai-lsp models optimise {found.name}"
    if found.tuning is None:
        return Finding("optimised", WARNING, "never measured on this machine", mend)
    if not found.tuning.fits(cpu_name(), llama_version(), found.tuning.gpu_layers):
        return Finding("optimised", WARNING, "measured on another machine or library", mend)
    return Finding("optimised", OK, f"{found.tuning.quant}, {found.tuning.threads} threads")


def speed(options: Options) -> Iterator[Finding]:
    """Load the model and time a cold and a warm keystroke through the whole pipeline."""
    yield from asyncio.run(_speed(options))


async def _speed(options: Options) -> list[Finding]:
    from ai_lsp.completion.place import Place
    from ai_lsp.completion.request import Request
    from ai_lsp.session import Session

    started = time.perf_counter()
    async with Session(options) as session:
        loaded = time.perf_counter() - started
        info = session.host.state.info
        if info is None:
            return [Finding("loading", ERROR, session.host.state.message)]
        place = Place("file:///doctor.py", "doctor.py", "python", 1, _SAMPLE * 3 + "    retu", "\n")
        await session.pipeline.suggest(Request(place, manual=True, deadline_ms=60_000))
        warm = await session.pipeline.suggest(Request(replace(place, prefix=place.prefix + "x"), manual=True))
        deadline = options.completion.deadline_ms
        state = OK if not warm.late else WARNING
        mend = "" if state == OK else "choose a smaller model, or raise completion.deadline_ms"
        fim = "fills in the middle" if info.fim else "continues the text before the cursor only"
        hint = "" if info.fim else "ai-lsp models pull qwen2.5-coder-1.5b, and set model.name to it"
        return [
            Finding("loading", OK, f"{loaded:.1f} s"),
            Finding("ability", OK, f"it {fim}", hint),
            Finding(
                "speed", state, f"a warm key is answered in {warm.stages['total']:.0f} of {deadline} ms", mend
            ),
        ]


_EDITORS = {
    "nvim": "ghost text from version 0.12 on",
    "hx": "in the completion menu",
    "emacs": "ghost text with lsp-mode 10, else in the completion menu",
    "vim": "in the completion menu, with ALE",
    "code": "needs an extension that starts language servers",
}


def editors() -> Iterator[Finding]:
    """Name the editors found on the PATH and what they show."""
    there = [f"{name} ({shows})" for name, shows in _EDITORS.items() if shutil.which(name)]
    finding = "; ".join(there) or "none of nvim, hx, emacs, vim, code is on the PATH"
    yield Finding("editors", OK, finding, "how to set them up: docs/editors.md" if there else "")
    if not shutil.which("ai-lsp"):
        mend = f"add {Path(sys.executable).parent} to the PATH, or give the editor the full path"
        yield Finding("command", WARNING, "ai-lsp is not on the PATH, so editors cannot start it by name", mend)
