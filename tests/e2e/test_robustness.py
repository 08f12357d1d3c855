"""What goes wrong on real machines: each gives a clear message, and the next request works."""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path

import pytest

from ai_lsp.models.store import resolve
from tests.e2e.client import SECONDS, Client, Reply
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE


async def says(launch: Start, path: Path, message: str) -> None:
    """Check that a server with `path` as its model stays up, says what is wrong and answers with nothing."""
    client = await launch(options={"model": {"name": str(path)}})
    await client.until(lambda: message in client.messages())
    assert (await client.suggest(client.open(SOURCE + "ret"))).result is None
    status = await client.command("ai-lsp.status")
    assert status["engine"] == "failed"
    assert message in status["message"]
    assert client.statuses[-1]["params"]["kind"] == "Error"


class TestModelFiles:
    async def test_missing(self, launch: Start, tmp_path: Path) -> None:
        await says(launch, tmp_path / "none.gguf", "cannot read the model file")

    async def test_empty(self, launch: Start, tmp_path: Path) -> None:
        (tmp_path / "m.gguf").touch()
        await says(launch, tmp_path / "m.gguf", "is not a GGUF file")

    async def test_a_text_file(self, launch: Start, tmp_path: Path) -> None:
        (tmp_path / "m.gguf").write_text("<html>please log in</html>")
        await says(launch, tmp_path / "m.gguf", "is not a GGUF file")

    async def test_truncated(self, launch: Start, tmp_path: Path, default_model: Path) -> None:
        data = default_model.read_bytes()
        (tmp_path / "m.gguf").write_bytes(data[: len(data) // 2])
        await says(launch, tmp_path / "m.gguf", "cannot load")

    async def test_an_unknown_architecture(self, launch: Start, tmp_path: Path, default_model: Path) -> None:
        data = default_model.read_bytes()
        at = data.index(b"llama", data.index(b"general.architecture"))
        (tmp_path / "m.gguf").write_bytes(data[:at] + b"lamma" + data[at + 5 :])
        await says(launch, tmp_path / "m.gguf", "unknown model architecture")

    async def test_not_installed(self, launch: Start, tmp_path: Path) -> None:
        client = await launch(env={"AI_LSP_MODELS_DIR": str(tmp_path)})
        await client.until(lambda: "ai-lsp models pull smollm2-135m" in client.messages())

    async def test_it_comes_later(self, launch: Start, tmp_path: Path) -> None:
        path = tmp_path / "m.gguf"
        client = await launch(options={"model": {"name": str(path)}})
        await client.until(lambda: "cannot read" in client.messages())
        shutil.copy(resolve("smollm2-135m").original, path)
        document = client.open(SOURCE + "ret")

        async def ask_until_it_is_there() -> Reply:
            while not (reply := await client.suggest(document)).result:
                await asyncio.sleep(0.1)  # the server looks for the file every few seconds
            return reply

        assert (await asyncio.wait_for(ask_until_it_is_there(), SECONDS)).text

    @pytest.mark.parametrize("tokens", [256, 100_000])
    async def test_a_context_smaller_or_larger_than_the_models(self, launch: Start, tokens: int) -> None:
        client = await launch(options={"model": {"contextTokens": tokens, "sequences": 1}})
        await client.ready()
        reply = await client.suggest(client.open(SOURCE * 5 + "ret"))
        assert reply.text is not None and reply.text.startswith("urn")


class TestDocuments:
    async def test_five_megabytes_in_one_line(self, client: Client) -> None:
        document = client.open("x = [" + "1234567, " * 600_000, language="python")
        assert (await client.suggest(document, kind=2)).result is None
        assert "larger than" in (await client.why())["reason"]
        assert (await client.suggest(document, kind=1)).code is None
        client.insert(document, "8")
        assert (await client.suggest(document, kind=1)).code is None

    async def test_binary(self, client: Client) -> None:
        noise = random.Random(1).randbytes(20_000).decode("latin-1")
        document = client.open(noise + "\x00" * 100)
        for offset in (0, 5000, 20_000):
            assert (await client.suggest(document, offset)).code is None

    @pytest.mark.parametrize(
        "text",
        [
            SOURCE.replace("\n", "\r\n") + "ret",
            SOURCE.replace("    ", "\t") + "ret",
            SOURCE.rstrip() + "\n    name = 'e\u0301t\u0301' + '👩‍👩‍👧'\n    ret",
            "\ufeff" + SOURCE + "ret",
        ],
        ids=["CRLF", "tabs", "combining characters and emoji", "a byte order mark"],
    )
    async def test_odd_but_fine(self, client: Client, text: str) -> None:
        reply = await client.suggest(client.open(text))
        assert reply.text is not None and reply.text.startswith("urn")

    @pytest.mark.parametrize("text", ["", "\n", "\x00", "\U0001f642"])
    async def test_nearly_nothing(self, client: Client, text: str) -> None:
        assert (await client.suggest(client.open(text))).code is None

    async def test_a_change_to_what_is_not_open(self, client: Client) -> None:
        identifier = {"uri": "file:///never.py", "version": 3}
        client.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": [{"text": "x"}]})
        client.notify("textDocument/didClose", {"textDocument": {"uri": "file:///never.py"}})
        assert (await client.suggest(client.open(SOURCE + "ret"))).text
