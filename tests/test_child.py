import subprocess
import sys

import pytest

from ai_lsp import child

_IDLE = (sys.executable, "-c", "input()")
_PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}

_LEAVING = """
import asyncio, subprocess, sys
from ai_lsp import child

async def main():
    task = asyncio.ensure_future(child.start(*{command!r}, **{pipes!r}))
    for _ in range({steps}):
        await asyncio.sleep(0)
    return task

child.run(main())
"""


@pytest.mark.parametrize("steps", range(8))
def test_a_loop_ends_whatever_a_child_that_is_being_started_has_come_to(steps: int) -> None:
    script = _LEAVING.format(command=_IDLE, pipes=_PIPES, steps=steps)
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr


async def test_its_pipes_are_streams() -> None:
    echo = await child.start(sys.executable, "-c", "print(input())", **_PIPES)
    answer, _ = await echo.communicate(b"hello\n")
    assert answer.split() == [b"hello"]


async def test_none_is_started_at_the_end() -> None:
    await child.settled()
    with pytest.raises(OSError, match="the event loop ends"):
        await child.start(*_IDLE, **_PIPES)
