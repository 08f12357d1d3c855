"""Server-sent events, as far as chat completions use them."""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import AsyncGenerator

_LONGEST_LINE = 1_000_000


class TooLong(ValueError):
    """A line of a stream that nobody would send."""


async def events(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[str, None]:
    """Yield the data of each event of a stream of bytes, however it is cut; other fields are left out.

    Raises TooLong.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    line, data = "", []
    async with contextlib.aclosing(chunks):
        async for chunk in chunks:
            line += decoder.decode(chunk)
            if len(line) > _LONGEST_LINE:
                raise TooLong("a line of the stream is longer than 1 MB")
            *whole, line = line.split("\n")
            for one in whole:
                text = one.removesuffix("\r")
                if text.startswith("data:"):
                    data.append(text[5:].removeprefix(" "))
                elif not text and data:
                    yield "\n".join(data)
                    data = []
    if line.startswith("data:"):
        data.append(line[5:].strip())
    if data:
        yield "\n".join(data)
