"""Gets a GGUF file over https, and goes on where it stopped when the connection breaks.

What has arrived waits in a hidden ``.part`` file with the server's ETag beside it. A later try asks for the rest
with ``Range`` and ``If-Range`` (RFC 9110, sections 13 and 14), so a file that changed meanwhile starts anew.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import json
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx

from ai_lsp import __version__
from ai_lsp.models.files import hash_file, try_lock, write_atomic
from ai_lsp.models.gguf import MAGIC, GgufError, GgufTruncated, check_whole
from ai_lsp.models.progress import Progress, silent
from ai_lsp.models.store import ModelError

_TRIES = 4
"""Tries in a row that bring nothing new before giving up."""

_RETRY_STATUS = {429, 500, 502, 503, 504}
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class _TryAgain(Exception):
    """A try failed in a way that the next may not."""


@dataclass(frozen=True)
class _Part:
    """The bytes that have arrived so far."""

    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def etag_path(self) -> Path:
        return self.path.with_name(self.path.name + ".json")

    def etag(self) -> str:
        try:
            return str(json.loads(self.etag_path.read_text("utf-8"))["etag"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def remember(self, etag: str) -> None:
        write_atomic(self.etag_path, json.dumps({"etag": etag}))

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self.etag_path.unlink(missing_ok=True)


def fetch(
    url: str,
    target: Path,
    *,
    sha256: str | None = None,
    progress: Progress = silent,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Download the GGUF at `url` to `target` and return its sha256, which must be `sha256` where given.

    Raises ModelError; `target` is then as it was, and what has arrived is kept for the next try.
    """
    check_url(url)
    try:
        with _claim(target) as part, _client(url) as client:
            _complete(client, url, part, bool(sha256), progress, sleep)
            digest = hash_file(part.path, progress)
            if sha256 and digest != sha256.lower():
                part.drop()
                raise ModelError(f"the sha256 is wrong: expected {sha256}, got {digest}; nothing was installed")
            part.path.replace(target)
            part.drop()
            return digest
    except OSError as error:
        raise _disk_error(error, target) from error
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise ModelError(f"cannot download {url}: {error}") from error


