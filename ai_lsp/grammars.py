"""What the languages of the folders need, loaded before their first file is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from ai_lsp.syntax.parsing import prepare


class Grammars:
    """Loads a language's grammar and queries once; belongs to the event loop.

    To compile a query takes 3 ms for Python and up to 35 for C++, in which no other thread has the interpreter.
    Nobody minds in a pause, but in the middle of a key.
    """

    def __init__(self, load: Callable[[str], None] = prepare) -> None:
        """`load` is called in a thread, with an LSP language id."""
        self._load = load
        self._loaded: set[str] = set()
        self._expected: list[str] = []

    def opened(self, language: str) -> None:
        """Load what a language needs, unless it was loaded before. Returns at once."""
        if language not in self._loaded:
            self._loaded.add(language)
            asyncio.get_running_loop().run_in_executor(None, self._load, language)

    def expect(self, languages: Iterable[str]) -> None:
        """Take note of languages of which a file may be opened, the likeliest first."""
        self._expected.extend(languages)

    def rest(self) -> None:
        """Use a pause in typing for the likeliest language that is not loaded."""
        self._expected = [language for language in self._expected if language not in self._loaded]
        if self._expected:
            self.opened(self._expected[0])
