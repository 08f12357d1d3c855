"""A chat model that answers what a test tells it to, under the real code; and a server with one in its place.

``python -m tests.scripted`` serves on standard input and output. Its answers are in the file that the variable
`SCRIPT` names: a JSON list of texts, one for each wish in turn, the last one again and again. ``"<slow>"`` is
where the model stops until the file ``SCRIPT.go`` is there, and ``"<error> TEXT"`` is an answer that fails. What
it was asked is written to ``SCRIPT.asked``, a wish a line. Suggestions have no model unless `ENGINE` is set.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from pathlib import Path

from ai_lsp.providers.chat import ChatModel, Part, ProviderError, Wish


class ScriptedModel:
    """Answers from a list, and remembers what it was asked."""

    def __init__(self, answers: Sequence[str], *, title: str = "scripted", context_tokens: int = 8000) -> None:
        self.answers = list(answers)
        self.wishes: list[Wish] = []
        self.closed = 0
        self.keeps: frozenset[str] = frozenset()
        """Kinds of data that it may not get."""
        self._title, self._context_tokens = title, context_tokens

    @property
    def title(self) -> str:
        return self._title

    @property
    def context_tokens(self) -> int:
        return self._context_tokens

    @property
    def context_chars(self) -> int:
        return 3000

    @property
    def most_around(self) -> None:
        return None

    async def allowed(self, parts: Sequence[Part], repository: str) -> frozenset[Part]:
        return frozenset(part for part in parts if part.kind not in self.keeps)

    async def wait(self) -> None:
        """Wait for the word to go on."""

    async def stream(self, wish: Wish) -> AsyncGenerator[str, None]:
        answer = self.answers[min(len(self.wishes), len(self.answers) - 1)]
        self.wishes.append(wish)
        if answer.startswith("<error> "):
            raise ProviderError(answer.removeprefix("<error> "))
        try:
            for number, part in enumerate(answer.split("<slow>")):
                if number:
                    await self.wait()
                for start in range(0, len(part), 7):
                    yield part[start : start + 7]
        finally:
            self.closed += 1

    def ranker(self, *, language: str = "", path: str = "") -> None:
        """Put nothing in order."""

    def model(self, role: str, *, language: str = "", path: str = "") -> ChatModel:
        """Be the model for every role."""
        return self


class FileModel(ScriptedModel):
    """Takes its answers from a file, so that a test can change them, and writes down what it is asked."""

    def __init__(self, script: Path) -> None:
        super().__init__([""])
        self._script = script

    async def wait(self) -> None:
        while not self._script.with_suffix(".go").exists():
            await asyncio.sleep(0.01)

    async def stream(self, wish: Wish) -> AsyncGenerator[str, None]:
        self.answers = json.loads(self._script.read_text("utf-8"))
        self._note(wish)
        async for piece in super().stream(wish):
            yield piece

    def _note(self, wish: Wish) -> None:
        with self._script.with_suffix(".asked").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(wish)) + "\n")


def main() -> None:
    from ai_lsp import features, stdio

    server = features.create()
    server.workbench.models = FileModel(Path(os.environ["SCRIPT"]))
    if "ENGINE" not in os.environ:  # nobody asks for a suggestion
        server.host.use = lambda _options: None  # type: ignore[method-assign]
    stdio.serve(server, os.dup(1))


if __name__ == "__main__":
    main()
