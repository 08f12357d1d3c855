"""Every option that there is: one tree of frozen dataclasses with defaults, and the decoder of one value.

Where values come from (files, environment, client) is the matter of `ai_lsp.config`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar

T = TypeVar("T")


def option(
    default: T,
    *,
    help: str,  # noqa: A002 - click and argparse call it so too
    choices: Sequence[str] = (),
    minimum: float | None = None,
    maximum: float | None = None,
    user_only: bool = False,
) -> T:
    """Return a dataclass field for one option; its type is the default's type.

    `minimum` and `maximum` are inclusive and go together. A repository's file cannot set a
    `user_only` option.
    """
    metadata = {
        "help": help,
        "choices": tuple(choices),
        "minimum": minimum,
        "maximum": maximum,
        "user_only": user_only,
    }
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class ModelOptions:
    """Which model is run, and how."""

    name: str = option(
        "smollm2-135m",
        help="The model: a catalogue name, a registered name, or the path of a .gguf file.",
        user_only=True,
    )
    context_tokens: int = option(1536, help="KV cells of one sequence, in tokens.", minimum=256, maximum=131_072)
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
class CompletionOptions:
    """When a suggestion is asked for, what the model sees, and what the answer may be."""

    deadline_ms: int = option(
        450,
        help="Milliseconds from the moment a request is received until it is answered, with or without a "
        "suggestion.",
        minimum=50,
        maximum=10_000,
    )
    max_tokens: int = option(
        48, help="Tokens that are decoded for one suggestion, at most.", minimum=1, maximum=1024
    )
    max_lines: int = option(8, help="Lines of one suggestion, at most.", minimum=1, maximum=100)
    prefix_chars: int = option(
        4500, help="Characters before the cursor that the model may see.", minimum=100, maximum=200_000
    )
    suffix_chars: int = option(
        2000, help="Characters after the cursor that the model may see.", minimum=0, maximum=200_000
    )
    debounce_min_ms: int = option(
        20,
        help="Shortest time after a key for which a new suggestion is held back.",
        minimum=0,
        maximum=2000,
    )
    debounce_max_ms: int = option(
        75,
        help="Longest time after a key for which a new suggestion is held back.",
        minimum=0,
        maximum=2000,
    )
    multiline: str = option(
        "auto",
        help="Whether a suggestion may have several lines; auto decides by the code around the cursor.",
        choices=("auto", "never", "always"),
    )
    cache_entries: int = option(
        500, help="Suggestions that are kept to be offered again; 0 keeps none.", minimum=0, maximum=100_000
    )
    languages_off: tuple[str, ...] = option(
        (), help='Language ids, such as "markdown", in which nothing is suggested.'
    )
    globs_off: tuple[str, ...] = option(
        (), help='Patterns of files, such as "*.env" or "vendor/**", in which nothing is suggested.'
    )
    max_file_bytes: int = option(
        2_000_000,
        help="In a document bigger than this nothing is suggested unasked.",
        minimum=0,
        maximum=1_000_000_000,
    )
    max_line_chars: int = option(
        1000,
        help="On a line longer than this nothing is suggested unasked.",
        minimum=0,
        maximum=1_000_000_000,
    )
    look_ahead: bool = option(
        True,
        help="Whether the line after a suggestion is made while the suggestion is read, to be there at once.",
    )
    alternatives: int = option(
        3,
        help="Suggestions to choose from when one is asked for by hand, as far as the deadline allows.",
        minimum=1,
        maximum=10,
    )
    fallback_completion: bool = option(
        True,
        help="Whether textDocument/completion is answered too, for editors without inline completion.",
    )


@dataclass(frozen=True)
class FilterOptions:
    """What keeps a bad suggestion from being shown."""

    off: tuple[str, ...] = option((), help="Names of the filters that are switched off.")
    min_first_probability: float = option(
        0.0,
        help="Suggestions whose first token the model gives a lower probability than this are not shown.",
        minimum=0.0,
        maximum=1.0,
    )


@dataclass(frozen=True)
class StatusOptions:
    """What the editor is told about the server's state."""

    notify: str = option(
        "auto",
        help="Whether didChangeStatus is sent; auto sends it to the clients that are known to show it.",
        choices=("auto", "always", "never"),
    )


