"""Every option that there is: one tree of frozen dataclasses with defaults.

Where values come from (files, environment, client) is the matter of `ai_lsp.config`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from ai_lsp.option import Option, Table, built, option, walk
from ai_lsp.options.filters import LICENCES_ALLOWED as LICENCES_ALLOWED
from ai_lsp.options.filters import FilterOptions as FilterOptions
from ai_lsp.options.models import AuditOptions, RoleOptions
from ai_lsp.options.models import ModelOptions as ModelOptions


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
    by_hand_ms: int = option(
        1500,
        help="The same for a request by hand, where that is longer: who asks waits rather than gets nothing.",
        minimum=50,
        maximum=60_000,
    )
    max_tokens: int = option(
        48, help="Tokens that are decoded for one suggestion, at most.", minimum=1, maximum=1024
    )
    max_lines: int = option(8, help="Lines of one suggestion, at most.", minimum=1, maximum=100)
    prefix_chars: int = option(
        2500,
        help="Characters before the cursor that the model may see; fewer where the KV has not the room for more.",
        minimum=100,
        maximum=200_000,
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
    min_probability: float = option(
        0.01,
        help="Probability that all of a suggestion is right, 0 to 1, below which it is cut to what comes before; "
        "0 never cuts.",
        minimum=0,
        maximum=1,
    )
    cache_entries: int = option(
        500, help="Suggestions that are kept to be offered again; 0 keeps none.", minimum=0, maximum=100_000
    )
    aggressiveness: str = option(
        "normal",
        help="When the model is asked: manual only by hand; calm when the keys pause at places that call for a "
        "suggestion; normal at those places at once; eager also after whole statements and within lines.",
        choices=("manual", "calm", "normal", "eager"),
    )
    in_comments: bool = option(
        False,
        help="Whether comments and docstrings are written on; one that was just opened is, from normal on.",
    )
    in_strings: bool = option(True, help="Whether strings are written on.")
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
class ContextOptions:
    """What the model sees besides the text around the cursor."""

    off: tuple[str, ...] = option((), help="Names of the context sources that are switched off.")
    max_chars: int = option(
        2000,
        help="Characters of context in a prompt, at most; 0 for none.",
        minimum=0,
        maximum=200_000,
    )
    gather_ms: int = option(
        30,
        help="Milliseconds that a suggestion waits for context at a new place; what comes later serves the next.",
        minimum=0,
        maximum=1000,
    )
    rest_ms: int = option(
        700,
        help="Milliseconds without a key after which context is looked for anew.",
        minimum=100,
        maximum=60_000,
    )
    index: bool = option(
        True, help="Whether the files of the workspace's folders are indexed, in a process of its own."
    )
    exclude: tuple[str, ...] = option(
        (), help='Patterns, as in a .gitignore file, of files that are not indexed, such as "generated/".'
    )
    never_read: tuple[str, ...] = option(
        (),
        help="More patterns of files that are never read for context, besides keys, credentials and .env files.",
        user_only=True,
    )
    index_file_bytes: int = option(
        1_000_000, help="A file bigger than this is not indexed.", minimum=1000, maximum=100_000_000
    )
    index_mb: int = option(
        2000,
        help="Disk for the index of one folder, in MB, at most.",
        minimum=1,
        maximum=1_000_000,
        user_only=True,
    )
    index_days: int = option(
        60,
        help="Days after which the index of a folder that nobody has opened is deleted; 0 for never.",
        minimum=0,
        maximum=3650,
        user_only=True,
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
    repository_file: bool = option(
        True,
        help="Whether a repository's .ai-lsp.toml is read; VS Code says no in a workspace that is not trusted.",
        user_only=True,
    )
    providers: tuple[Table, ...] = option(
        (),
        help="Servers that models run on; each gets only what permissions allow.",
        tables=True,
        user_only=True,
    )
    permissions: tuple[Table, ...] = option(
        (),
        help="What may be sent to which provider, of which repositories; nothing unless it is allowed. A "
        "repository's file can only deny.",
        tables=True,
        guarded=("allow",),
    )
    model: ModelOptions = field(default_factory=ModelOptions, metadata={"help": "Which model is run, and how."})
    roles: RoleOptions = field(
        default_factory=RoleOptions, metadata={"help": "Which model does which job, and where."}
    )
    audit: AuditOptions = field(
        default_factory=AuditOptions, metadata={"help": "What is noted of each request that leaves this process."}
    )
    completion: CompletionOptions = field(
        default_factory=CompletionOptions,
        metadata={"help": "When a suggestion is asked for, what the model sees, and what the answer may be."},
    )
    context: ContextOptions = field(
        default_factory=ContextOptions,
        metadata={"help": "What the model sees besides the text around the cursor."},
    )
    filters: FilterOptions = field(
        default_factory=FilterOptions, metadata={"help": "What keeps a bad suggestion from being shown."}
    )
    status: StatusOptions = field(
        default_factory=StatusOptions, metadata={"help": "What the editor is told about the server's state."}
    )


OPTIONS: Mapping[str, Option] = {known.name: known for known in walk(Options)}
"""Every option by its dotted name, in the order of the tree."""

SECTIONS: Mapping[str, str] = {
    item.name: item.metadata["help"] for item in fields(Options) if item.default_factory is not MISSING
}
"""Every section's name and help."""


def build(values: Mapping[str, Any]) -> Options:
    """Return the tree in which the options that `values` names have these decoded values."""
    options: Options = built(Options, "", values)
    return options
