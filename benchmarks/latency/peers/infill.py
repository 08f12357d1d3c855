"""What llama.vim sends to llama-server, as JSON bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.latency.peers.ring import Chunk
from benchmarks.latency.peers.texts import Local

FIRST_MS, AHEAD_MS = 250, 1000
"""llama.vim's t_max_predict_ms: for the key itself, and for what it asks ahead once a suggestion is shown."""
_PREDICT = 128
_COMMON: dict[str, Any] = {"id_slot": 0, "stream": False, "cache_prompt": True}
_SNIPPET = "\n\n--- snippet ---\n\n"
"""What llama-server's own /infill puts before each chunk where the model has no token for it."""
_PREFIX_CHARS, _CHUNKS_CHARS = 2_300, 20_700
"""/infill cuts the prefix to 3/4 of the batch (1,024), the chunks to the context (8,192) less the batch and twice
the prediction; these are the same in characters, at 3 a token of code."""


def ask(
    local: Local, chunks: Sequence[Chunk], *, fim: bool, predict_ms: int, seed: int
) -> tuple[str, dict[str, Any]]:
    """Return the path and body of a request for a suggestion.

    A model that cannot fill in the middle is asked to go on after chunks and prefix, which llama.vim cannot do.
    """
    body = {
        **_COMMON,
        "n_predict": _PREDICT,
        "stop": [],
        "n_indent": local.indent,
        "top_k": 40,
        "top_p": 0.9,
        "samplers": ["top_k", "top_p", "infill"],
        "t_max_prompt_ms": 500,
        "t_max_predict_ms": predict_ms,
        "seed": seed,
    }
    return _placed(body, local.prefix, local.middle, local.suffix, chunks, fim=fim)


def warm_up(chunks: Sequence[Chunk], *, fim: bool) -> tuple[str, dict[str, Any]]:
    """Return the path and body of what is sent when a chunk is new, so that it is in the KV before a key comes."""
    body = {
        **_COMMON,
        "n_predict": 0,
        "temperature": 0.0,
        "samplers": [],
        "t_max_prompt_ms": 1,
        "t_max_predict_ms": 1,
    }
    return _placed(body, "", "", "", chunks, fim=fim)


def _placed(
    body: dict[str, Any], prefix: str, middle: str, suffix: str, chunks: Sequence[Chunk], *, fim: bool
) -> tuple[str, dict[str, Any]]:
    if fim:
        extra = [{"text": chunk.text, "filename": chunk.file} for chunk in chunks]
        local = {"input_prefix": prefix, "input_suffix": suffix, "prompt": middle}
        return "/infill", {**body, **local, "input_extra": extra}
    before = "".join(_SNIPPET + chunk.text for chunk in chunks)[-_CHUNKS_CHARS:]
    return "/completion", {**body, "prompt": before + (prefix[-_PREFIX_CHARS:] + middle)}
