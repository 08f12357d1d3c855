"""What `models optimise` measured on this machine, as the engine reads it back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ai_lsp.models.files import write_atomic

FILE_NAME = "tuning.json"


@dataclass(frozen=True)
class Tuning:
    """The settings that ran fastest here, and how fast they were."""

    threads: int
    """Threads for decoding one token at a time."""
    threads_batch: int
    """Threads for prefill."""
    ubatch: int
    """Tokens that llama.cpp computes at once (`n_ubatch`)."""
    flash_attn: bool
    prefill_tps: float
    """Prompt tokens a second in a long prompt."""
    decode_ms: float
    """Milliseconds for one decoded token."""
    quant: str
    """The chosen file's format, such as ``IQ4_NL``."""
    file: str = ""
    """The optimised copy's name in the model's folder; empty when the original was the best."""
    warm_ms: float = 0.0
    """Milliseconds to prefill the few tokens of one keystroke."""
    agreement: float = 1.0
    """Share of positions in the fixed sample where the most likely token is the original's."""
    cpu_share: float = 1.0
    """Share of the processor that the measurement got; below 0.9 other programs disturbed it."""
    gpu_layers: int = 0
    cpu: str = ""
    llama_cpp: str = ""
    """Version of llama-cpp-python that was measured."""
    measured: tuple[dict[str, Any], ...] = ()
    """One row for each thing that was measured, for people to read."""

    def fits(self, cpu: str, llama_cpp: str, gpu_layers: int) -> bool:
        """Whether this was measured on such a machine with such a library, so that measuring again is idle."""
        return (self.cpu, self.llama_cpp, self.gpu_layers) == (cpu, llama_cpp, gpu_layers)


_NUMBERS = ("threads", "threads_batch", "ubatch", "prefill_tps", "decode_ms", "cpu_share")


def load(path: Path) -> Tuning | None:
    """Read a tuning file; None when it is missing, cut short or makes no sense. Unknown keys are passed over."""
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(raw, dict):
        return None
    known = {field.name: raw[field.name] for field in fields(Tuning) if field.name in raw}
    try:
        known["measured"] = tuple(dict(row) for row in known.get("measured", ()))
        tuning = Tuning(**known)
    except (TypeError, ValueError):
        return None
    return tuning if _sane(tuning) else None


def save(path: Path, tuning: Tuning) -> None:
    """Write a tuning file whole or not at all. Raises OSError."""
    write_atomic(path, json.dumps(asdict(tuning), indent=2) + "\n")


def _sane(tuning: Tuning) -> bool:
    numbers = [getattr(tuning, name) for name in _NUMBERS]
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in numbers):
        return False
    texts = (tuning.quant, tuning.file, tuning.cpu, tuning.llama_cpp)
    if not all(isinstance(value, str) for value in texts) or not isinstance(tuning.flash_attn, bool):
        return False
    plain_name = tuning.file == Path(tuning.file).name
    whole = all(isinstance(value, int) for value in numbers[:3])
    return plain_name and whole and all(0 < value < float("inf") for value in numbers)
