"""The one way out of this process for what a model is asked.

Whatever is sent passes here: what permissions do not allow is refused, secrets are replaced in every text of the
body, and what is sent is in the audit log before its first byte leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from ai_lsp.options import Options
from ai_lsp.options.models import AuditOptions
from ai_lsp.permissions.audit import AuditError, AuditLog, Entry, Outcome
from ai_lsp.permissions.errand import Errand
from ai_lsp.permissions.gate import Gate
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers import faults
from ai_lsp.providers.chat import NotAllowed, Part, ProviderError
from ai_lsp.providers.keys import key_of
from ai_lsp.providers.line import Line
from ai_lsp.providers.settings import ProviderSettings

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

T = TypeVar("T")

_MOST_BYTES = 8_000_000
"""Bytes of an answer above which nobody wants the rest."""
_ERROR_BYTES = 20_000


@dataclass
class Answer:
    """What comes back."""

    content_type: str
    chunks: AsyncGenerator[bytes, None]
    """Raises ProviderError when it breaks off, is too slow or too long."""
    chars: int = 0
    """How many characters of text whoever reads it found in it."""
    tokens_sent: int | None = None
    tokens_received: int | None = None
    ended: bool = False
    """Whether the last of its text has come."""
    started: float = field(default_factory=time.monotonic)

    @property
    def is_whole(self) -> bool:
        """Whether it is one object and no stream."""
        return "event-stream" not in self.content_type

    def outcome(self, words: str) -> Outcome:
        """Return what the audit log says of its end."""
        ms = (time.monotonic() - self.started) * 1000
        return Outcome(words, self.chars, self.tokens_sent, self.tokens_received, ms)


class Outlet:
    """Sends requests to providers. Belongs to the event loop, which it never holds up."""

    def __init__(self, gate: Gate, audit: AuditLog) -> None:
        self._gate = gate
        self._audit = audit
        self._options = AuditOptions()
        self._lines: dict[ProviderSettings, asyncio.Task[Line]] = {}
        self._retiring: set[asyncio.Task[None]] = set()

    def use(self, options: Options, providers: Mapping[str, ProviderSettings]) -> None:
        """Take up new options; what is under way to a provider that is gone goes on."""
        self._options = options.audit
        self._gate.use(options)
        for provider in [one for one in self._lines if providers.get(one.name) != one]:
            task = asyncio.create_task(self._retire(self._lines.pop(provider)))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    def prepare(self, provider: ProviderSettings) -> None:
        """Have ready what connecting needs, before somebody waits for it."""
        if provider not in self._lines:
            task = self._lines[provider] = asyncio.create_task(asyncio.to_thread(Line, provider))
            task.add_done_callback(lambda task: task.cancelled() or task.exception())  # whoever sends is told

    async def close(self) -> None:
        """Close all connections that nothing goes over, and the others when it is over."""
        lines = [self._lines.pop(provider) for provider in list(self._lines)]
        await asyncio.gather(*map(self._retire, lines), *self._retiring)

    async def allowed(self, provider: ProviderSettings, errand: Errand) -> tuple[Part, ...]:
        """Return the parts of an errand that may go there, as far as the table and the files' own rules say."""
        return await self._gate.sifted(provider, errand)

    @contextlib.asynccontextmanager
    async def post(
        self, provider: ProviderSettings, errand: Errand, path: str, body: Mapping[str, Any]
    ) -> AsyncGenerator[Answer, None]:
        """Send `body` as JSON to `path` below the provider's URL; the answer is closed on exit, at once.

        Raises ProviderError, within `total_seconds` of the provider; NotAllowed when it was not sent.
        """
        text = await asyncio.to_thread(_clean, body)
        entry = self._entry(provider, errand, text)
        try:
            await self._gate.check(provider, errand)
            key = await asyncio.to_thread(key_of, provider)
        except ProviderError as error:
            kind = "refused" if isinstance(error, NotAllowed) else "not sent"
            await self._note_refusal(entry, f"{kind}: {error}")
            raise
        number = await self._noted(entry)
        answer = Answer("", _nothing())
        words = "answered"
        try:
            async with self._exchange(provider, path, text, key, answer):
                yield answer
        except (GeneratorExit, asyncio.CancelledError):
            words = "cancelled"
            raise
        except Exception as error:
            words = str(error)
            raise
        finally:
            await self._end(number, answer.outcome(words))

    @contextlib.asynccontextmanager
    async def _exchange(
        self, provider: ProviderSettings, path: str, text: str, key: str, answer: Answer
    ) -> AsyncGenerator[None, None]:
        """Send the text and put what comes back into `answer`."""
        line = await self._line(provider)
        import httpx

        until = time.monotonic() + provider.total_seconds
        line.busy += 1
        response: httpx.Response | None = None
        try:
            request = line.client.build_request(
                "POST",
                f"{provider.url.rstrip('/')}/{path}",
                content=text.encode("utf-8", "replace"),
                headers=_headers(key),
            )
            response = await _within(line.client.send(request, stream=True), until, provider)
            if not response.is_success:
                raise await _refused(provider, response, key, until)
            answer.content_type = response.headers.get("content-type", "")
            answer.chunks = _chunks(provider, response, until)
            yield
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise faults.of_transport(provider, error) from error
        finally:
            if response is not None:
                await response.aclose()
            await line.end()

    async def _line(self, provider: ProviderSettings) -> Line:
        self.prepare(provider)
        task = self._lines[provider]
        try:
            line = await asyncio.shield(task)
        except ProviderError:
            self._lines.pop(provider, None)  # its settings may be mended without being changed
            raise
        return await self._line(provider) if line.retired else line

    async def _retire(self, task: asyncio.Task[Line]) -> None:
        with contextlib.suppress(ProviderError):
            await (await task).retire()

    def _entry(self, provider: ProviderSettings, errand: Errand, text: str) -> Entry:
        return Entry(
            time=time.time(),
            provider=provider.name,
            url=provider.url,
            role=errand.role,
            model=errand.model,
            repository=errand.repository,
            files=errand.files,
            kinds=errand.kinds,
            chars_sent=len(text),
            text=text if self._options.text else None,
        )

    async def _noted(self, entry: Entry) -> int:
        """Note what is about to be sent. Raises NotAllowed: what cannot be noted is not sent."""
        try:
            return await asyncio.to_thread(self._audit.begin, entry, self._options.days)
        except AuditError as error:
            raise NotAllowed(f"not sent: {error}") from error

    async def _note_refusal(self, entry: Entry, outcome: str) -> None:
        with contextlib.suppress(AuditError):
            number = await asyncio.to_thread(self._audit.begin, entry, self._options.days)
            await asyncio.to_thread(self._audit.end, number, Outcome(outcome))

    async def _end(self, number: int, outcome: Outcome) -> None:
        try:
            await asyncio.to_thread(self._audit.end, number, outcome)
        except AuditError as error:
            log.warning("%s", error)


