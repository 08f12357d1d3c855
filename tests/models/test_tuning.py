import json
from dataclasses import asdict
from pathlib import Path

import pytest

from ai_lsp.models.tuning import Tuning, load, save

TUNING = Tuning(
    2, 2, 512, True, 450.0, 11.5, "IQ4_NL", file="x.gguf", cpu="A", llama_cpp="1", measured=({"a": 1},)
)


def test_round_trip(tmp_path: Path) -> None:
    save(tmp_path / "tuning.json", TUNING)
    assert load(tmp_path / "tuning.json") == TUNING
    assert [path.name for path in tmp_path.iterdir()] == ["tuning.json"]


def test_unknown_keys_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "tuning.json"
    path.write_text(json.dumps({**asdict(TUNING), "from_the_future": 1}))
    assert load(path) == TUNING


def test_every_truncation_gives_none(tmp_path: Path) -> None:
    path = tmp_path / "tuning.json"
    text = json.dumps(asdict(TUNING))
    for length in range(len(text)):
        path.write_text(text[:length])
        assert load(path) is None


@pytest.mark.parametrize(
    "change",
    [
        {"threads": 0},
        {"threads": "2"},
        {"threads": 1.5},
        {"threads": True},
        {"decode_ms": None},
        {"prefill_tps": float("nan")},
        {"flash_attn": "yes"},
        {"file": "../../etc/passwd"},
        {"file": 7},
        {"measured": 3},
    ],
)
def test_nonsense_gives_none(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "tuning.json"
    path.write_text(json.dumps({**asdict(TUNING), **change}))
    assert load(path) is None


def test_missing_binary_or_wrong_json_gives_none(tmp_path: Path) -> None:
    path = tmp_path / "tuning.json"
    assert load(path) is None
    path.write_bytes(b"\xff\xfe\x00")
    assert load(path) is None
    path.write_text("[1, 2]")
    assert load(path) is None
    path.write_text('{"threads": 2}')
    assert load(path) is None


def test_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tuning.json"
    save(path, TUNING)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        save(path, Tuning(1, 1, 64, False, 1.0, 1.0, "Q4_0"))
    assert load(path) == TUNING
    assert [path.name for path in tmp_path.iterdir()] == ["tuning.json"]


def test_fits_only_the_machine_that_was_measured() -> None:
    assert TUNING.fits("A", "1", 0)
    assert not TUNING.fits("B", "1", 0)
    assert not TUNING.fits("A", "2", 0)
    assert not TUNING.fits("A", "1", 33)
