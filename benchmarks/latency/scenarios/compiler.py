"""Both cores busy with a real C++ compiler, as during a build."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

_SOURCE = """
#include <algorithm>
#include <map>
#include <regex>
#include <string>
#include <vector>
template <int N> struct Sum { static std::map<std::string, std::vector<int>> of() {
  auto rest = Sum<N - 1>::of(); rest[std::to_string(N)].push_back(N); std::regex r("[a-z]+" + std::to_string(N));
  return rest; } };
template <> struct Sum<0> { static std::map<std::string, std::vector<int>> of() { return {}; } };
int main() { return Sum<300>::of().size(); }
"""
_LOOP = "while :; do g++ -std=c++17 -O2 -o /dev/null source.cpp; done"


@contextlib.contextmanager
def compiling() -> Iterator[None]:
    """Run one endless compiler a core while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "source.cpp").write_text(_SOURCE, "utf-8")
        loops = [
            subprocess.Popen(["sh", "-c", _LOOP], cwd=folder, start_new_session=True)
            for _ in range(os.cpu_count() or 1)
        ]
        try:
            yield
        finally:
            for loop in loops:
                os.killpg(loop.pid, 15)
                loop.wait()