def check_url(url: str) -> None:
    """Raise ModelError unless the address is https, or http on this very machine."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ModelError(f"{url} is not a complete address")
    if parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname)):
        return
    raise ModelError(f"{url} is refused: models are fetched over https only")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _client(url: str) -> httpx.Client:
    def check_hop(request: httpx.Request) -> None:
        check_url(str(request.url))

    return httpx.Client(
        follow_redirects=True,
        timeout=httpx.Timeout(60, connect=20),
        headers={"User-Agent": f"ai-lsp/{__version__}", "Accept-Encoding": "identity"},
        event_hooks={"request": [check_hop]},
        trust_env=not _loopback(urlsplit(url).hostname or ""),
    )


@contextlib.contextmanager
def _claim(target: Path) -> Iterator[_Part]:
    """The part file for `target`; another one, without a past or a future, while a second pull has it."""
    lock = target.parent.parent / ".locks" / f"{target.parent.name}.{target.name}"
    with try_lock(lock) as mine:
        if mine:
            yield _Part(target.with_name(f".{target.name}.part"))
            return
    part = _Part(target.with_name(f".{target.name}.{uuid.uuid4().hex}.part"))
    try:
        yield part
    finally:
        part.drop()


def _complete(
    client: httpx.Client,
    url: str,
    part: _Part,
    has_digest: bool,
    progress: Progress,
    sleep: Callable[[float], None],
) -> None:
    most, failures = part.size, 0
    while trouble := _attempt(client, url, part, has_digest, progress):
        failures = 0 if part.size > most else failures + 1
        most = max(most, part.size)
        if failures >= _TRIES:
            raise ModelError(
                f"the download of {url} broke off after {part.size:,} bytes: {trouble}\n"
                "run the same command again to go on from there"
            )
        sleep(min(2.0**failures, 8.0))


def _attempt(client: httpx.Client, url: str, part: _Part, has_digest: bool, progress: Progress) -> str:
    """Get what is missing; returns why it is still not whole, or nothing when it is."""
    try:
        _transfer(client, url, part, has_digest, progress)
        check_whole(part.path)
    except (httpx.TransportError, GgufTruncated, _TryAgain) as error:
        return str(error) or type(error).__name__
    except GgufError as error:
        part.drop()
        raise ModelError(f"{url} is no usable model: {error}") from error
    return ""


def _transfer(client: httpx.Client, url: str, part: _Part, has_digest: bool, progress: Progress) -> None:
    with client.stream("GET", url, headers=_resume_headers(part, has_digest)) as response:
        _check_status(response, part, url)
        goes_on = response.status_code == 206
        total = _total(response, part) if goes_on else _length(response)
        done = part.size if goes_on else 0
        _check_space(part.path, total, done)
        part.remember(response.headers.get("etag", ""))
        with part.path.open("ab" if goes_on else "wb") as file:
            head = MAGIC if done else b""
            for chunk in response.iter_raw():
                head = (head + chunk)[:4]
                if not MAGIC.startswith(head):
                    raise GgufError(_not_a_model(response, head + chunk))
                _write(file, chunk)
                done += len(chunk)
                progress("downloading", done, total)


def _write(file: IO[bytes], chunk: bytes) -> None:
    file.write(chunk)


def _resume_headers(part: _Part, has_digest: bool) -> dict[str, str]:
    etag = part.etag()
    strong = etag.startswith('"')
    if not part.size or not (strong or has_digest):
        return {}
    wanted = {"Range": f"bytes={part.size}-"}
    return {**wanted, "If-Range": etag} if strong else wanted


def _check_status(response: httpx.Response, part: _Part, url: str) -> None:
    status = response.status_code
    if status == 416:
        part.drop()
        raise _TryAgain("the server has fewer bytes than arrived before")
    if status in _RETRY_STATUS:
        raise _TryAgain(f"the server answered {status}")
    if status in (401, 403):
        raise ModelError(
            f"{url} needs a login or an accepted licence (the server answered {status}); for Hugging Face use "
            "hf:OWNER/REPO/FILE.gguf, which sends your token"
        )
    if status == 404:
        raise ModelError(f"there is nothing at {url} (the server answered 404)")
    if status not in (200, 206):
        raise ModelError(f"{url}: the server answered {status}")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ModelError(f"{url}: the server compresses the file although it was asked not to")


def _length(response: httpx.Response) -> int | None:
    length = response.headers.get("content-length", "")
    return int(length) if length.isdecimal() else None


def _total(response: httpx.Response, part: _Part) -> int | None:
    """The whole file's size, once it is sure that this answer carries on where the part ends."""
    match = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
    known, now = part.etag(), response.headers.get("etag", "")
    if match is None or int(match[1]) != part.size or (known and now and known != now):
        part.drop()
        raise _TryAgain("the server sent another part, or its file has changed")
    return int(match[2]) if match[2] != "*" else None


def _not_a_model(response: httpx.Response, start: bytes) -> str:
    kind = response.headers.get("content-type", "something without a type")
    login = "; is it a page to log in or to accept a licence?" if "html" in kind else ""
    return f"the server sent {kind}, not a GGUF file (it starts with {start[:24]!r}){login}"


def _check_space(path: Path, total: int | None, done: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if total is not None and total - done > free:
        raise ModelError(f"no room in {path.parent}: {total - done:,} bytes to go and {free:,} free")


def _disk_error(error: OSError, target: Path) -> ModelError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ModelError(
            f"the disk is full: {target.parent}\nfree some room and run the same command again; what has "
            "arrived is kept"
        )
    return ModelError(f"cannot write {target}: {error.strerror}")
