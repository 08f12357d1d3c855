"""A tiny model of the kind that most embedding models are of, with weights that are drawn and mean nothing."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
from gguf import GGUFWriter, PoolingType

WIDTH = 64
_TOKENS, _LAYERS, _INNER = 128, 2, 128
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def write_bert(path: Path, pooling: PoolingType) -> Path:
    """Write the model to a file, and return it."""
    letters = string.ascii_lowercase + string.digits + "(){}:;,.+-=*/_"
    words = [*_SPECIAL, *(f"\u2581{letter}" for letter in letters), *letters]
    writer = GGUFWriter(str(path), "bert")
    writer.add_context_length(_TOKENS)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(4)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(pooling)
    writer.add_token_type_count(2)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(words)
    writer.add_token_types([3] * len(_SPECIAL) + [1] * (len(words) - len(_SPECIAL)))
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(3)
    writer.add_sep_token_id(3)
    writer.add_unk_token_id(1)
    writer.add_pad_token_id(0)
    _add_weights(writer, len(words), compares=pooling is PoolingType.RANK)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_weights(writer: GGUFWriter, words: int, *, compares: bool) -> None:
    draw = np.random.default_rng(1)

    def matrix(name: str, *shape: int) -> None:
        writer.add_tensor(f"{name}.weight", (draw.standard_normal(shape) * 0.3).astype(np.float32))

    def bias(name: str, size: int) -> None:
        writer.add_tensor(f"{name}.bias", np.zeros(size, dtype=np.float32))

    def norm(name: str) -> None:
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, dtype=np.float32))
        bias(name, WIDTH)

    matrix("token_embd", words, WIDTH)
    matrix("token_types", 2, WIDTH)
    matrix("position_embd", _TOKENS, WIDTH)
    norm("token_embd_norm")
    if compares:
        matrix("cls", WIDTH, WIDTH)
        bias("cls", WIDTH)
        matrix("cls.output", 1, WIDTH)
        bias("cls.output", 1)
    for layer in range(_LAYERS):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            matrix(f"blk.{layer}.{name}", WIDTH, WIDTH)
            bias(f"blk.{layer}.{name}", WIDTH)
        norm(f"blk.{layer}.attn_output_norm")
        matrix(f"blk.{layer}.ffn_up", _INNER, WIDTH)
        bias(f"blk.{layer}.ffn_up", _INNER)
        matrix(f"blk.{layer}.ffn_down", WIDTH, _INNER)
        bias(f"blk.{layer}.ffn_down", WIDTH)
        norm(f"blk.{layer}.layer_output_norm")
