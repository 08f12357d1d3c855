"""What the real server keeps back, because it is hardly right, and what it says about that."""

from __future__ import annotations

import re

from tests.e2e.client import Json
from tests.e2e.conftest import Start

DOUBTFUL = "from colours import Palette\n\n\ndef blend(first, second):\n    shade = "
"""Nothing tells what comes next."""
PLAIN = "import os\n\n\ndef size_of(path):\n    return os.path.getsi"
CALM: Json = {"completion": {"aggressiveness": "calm"}, "filters": {"off": ["names"]}}


async def test_what_is_doubtful_is_kept_back_and_shown_by_hand(launch: Start) -> None:
    client = await launch(options=CALM)
    await client.ready()
    document = client.open(DOUBTFUL)
    assert (await client.suggest(document, kind=2)).text is None
    trace = await client.why()
    found = re.fullmatch(r"gate: right with a probability of (0\.\d\d), below (0\.\d\d)", trace["reason"])
    assert found is not None and float(found[1]) < float(found[2])
    assert trace["right_probability"] < float(found[2])
    assert trace["decisions"][-1]["filter"] == "gate"
    reply = await client.suggest(document, kind=1)
    assert reply.text is not None
    assert (await client.why(reply))["right_probability"] == trace["right_probability"]
    tally = (await client.command("ai-lsp.status"))["filters"]["gate"]
    assert (tally["ran"], tally["vetoed"], tally["failed"]) == (2, 1, 0)


async def test_what_the_model_is_sure_of_is_shown(launch: Start) -> None:
    client = await launch(options=CALM)
    await client.ready()
    document = client.open(PLAIN)
    reply = await client.suggest(document, kind=2)
    assert reply.text is not None and reply.text.startswith("ze(path)")


async def test_switched_off_it_says_nothing(launch: Start) -> None:
    client = await launch(options={**CALM, "filters": {"off": ["names", "gate"]}})
    await client.ready()
    document = client.open(DOUBTFUL)
    assert (await client.suggest(document, kind=2)).text is not None
    assert (await client.why())["right_probability"] is None
