"""What Linux says of a thread's slice after it was asked for one."""

from __future__ import annotations

import ctypes
import platform
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from ai_lsp import syscall, timeslice

_SCHED_GETATTR = {"x86_64": 315, "aarch64": 275}


def keeps_slices() -> bool:
    """Whether this is a Linux that takes note of them, on a machine whose system calls are known."""
    if sys.platform != "linux" or platform.machine() not in _SCHED_GETATTR:
        return False
    return tuple(map(int, platform.release().split(".")[:2])) >= (6, 12)


needs_slices = pytest.mark.skipif(not keeps_slices(), reason="this is no Linux of 6.12 or newer")


def slice_ms() -> float:
    """Return the slice of the thread that calls."""
    found, number = timeslice._Attributes(), _SCHED_GETATTR[platform.machine()]
    size = ctypes.c_uint(ctypes.sizeof(found))
    assert not ctypes.CDLL(None).syscall(ctypes.c_long(number), 0, ctypes.byref(found), size, ctypes.c_uint(0))
    return float(found.runtime) / 1e6


def started_ms() -> float:
    """Return the slice of a thread that the one that calls starts."""
    with ThreadPoolExecutor(1) as child:
        return child.submit(slice_ms).result()


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    """A thread that may change its slice: the test's own must not."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


@needs_slices
def test_it_has_what_it_asked_for_and_so_have_those_that_it_starts(thread: ThreadPoolExecutor) -> None:
    assert thread.submit(timeslice.ask, 7.5).result()
    assert thread.submit(slice_ms).result() == 7.5
    assert thread.submit(started_ms).result() == 7.5
    assert thread.submit(timeslice.ask, 6.5, alone=True).result()
    assert thread.submit(slice_ms).result() == 6.5
    assert thread.submit(started_ms).result() not in (6.5, 7.5)


@needs_slices
def test_it_may_ask_again_and_is_still_alone(thread: ThreadPoolExecutor) -> None:
    assert thread.submit(timeslice.ask, 6.5, alone=True).result()
    assert thread.submit(timeslice.ask, 7.5).result()
    assert thread.submit(slice_ms).result() == 7.5
    assert thread.submit(started_ms).result() != 7.5


@needs_slices
def test_threads_of_a_pool_make_way_for_the_loop() -> None:
    with timeslice.pool(1, "some") as threads:
        assert threads.submit(slice_ms).result() == timeslice.MIDDLE


def test_nobody_waits_for_a_thread_of_a_pool_to_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    with timeslice.pool(3, "some") as threads:
        monkeypatch.setattr(threading.Thread, "start", lambda _self: pytest.fail("a thread was started"))
        together = threading.Barrier(3)
        tasks = [threads.submit(together.wait, 10) for _ in range(3)]
        assert sorted(task.result() for task in tasks) == [0, 1, 2]


@needs_slices
@pytest.mark.parametrize(("answer", "noted"), [(0, True), (-1, False)])
def test_what_linux_refuses_is_told(answer: int, noted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    libc = SimpleNamespace(syscall=lambda *_arguments: answer)
    monkeypatch.setattr(syscall.ctypes, "CDLL", lambda _name: libc)
    assert timeslice.ask(7.5) is noted


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_nothing_is_done(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeslice.sys, "platform", system)
    assert not timeslice.ask(timeslice.SHORT)


def test_nor_on_a_machine_whose_system_calls_are_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscall.platform, "machine", lambda: "riscv64")
    assert not timeslice.ask(timeslice.SHORT)
