"""Checks of Python, llama-cpp-python, the processor, the GPU and the load."""

from __future__ import annotations

import platform
import re
import sys
import time
from pathlib import Path

from ai_lsp.doctor.finding import ERROR, OK, WARNING, Finding
from ai_lsp.engine.load import OthersLoad
from ai_lsp.models.machine import cpu_name, llama_version, usable_cores

_BUSY_SHARE = 0.25
"""Share of the cores that other programs may use before the speeds found here stop being the machine's own."""
_LOOK_SECONDS = 0.3
_EXTENSIONS = {"avx2": "AVX2", "avx512f": "AVX512", "asimd": "NEON"}
"""What the kernel calls an extension, and what llama.cpp calls it."""
_NEEDED = {"AVX2", "NEON"}
"""Extensions without which a build is several times slower than one for this CPU."""


def python() -> Finding:
    """Name the Python that runs this."""
    return Finding("python", OK, f"Python {platform.python_version()}, {sys.executable}")


def library() -> Finding:
    """Check that llama-cpp-python is there and can be loaded."""
    from ai_lsp.engine.binding import llama

    try:
        llama()
    except Exception as error:
        mend = "pip install --force-reinstall --no-cache-dir llama-cpp-python"
        return Finding("llama-cpp-python", ERROR, f"cannot be loaded: {error}", mend)
    return Finding("llama-cpp-python", OK, f"version {llama_version()}")


def built_for() -> str:
    """Return llama.cpp's own account of the extensions that it uses, such as ``CPU : AVX2 = 1 | F16C = 1``."""
    from ai_lsp.engine.binding import llama

    account: bytes = llama().llama_print_system_info()
    return account.decode("utf-8", "replace")


def cpu_flags() -> set[str]:
    """Return the kernel's names for what the CPU can do; empty where it does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return set()
    return next((set(line.split()) for line in lines if line.startswith(("flags", "Features"))), set())


def processor(built: str, flags: set[str]) -> Finding:
    """Compare what the CPU has, as in `cpu_flags`, with what the library was built for, as in `built_for`."""
    used = sorted(set(re.findall(r"(\w+) = 1", built)))
    finding = f"{cpu_name()}; the library uses {', '.join(used) or 'no extensions'}"
    unused = [name for flag, name in _EXTENSIONS.items() if flag in flags and name not in used]
    if not unused:
        return Finding("processor", OK, finding)
    finding += f"; not {', '.join(unused)}, which the CPU has"
    build = "pip install --force-reinstall --no-deps --no-cache-dir --no-binary llama-cpp-python"
    build += f" llama-cpp-python=={llama_version()}"
    if _NEEDED.isdisjoint(unused):
        return Finding("processor", OK, finding, f"a build for this CPU may be faster: {build}")
    return Finding("processor", WARNING, finding, f"this is a generic wheel; compile one for this CPU: {build}")


def offloads() -> bool:
    """Return whether the library was built for a GPU."""
    from ai_lsp.engine.binding import llama

    return bool(llama().llama_supports_gpu_offload())


def gpu(able: bool, layers: int) -> Finding:
    """Compare whether the library is `able` to use a GPU with how many `layers` it is asked to put there."""
    if able:
        hint = "" if layers else "model.gpu_layers = -1 puts the whole model there"
        return Finding("gpu", OK, f"the build can use one; model.gpu_layers is {layers}", hint)
    if layers:
        mend = "set model.gpu_layers to 0, or install llama-cpp-python built with CUDA, Metal or Vulkan"
        return Finding("gpu", WARNING, "model.gpu_layers is set, but this build runs on the CPU only", mend)
    return Finding("gpu", OK, "this build runs on the CPU only")


def busy_cores() -> tuple[float | None, int]:
    """Watch the machine for a moment; return the cores that others use, None if not known, and those there are."""
    others = OthersLoad()
    time.sleep(_LOOK_SECONDS)
    return others.cores(), usable_cores()


def load(busy: float | None, cores: int) -> Finding:
    """Judge whether other programs want the machine: they use `busy` of its `cores`."""
    if busy is None:
        return Finding("load", OK, f"{cores} cores; how busy they are is not known on this system")
    finding = f"other programs use {busy:.1f} of {cores} cores"
    if busy > _BUSY_SHARE * cores:
        mend = "none needed: fewer threads are used meanwhile; the speeds found now are those of a busy machine"
        return Finding("load", WARNING, finding, mend)
    return Finding("load", OK, finding)
