"""A GGUF file made by hand, and a server that behaves like a model hub on a bad day."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def make_gguf(weights: int = 60_000, *, licence: str = "mit", seed: int = 0) -> bytes:
    """A whole GGUF (version 3) with one tensor of single-precision numbers, no model inside."""
    pairs = [
        _text("general.architecture") + struct.pack("<I", 8) + _text("llama"),
        _text("general.license") + struct.pack("<I", 8) + _text(licence),
        _text("general.file_type") + struct.pack("<II", 4, 2),
        _text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2) + _text("a") + _text("bc"),
        _text("tokenizer.ggml.scores") + struct.pack("<IIQff", 9, 6, 2, 0.5, 1.5),
    ]
    tensor = _text("token_embd.weight") + struct.pack("<IQIQ", 1, weights, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(pairs)) + b"".join(pairs) + tensor
    head += bytes(-len(head) % 32)
    return head + struct.pack("<I", seed) * weights


@dataclass
class FakeHub:
    """What the server answers, and what it was asked."""

    content: bytes
    etag: str = '"one"'
    ranges: bool = True
    """Whether it honours Range."""
    length: str = "true"
    """``true``, ``none`` or a number that is a lie."""
    cuts: list[int] = field(default_factory=list)
    """How many bytes each of the next answers sends before the connection breaks."""
    statuses: list[int] = field(default_factory=list)
    """What the next answers say instead of 200."""
    content_type: str = "application/octet-stream"
    redirect: str = ""
    encoding: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    base: str = ""

    @property
    def url(self) -> str:
        return f"{self.base}/repo/Tiny-Model.Q4_0.gguf"


class Handler(BaseHTTPRequestHandler):
    hub: FakeHub

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        hub = self.hub
        hub.asked.append({name.lower(): value for name, value in self.headers.items()})
        if hub.redirect and self.path != "/cdn":
            self.send_response(302)
            self.send_header("Location", hub.redirect)
            self.end_headers()
            return
        if hub.statuses:
            self.send_error(hub.statuses.pop(0))
            return
        start = self._start()
        if start >= len(hub.content) and start:
            self.send_response(416)
            self.end_headers()
            return
        body = hub.content[start:]
        self.send_response(206 if start else 200)
        self._headers(start, body)
        cut = hub.cuts.pop(0) if hub.cuts else len(body)
        self.wfile.write(body[:cut])
        self.close_connection = True

    def do_HEAD(self) -> None:
        hub = self.hub
        self.send_response(hub.statuses.pop(0) if hub.statuses else 200)
        self.send_header("X-Repo-Commit", "0" * 40)
        self._headers(0, hub.content)

    def _start(self) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range", self.hub.etag) == self.hub.etag
        return int(match[1]) if match and self.hub.ranges and same else 0

    def _headers(self, start: int, body: bytes) -> None:
        hub = self.hub
        self.send_header("Content-Type", hub.content_type)
        if hub.etag:
            self.send_header("ETag", hub.etag)
        if hub.encoding:
            self.send_header("Content-Encoding", hub.encoding)
        if start:
            end = len(hub.content) - 1
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(hub.content)}")
        if hub.length != "none":
            self.send_header("Content-Length", str(len(body)) if hub.length == "true" else hub.length)
        self.end_headers()
