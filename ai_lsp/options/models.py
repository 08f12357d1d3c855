"""Options about models: the one that completes, the roles of others, and what is noted of requests to them."""

from __future__ import annotations

from dataclasses import dataclass

from ai_lsp.option import Table, option


@dataclass(frozen=True)
class ModelOptions:
    """Which model is run, and how."""

    name: str = option(
        "smollm2-135m",
        help="The model: a catalogue name, a registered name, or the path of a .gguf file.",
        user_only=True,
    )
    context_tokens: int = option(1280, help="KV cells of one sequence, in tokens.", minimum=256, maximum=131_072)
    sequences: int = option(3, help="KV sequences in memory: places that are warm at once.", minimum=1, maximum=16)
    shelf_mb: int = option(
        512,
        help="Disk for the KV of places that were left, in MB; it holds source code, in a folder for you only. "
        "0 keeps none.",
        minimum=0,
        maximum=1_000_000,
        user_only=True,
    )
    unload_after_minutes: float = option(
        30.0,
        help="Minutes without a key, a request or a file opened after which the model's memory is given back; the "
        "next one loads it again. 0 is never.",
        minimum=0,
        maximum=10_080,
    )
    threads: int = option(
        0,
        help="Threads for the model; 0 is the tuned number, else the physical cores.",
        minimum=0,
        maximum=256,
    )
    gpu_layers: int = option(
        0, help="Layers of the model that go to the GPU; -1 is all of them.", minimum=-1, maximum=1000
    )
    flash_attention: str = option("auto", help="Whether flash attention is used.", choices=("auto", "on", "off"))
    ubatch: int = option(
        0, help="Tokens in one physical batch of the prefill; 0 is the tuned size.", minimum=0, maximum=8192
    )


@dataclass(frozen=True)
class RoleOptions:
    """Which model does which job, and where."""

    autocomplete: str = option(
        "local",
        help="The model of suggestions: local (`model.name`), local:NAME, PROVIDER or PROVIDER:MODEL.",
        user_only=True,
    )
    edit: str = option("local", help="The model of code actions, written as the others.", user_only=True)
    chat: str = option("local", help="The model of chat, written as the others.", user_only=True)
    embed: str = option(
        "",
        help="The model that puts what the index found in order, by vectors of the texts; empty for none.",
        user_only=True,
    )
    rerank: str = option(
        "",
        help="The model that then orders the best of it, a reranker; empty for none.",
        user_only=True,
    )
    embed_query_prefix: str = option(
        "", help="What the model of embed wants before a question, such as `query: `.", user_only=True
    )
    embed_text_prefix: str = option(
        "", help="What it wants before a text that is looked for, such as `passage: `.", user_only=True
    )
    by: tuple[Table, ...] = option(
        (),
        help="Other models for single languages or folders; the last that fits holds.",
        tables=True,
        user_only=True,
    )
    context_tokens: int = option(
        4096,
        help="Tokens that messages and answer of a local edit or chat model may have together.",
        minimum=512,
        maximum=131_072,
        user_only=True,
    )
    unload_after_minutes: float = option(
        10.0,
        help="Minutes unused after which the memory of a local edit, chat or embed model goes; 0 is never.",
        minimum=0,
        maximum=10_080,
    )


@dataclass(frozen=True)
class AuditOptions:
    """What is noted of each request that leaves this process."""

    text: bool = option(
        False, help="Whether the text that was sent is noted too, with secrets replaced.", user_only=True
    )
    days: int = option(
        365, help="Days for which what was noted is kept; 0 for ever.", minimum=0, maximum=36_500, user_only=True
    )
