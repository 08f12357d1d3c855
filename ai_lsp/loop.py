"""The interpreter set up for an event loop that must never wait."""

from __future__ import annotations

import asyncio
import gc
import sys

from ai_lsp import heap, timeslice

_THREADS = 6
"""For what reads files and computes beside the loop; what hangs, as on a dead drive, takes one for good."""
_YOUNGER = 50
"""Collections of what is younger, for each full one."""


def spare() -> None:
    """Keep the interpreter's own doings from holding up the event loop, whatever other threads do.

    Loading the model is Python in part. With the default switch interval of 5 ms the loop's callbacks were up to
    12 ms late meanwhile, with 1 ms up to 5. A full garbage collection takes 25 ms and more, nearly all of it on
    what was imported and will never go; between two pauses in typing there is next to none with the threshold
    at 50 younger ones instead of 10. The loop's thread, which calls this, keeps its core, and other threads make
    way for it.
    """
    timeslice.ask(timeslice.SHORT, alone=True)
    asyncio.get_running_loop().set_default_executor(timeslice.pool(_THREADS, "ai-lsp"))
    sys.setswitchinterval(0.001)
    gc.set_threshold(*gc.get_threshold()[:2], _YOUNGER)
    gc.freeze()
    heap.touch()


def settle() -> None:
    """Collect what came lately, and set aside what is left; for every pause in typing.

    A full collection takes 1 ms for 3,000 objects, and after an hour of typing there are 100,000: set aside in
    pauses they are no part of any. What has outlived two collections since the last pause is mostly no garbage,
    and looking through it took up to 13 ms: such garbage in cycles, and what was set aside, waits for `tidy`.
    """
    gc.collect(1)
    gc.freeze()


def tidy() -> None:
    """Collect all garbage, which takes 70 ms and more: only for when nobody is there."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