def _clean(body: Mapping[str, Any]) -> str:
    """Return the body as JSON with secrets replaced in all of its texts; takes time with its length."""
    return json.dumps(_redacted(body), ensure_ascii=False)


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: _redacted(one) for key, one in value.items()}
    return [_redacted(one) for one in value] if isinstance(value, (list, tuple)) else value


def _headers(key: str) -> dict[str, str]:
    headers = {"content-type": "application/json", "accept": "text/event-stream, application/json"}
    return {**headers, "authorization": f"Bearer {key}"} if key else headers


async def _nothing() -> AsyncGenerator[bytes, None]:
    return
    yield b""


async def _within(work: Awaitable[T], until: float, provider: ProviderSettings) -> T:
    """Return what `work` gives. Raises ProviderError when it is not there in time; it is cancelled then."""
    try:
        return await asyncio.wait_for(work, max(0.0, until - time.monotonic()))
    except asyncio.TimeoutError:
        raise faults.slow(provider) from None


async def _chunks(
    provider: ProviderSettings, response: httpx.Response, until: float
) -> AsyncGenerator[bytes, None]:
    """Yield the body's bytes; each wait is bounded by the time that is left altogether."""
    size = 0
    source = response.aiter_bytes()
    while (chunk := await _within(_next(source), until, provider)) is not None:
        size += len(chunk)
        if size > _MOST_BYTES:
            raise faults.malformed(provider, f"more than {_MOST_BYTES // 1_000_000} MB")
        yield chunk


async def _next(source: AsyncIterator[bytes]) -> bytes | None:
    return await anext(source, None)


async def _refused(provider: ProviderSettings, response: httpx.Response, key: str, until: float) -> ProviderError:
    """Return the error of an answer that is no success, with what its body says as far as that comes soon."""
    body = b""
    with contextlib.suppress(ProviderError):
        async for chunk in _chunks(provider, response, min(until, time.monotonic() + 2.0)):
            body += chunk
            if len(body) > _ERROR_BYTES:
                break
    return faults.of_status(provider, response.status_code, response.headers, body, key)
