"""Suggestions from a provider: llama-server's `/infill` and `/completion`, or OpenAI's `/completions`."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from ai_lsp.engine.prompt import Extra, Surroundings
from ai_lsp.permissions.errand import Errand
from ai_lsp.providers import faults
from ai_lsp.providers.chat import Part
from ai_lsp.providers.kinds import kind_of
from ai_lsp.providers.outlet import Answer, Outlet
from ai_lsp.providers.replies import first_choice, objects
from ai_lsp.providers.settings import ProviderSettings
from ai_lsp.providers.tokens import Token, tokens_of
from ai_lsp.syntax.comments import comment

_ROLE = "autocomplete"
_CUT = ("limit", "length")
"""How servers call the end of a text that was not its own."""
_UNWILLING = (400, 422)
"""What servers say to parameters that they do not know."""
_UNABLE = (404, 405, 501)
"""What llama-server says to `/infill` when its model, or its age, cannot."""


@dataclass(frozen=True)
class Where:
    """Where a document lies on this machine."""

    file: str = ""
    root: str = ""
    """Its workspace folder."""

    def of(self, path: str) -> str:
        """Return the absolute path of a file that context comes from, by its name in the workspace."""
        return f"{self.root}/{path}" if self.root and not path.startswith("/") else path


@dataclass
class Ability:
    """What was found out about a server."""

    infill: bool = True
    probabilities: bool = True
    """Whether it takes a request that asks for probabilities."""


@dataclass(frozen=True)
class Completer:
    """Continues code at a provider."""

    provider: ProviderSettings
    model: str
    outlet: Outlet
    ability: Ability = field(default_factory=Ability, compare=False)

    @property
    def title(self) -> str:
        """The model and where it runs."""
        return f"{self.model} at {self.provider.name}" if self.model else self.provider.name

    async def stream(
        self, around: Surroundings, where: Where, max_tokens: int
    ) -> AsyncGenerator[Token | None, None]:
        """Yield what comes after the prefix, token by token; None where it was cut for its length.

        Context that may not go there is left out. Raises ProviderError, NotAllowed where the file itself may not.
        """
        own = Part("code", where.file)
        parts = {extra: _part(extra, around, where) for extra in around.extras}
        errand = Errand(_ROLE, self.model, tuple(parts.values()), where.root)
        allowed = await self.outlet.allowed(self.provider, errand) if parts else ()
        extras = [extra for extra in around.extras if parts[extra] in allowed]
        sent = (own, *dict.fromkeys(parts[extra] for extra in extras))
        errand = Errand(_ROLE, self.model, sent, where.root)
        path, body = self._request(around, extras, max_tokens)
        trims = path != "infill" and not self.provider.fim and around.prefix[-1:] in (" ", "\t")
        try:
            async with contextlib.aclosing(self._exchange(path, body, errand, trims=trims)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        except faults.Refused as error:
            if not self._asks_less(path, error.status):
                raise
        async with contextlib.aclosing(self.stream(around, where, max_tokens)) as pieces:
            async for piece in pieces:
                yield piece

    def _asks_less(self, path: str, status: int) -> bool:
        """Take note that a server refused what not every server takes; whether there is less to be asked for."""
        if path == "infill" and status in _UNABLE:
            self.ability.infill = False
            return True
        if status not in _UNWILLING:
            return False
        # Refused without them too, it was something else.
        self.ability.probabilities = not self.ability.probabilities
        return not self.ability.probabilities

    def _request(self, around: Surroundings, extras: list[Extra], max_tokens: int) -> tuple[str, dict[str, Any]]:
        """Return path and body."""
        if self.provider.kind == "llama-server":
            body: dict[str, Any] = {
                "n_predict": max_tokens,
                "temperature": 0.0,
                "stream": True,
                "cache_prompt": True,
            }
            if self.ability.probabilities:
                body["n_probs"] = 1
            if self.ability.infill:
                files = [{"filename": extra.path, "text": extra.text} for extra in extras]
                texts = {"input_prefix": around.prefix, "input_suffix": around.suffix, "prompt": ""}
                return "infill", {**body, **texts, "input_extra": files}
            return "completion", {**body, "prompt": _raw(around, extras)}
        body = {"max_tokens": max_tokens, "temperature": 0.0, "stream": True}
        if self.ability.probabilities:
            body["logprobs"] = 1
        if self.model:
            body["model"] = self.model
        return "completions", body | self._prompt(around, extras)

    def _prompt(self, around: Surroundings, extras: list[Extra]) -> dict[str, str]:
        fim = self.provider.fim
        if not fim:
            return {"prompt": _raw(around, extras)}
        if fim == "suffix":
            return {"prompt": _files(around, extras) + around.prefix, "suffix": around.suffix}
        # Not by str.format: the texts are code, full of braces.
        before, _, rest = fim.partition("{prefix}")
        laid_out = before.replace("{suffix}", around.suffix) + _files(around, extras) + around.prefix
        return {"prompt": laid_out + rest.replace("{suffix}", around.suffix)}

    async def _exchange(
        self, path: str, body: dict[str, Any], errand: Errand, *, trims: bool
    ) -> AsyncGenerator[Token | None, None]:
        """Yield the tokens of the answer; `trims` takes off the white space that the prompt's end was spared."""
        begun = not trims
        async with (
            self.outlet.post(self.provider, errand, path, body) as answer,
            contextlib.aclosing(self._texts(answer)) as texts,
        ):
            async for token in texts:
                if token is None:
                    yield None
                    continue
                answer.chars += len(token.text)
                text = token.text if begun else token.text.lstrip(" \t")
                begun = begun or bool(text)
                if text:
                    yield Token(text, token.logprob)

    async def _texts(self, answer: Answer) -> AsyncGenerator[Token | None, None]:
        async with contextlib.aclosing(objects(self.provider, answer)) as found:
            async for one in found:
                if self.provider.kind == "llama-server":
                    text, ending = one.get("content"), one.get("stop") and one.get("stop_type", "eos")
                    said = one.get("completion_probabilities")
                else:
                    choice = first_choice(self.provider, one, answer)
                    text, ending = choice.get("text"), choice.get("finish_reason")
                    said = choice.get("logprobs")
                answer.ended = answer.ended or bool(ending)
                if isinstance(text, str):
                    for token in tokens_of(text, said):
                        yield token
                elif answer.is_whole:
                    raise faults.malformed(self.provider, "no text")
                if ending in _CUT:
                    yield None


def _part(extra: Extra, around: Surroundings, where: Where) -> Part:
    own = extra.path == around.path
    return Part(kind_of(extra.source, own=own), where.file if own else where.of(extra.path))


def _files(around: Surroundings, extras: list[Extra]) -> str:
    """Return the context and the file's own path, as the local prompt has them."""
    shown = "".join(f"{comment(around.language, extra.path)}\n{extra.text}" for extra in extras)
    return f"{shown}{comment(around.language, around.path)}\n"


def _raw(around: Surroundings, extras: list[Extra]) -> str:
    """Return a prompt to go on from; white space at its end would keep the model from tokens that have some."""
    return _files(around, extras) + around.prefix.rstrip(" \t")
