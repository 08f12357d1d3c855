"""Reads the head of a GGUF file: is it one, is it whole, and what does it say of itself.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little endian).
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = b"GGUF"

Value = str | int | float | bool

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9

# ggml type -> (weights in a block, bytes of a block), from ggml-common.h.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110),
    22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8),
    29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip

# general.file_type -> the name that people use, from llama.h (enum llama_ftype).
FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
    19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL",
    26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
    36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip


class GgufError(ValueError):
    """The file is no GGUF that this can read; the message says what is wrong with it."""


class GgufTruncated(GgufError):
    """The file starts as a GGUF but ends before its header says it does."""


@dataclass(frozen=True)
class Header:
    """What a GGUF says before its weights begin."""

    metadata: dict[str, Value]
    """Every plain value by its key; arrays (the vocabulary) are passed over."""
    size: int
    """Bytes that the file must have for every weight to be there."""

    @property
    def quant(self) -> str:
        """The file's format, such as ``Q4_K_M``; ``unknown`` when it does not say."""
        kind = self.metadata.get("general.file_type")
        return FILE_TYPES.get(kind, f"type {kind}") if isinstance(kind, int) else "unknown"

    @property
    def licence(self) -> str:
        """The licence that the file names; ``unknown`` when it names none."""
        return str(self.metadata.get("general.license") or "unknown")


def read_header(path: Path) -> Header:
    """Read the head of the GGUF at `path`. Raises GgufError, GgufTruncated or OSError."""
    with path.open("rb") as file:
        if (start := file.read(4)) != MAGIC:
            raise GgufError(f"not a GGUF file (it starts with {start!r})")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                return _Reader(data).header()
            except (struct.error, IndexError) as error:
                raise GgufTruncated("the file ends in the middle of its header") from error
            except RecursionError as error:
                raise GgufError("arrays in the header are nested too deep") from error


def check_whole(path: Path) -> Header:
    """Read the head and see that no weight is cut off. Raises as `read_header` does."""
    header = read_header(path)
    if (size := path.stat().st_size) < header.size:
        raise GgufTruncated(f"the file has {size:,} of {header.size:,} bytes")
    return header


@dataclass
class _Reader:
    data: mmap.mmap
    at: int = 4
    metadata: dict[str, Value] = field(default_factory=dict)

    def header(self) -> Header:
        version = self.scalar("I")
        if version not in (2, 3):
            raise GgufError(f"GGUF version {version} is not supported (only 2 and 3, little endian)")
        tensors, pairs = self.scalar("Q"), self.scalar("Q")
        for _ in range(int(pairs)):
            key = self.string()
            value = self.value(int(self.scalar("I")))
            if value is not None:
                self.metadata[key] = value
        end = max((self.tensor_end() for _ in range(int(tensors))), default=0)
        align = self.metadata.get("general.alignment")
        step = align if isinstance(align, int) and align > 0 else 32
        return Header(self.metadata, -(-self.at // step) * step + end)

    def scalar(self, code: str) -> int | float | bool:
        (value,) = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize("<" + code)
        return value  # type: ignore[no-any-return]

    def string(self) -> str:
        length = int(self.scalar("Q"))
        start, self.at = self.at, self.at + length
        if self.at > len(self.data):
            raise IndexError
        return self.data[start : self.at].decode("utf-8", "replace")

    def value(self, kind: int) -> Value | None:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            self.skip_array()
            return None
        if kind not in _SCALARS:
            raise GgufError(f"unknown kind of value {kind} in the header")
        return self.scalar(_SCALARS[kind])

    def skip_array(self) -> None:
        kind, length = int(self.scalar("I")), int(self.scalar("Q"))
        if kind in _SCALARS:
            self.at += length * struct.calcsize("<" + _SCALARS[kind])
            return
        for _ in range(length):
            if kind == _STRING:
                self.at += 8 + int(struct.unpack_from("<Q", self.data, self.at)[0])
            else:
                self.value(kind)

    def tensor_end(self) -> int:
        self.string()
        weights = 1
        for _ in range(int(self.scalar("I"))):
            weights *= int(self.scalar("Q"))
        kind, offset = int(self.scalar("I")), int(self.scalar("Q"))
        block, size = _BLOCKS.get(kind, (1, 0))
        return offset + weights // block * size
