"""The real process, and what becomes of it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ai_lsp.index.client import IndexBuilder
from ai_lsp.index.settings import Settings
from ai_lsp.index.status import Status
from tests.index.repository import Repository, noise, write

FAKE = Path(__file__).parent / "fake_builder.py"


class Watch:
    """Collects what is said, and waits for it."""

    def __init__(self) -> None:
        self.said: list[Status] = []
        self._came = asyncio.Event()

    def __call__(self, status: Status) -> None:
        self.said.append(status)
        self._came.set()

    async def until(self, wanted: Callable[[Status], bool]) -> Status:
        async with asyncio.timeout(200) if sys.version_info >= (3, 11) else _no_limit():
            seen = 0
            while True:
                for status in self.said[seen:]:
                    seen += 1
                    if wanted(status):
                        self.said = self.said[seen:]
                        return status
                self._came.clear()
                await self._came.wait()


@asynccontextmanager
async def _no_limit() -> AsyncIterator[None]:
    yield


def ready(status: Status) -> bool:
    return status.kind == "ready" and not status.message.startswith("another")


@asynccontextmanager
async def builder(repository: Repository, **options: object) -> AsyncIterator[tuple[IndexBuilder, Watch]]:
    watch = Watch()
    one = IndexBuilder(repository.root, repository.settings, watch, folder=repository.folder, **options)  # type: ignore[arg-type]
    one.start()
    try:
        yield one, watch
    finally:
        await one.stop()


async def test_the_whole_way(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "def first_words(): pass\n", ".env": "x\n", **noise(5)})
    async with builder(repository) as (one, watch):
        assert (await watch.until(ready)).files == 6
        assert repository.found("first_words") == [("a.py", 0)]
        assert [one.line for one in repository.index.definitions("first_words")] == [0]
        write(repository.root, {"a.py": "second_words\n", "b.py": "second_words\n"})
        one.update([repository.root / "a.py", repository.root / "b.py", tmp_path / "outside.py"])
        await watch.until(ready)
        assert repository.found("first_words", "second_words") == [("a.py", 0), ("b.py", 0)]
        write(repository.root, {"c.py": "third_words\n"})
        one.rescan()
        await watch.until(lambda status: ready(status) and status.files == 8)
    assert one.status == Status("off")


async def test_killed_in_the_middle_it_goes_on_where_it_was(tmp_path: Path) -> None:
    files = {f"p{n % 20}/m{n}.py": "".join(f"word_{n}_{k} = f(x{k})\n" for k in range(120)) for n in range(250)}
    repository = Repository(tmp_path, files)
    arguments = [str(repository.root), "--folder", str(repository.folder), "--settings", Settings().to_json()]
    process = subprocess.Popen(
        [sys.executable, "-m", "ai_lsp.index", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    while b'"done": 0,' in process.stdout.readline():
        pass
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    async with builder(repository) as (_, watch):
        assert (await watch.until(ready)).files == 250
    assert repository.found("word_249_119") == [("p9/m249.py", 112)]


async def test_two_processes_do_not_harm_each_other(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(60))
    async with builder(repository) as (one, watch), builder(repository) as (two, other):
        await asyncio.gather(watch.until(ready), other.until(ready))
        for number in range(5):
            write(repository.root, {"a.py": f"by_one_{number}\n", "b.py": f"by_two_{number}\n"})
            one.update([repository.root / "a.py", repository.root / "b.py"])
            two.update([repository.root / "b.py", repository.root / "a.py"])
            await asyncio.gather(watch.until(ready), other.until(ready))
        assert repository.found("by_one_4", "by_two_4") == [("a.py", 0), ("b.py", 0)]
        assert repository.found("by_one_3", "by_two_3") == []
    assert len(repository.files()) == 62


async def test_it_ends_when_its_server_does(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(2))
    arguments = [str(repository.root), "--folder", str(repository.folder)]
    process = subprocess.run(
        [sys.executable, "-m", "ai_lsp.index", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
    )
    assert (process.returncode, process.stderr) == (0, b"")


async def test_a_crash_is_said_and_the_process_started_again(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(2))
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with builder(repository, sleep=sleep) as (one, watch):
        await watch.until(ready)
        assert one._process is not None
        os.kill(one._process.pid, signal.SIGKILL)
        said = await watch.until(lambda status: "ended with -9" in status.message)
        assert said.kind == "building"
        await watch.until(ready)
    assert slept == [1.0]


async def test_it_is_given_up_after_some_crashes(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(1))
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with builder(repository, command=[sys.executable, str(FAKE), "crash"], sleep=sleep) as (one, watch):
        status = await watch.until(lambda status: status.kind == "failed")
        assert status.message == "the index is not kept: the builder ended with 3"
        one.update([repository.root / "a.py"])
    assert slept == [1.0, 5.0, 30.0]


async def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    async def sleep(seconds: float) -> None:
        pass

    async with builder(Repository(tmp_path, {}), command=[str(tmp_path / "nothing")], sleep=sleep) as (_, watch):
        assert "nothing" in (await watch.until(lambda status: status.kind == "failed")).message


async def test_requests_are_lines_of_json(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {})
    async with builder(repository, command=[sys.executable, str(FAKE), "ready"]) as (one, watch):
        await watch.until(ready)
        one.update([repository.root / os.fsdecode(b"caf\xe9")])
        said = await watch.until(ready)
        assert said.message == f'{{"update": ["{repository.root.resolve()}/caf\\udce9"]}}\n'


@pytest.mark.skipif(sys.platform == "win32", reason="priorities are set from outside there")
def test_what_the_process_imports(tmp_path: Path) -> None:
    code = (
        "import os, sys, ai_lsp.index.__main__ as m; m.priority.lower(); print(os.nice(0));"
        "print([name for name in ('llama_cpp', 'numpy', 'pygls', 'lsprotocol', 'httpx') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert said.stdout == "19\n[]\n"
