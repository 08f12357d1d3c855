import struct
from pathlib import Path

import pytest

from ai_lsp.models.gguf import GgufError, GgufTruncated, check_whole, read_header
from tests.models.fake_hub import make_gguf


def test_header_says_licence_quant_and_size(gguf: Path) -> None:
    header = check_whole(gguf)
    assert (header.licence, header.quant) == ("mit", "Q4_0")
    assert header.metadata["general.architecture"] == "llama"
    assert header.size == gguf.stat().st_size


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    whole = make_gguf(40)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(GgufError):
            check_whole(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a GGUF"),
        (b"<html>", "not a GGUF"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "not supported"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 2**60), "middle of its header"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**62) + b"key", "middle of its header"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 99), "unknown kind"),
        (
            b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 9)
            + struct.pack("<IQ", 9, 1) * 5000,
            "nested too deep",
        ),
    ],
)  # fmt: skip
def test_damaged_headers_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(GgufError, match=message):
        read_header(path)


def test_missing_weights_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "short.gguf"
    path.write_bytes(make_gguf(100)[:-8])
    with pytest.raises(GgufTruncated, match="bytes"):
        check_whole(path)