@dataclass(frozen=True)
class Options:
    """All options of the server."""

    enabled: bool = option(True, help="Whether anything is suggested at all.")
    log_level: str = option(
        "warning",
        help="The least severe messages that are logged.",
        choices=("debug", "info", "warning", "error"),
    )
    model: ModelOptions = field(default_factory=ModelOptions, metadata={"help": "Which model is run, and how."})
    completion: CompletionOptions = field(
        default_factory=CompletionOptions,
        metadata={"help": "When a suggestion is asked for, what the model sees, and what the answer may be."},
    )
    filters: FilterOptions = field(
        default_factory=FilterOptions, metadata={"help": "What keeps a bad suggestion from being shown."}
    )
    status: StatusOptions = field(
        default_factory=StatusOptions, metadata={"help": "What the editor is told about the server's state."}
    )


@dataclass(frozen=True)
class Option:
    """What is known about one option; `name` is dotted, such as ``completion.deadline_ms``."""

    name: str
    default: Any
    help: str
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    user_only: bool

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "AI_LSP_" + self.name.replace(".", "_").upper()

    @cached_property
    def expectation(self) -> str:
        """The values it takes, in words that follow "must be"."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        words = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        kind = words.get(type(self.default), "a list of texts")
        if self.minimum is None:
            return kind
        return f"{kind} between {self.minimum:.15g} and {self.maximum:.15g}"

    def decode(self, value: Any) -> Any:
        """Return the JSON-like `value` as this option's own type.

        Raises ValueError when it has another type, is no choice or is out of range.
        """
        decoded = _DECODERS[type(self.default)](value)
        if self.choices and decoded not in self.choices:
            raise ValueError(value)
        if self.minimum is not None and self.maximum is not None and not self.minimum <= decoded <= self.maximum:
            raise ValueError(value)
        return type(self.default)(decoded)


def _instance_of(*types: type) -> Callable[[Any], Any]:
    def decode(value: Any) -> Any:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise ValueError(value)
        return value

    return decode


def _texts(value: Any) -> tuple[str, ...]:
    # Lua has one empty table: its clients send an empty list as {}.
    if value == {}:
        return ()
    if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
        raise ValueError(value)
    return tuple(value)


_DECODERS: Mapping[type, Callable[[Any], Any]] = {
    bool: _instance_of(bool),
    int: _instance_of(int),
    float: _instance_of(int, float),
    str: _instance_of(str),
    tuple: _texts,
}


def _walk(tree: Any, prefix: str = "") -> Iterator[Option]:
    for item in fields(tree):
        if item.default_factory is MISSING:
            yield Option(prefix + item.name, item.default, **item.metadata)
        else:
            yield from _walk(item.default_factory, f"{prefix}{item.name}.")


OPTIONS: Mapping[str, Option] = {known.name: known for known in _walk(Options)}
"""Every option by its dotted name, in the order of the tree."""

SECTIONS: Mapping[str, str] = {
    item.name: item.metadata["help"] for item in fields(Options) if item.default_factory is not MISSING
}
"""Every section's name and help."""


def build(values: Mapping[str, Any]) -> Options:
    """Return the tree in which the options that `values` names have these decoded values."""
    options: Options = _build(Options, "", values)
    return options


def _build(tree: Any, prefix: str, values: Mapping[str, Any]) -> Any:
    arguments: dict[str, Any] = {}
    for item in fields(tree):
        name = prefix + item.name
        if item.default_factory is not MISSING:
            arguments[item.name] = _build(item.default_factory, f"{name}.", values)
        elif name in values:
            arguments[item.name] = values[name]
    return tree(**arguments)
