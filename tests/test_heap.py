from __future__ import annotations

import subprocess
import sys

import pytest

OPEN_A_LARGE_FILE = """
import json, resource
from ai_lsp import heap
if {touched}:
    heap.touch()
    import threading
    [thread.join() for thread in threading.enumerate() if thread.name == "ai-lsp heap"]
body = json.dumps({{"text": "x = 1\\n" * 300_000}}).encode()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
json.loads(body)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc's heap can be told to keep memory")
def test_a_large_message_needs_no_new_pages() -> None:
    def faults(touched: bool) -> int:
        code = OPEN_A_LARGE_FILE.format(touched=touched)
        return int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)

    assert faults(True) < 0.2 * faults(False)
