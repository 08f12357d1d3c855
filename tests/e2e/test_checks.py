"""A linter orders what is offered by hand, in a real server with the real ruff."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.e2e.conftest import Start

HEAD = "import os\n\n\ndef size_of(path):\n    return os.path.getsize(path)\n"
SOURCE = HEAD + "\n\ndef total(paths):\n    return sum("
CHECKS = {
    "checks": [{"name": "ruff"}, {"name": "tsc", "command": ["no-such-program-as-this"]}],
    "checksMs": 30_000,
}


async def test_what_is_offered_by_hand_is_ordered_by_its_problems(launch: Start, tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    client = await launch(env={"PATH": path}, options={"filters": CHECKS})
    await client.ready()
    document = client.open(SOURCE, uri=(tmp_path / "a.py").as_uri())
    reply = await client.suggest(document, kind=1)
    texts = [item["insertText"] for item in reply.result["items"]]
    assert len(texts) > 1
    (checked,) = (await client.why(reply))["checks"]
    assert (checked["check"], checked["failure"], checked["before"]) == ("ruff", "", 1)
    assert checked["after"] == sorted(checked["after"])
    assert len(checked["after"]) == len(texts)
    status = await client.command("ai-lsp.status")
    assert (status["filters"]["check ruff"]["ran"], status["filters"]["check tsc"]["ran"]) == (1, 0)
    assert (await client.suggest(document, kind=2)).text
    assert (await client.why())["checks"] == []
    told = "check `tsc`: there is no program no-such-program-as-this on the PATH; install it, or write its place"
    await client.until(lambda: told in client.messages())
    assert client.messages().count(told) == 1
