"""A person types 200 keys at 8 a second into a real file of a thousand lines; `make bench` says how fast."""

from __future__ import annotations

import argparse
import asyncio
import inspect
import itertools
import statistics
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.client import Reply
from tests.e2e.conftest import Start

KEYS = 200
GAP = 1 / 8
TYPED = '''
def parse_pairs(self, text, separator=","):
    """Return the pairs in text as a dictionary."""
    pairs = {}
    for part in text.split(separator):
        name, _, value = part.partition("=")
        if not name:
            raise ValueError("a pair needs a name")
        pairs[name.strip()] = value.strip()
    return pairs
'''


@pytest.mark.parametrize("cancels", [True, False], ids=["VS Code cancels", "Neovim does not"])
async def test_no_reply_is_missing(
    launch: Start, cancels: bool, record_property: Callable[[str, Any], None]
) -> None:
    client = await launch(env={"AI_LSP_COMPLETION_DEADLINE_MS": "450"})
    await client.ready()
    source = inspect.getsource(argparse)
    lines = source.splitlines(keepends=True)[:1000]
    cut = next(n for n in range(600, 1000) if lines[n].startswith(("def ", "class ")))
    document = client.open("".join(lines))
    cursor = len("".join(lines[:cut]))
    client.insert(document, "\n\n\n", cursor)
    pending: list[asyncio.Future[Reply]] = []
    next_key = asyncio.get_running_loop().time()
    for key in itertools.islice(itertools.cycle(TYPED), KEYS):
        client.insert(document, key, cursor)
        cursor += 1
        if cancels and pending and not pending[-1].done():
            client.cancel(pending[-1])
        pending.append(client.ask(document, cursor, kind=2))
        next_key += GAP
        await asyncio.sleep(max(0.0, next_key - asyncio.get_running_loop().time()))
    replies = await asyncio.wait_for(asyncio.gather(*pending), 30)
    times = sorted(reply.ms for reply in replies)
    shown = sum(1 for reply in replies if reply.code is None and reply.text)
    record_property("p50_p95_max_shown", (times[KEYS // 2], times[KEYS * 95 // 100], times[-1], shown))
    print(
        f"p50 {statistics.median(times):.0f} ms, max {times[-1]:.0f} ms, {shown} of {KEYS} keys got a suggestion"
    )
    assert client.unanswered == []
    assert (await client.why())["version"] == document.version
    assert shown > 0
