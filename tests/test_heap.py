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


HEAPS_OF_A_SERVER = """
import asyncio, ctypes
from ai_lsp import features, loop

async def main():
    features.create()
    loop.spare()
    await asyncio.gather(*(asyncio.to_thread(lambda: len(bytearray(5_000))) for _ in range(20)))
    libc = ctypes.CDLL(None)
    libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
    libc.fflush(None)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no glibc")
def test_all_threads_of_a_server_have_one_heap() -> None:
    shown = subprocess.run([sys.executable, "-c", HEAPS_OF_A_SERVER], capture_output=True, text=True, check=True)
    assert shown.stdout.count("<heap nr=") == 1
