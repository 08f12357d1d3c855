"""Special tokens and prompt artefacts that leak into a suggestion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_lsp.completion.place import Place
from ai_lsp.filters.decision import Decision
from ai_lsp.filters.lexical import is_markup

# Never ordinary code: Qwen, Granite 3, CodeGemma, Llama 3, Phi, CodeGeeX, SmolLM and InCoder write <|name|>;
# DeepSeek uses full-width bars; StarCoder, SantaCoder, Mellum and Granite <fim_prefix>; Seed-Coder <[fim-prefix]>;
# aiXcoder <AIX-SPAN-PRE>; Gemma <end_of_turn>; SentencePiece bytes are <0x0A>.
_ALWAYS = re.compile(
    r"<\|[A-Za-z][\w:.-]{0,40}\|>"
    r"|<｜[^｜>\n]{1,40}｜>"
    r"|<fim[_-](?:prefix|suffix|middle|pad)>"
    r"|<\[[A-Za-z][\w▁-]{2,40}\]>"
    r"|▁?<AIX-SPAN-(?:PRE|POST|MIDDLE)>"
    r"|<(?:start|end)_of_turn>"
    r"|<(?:repo_?name|file_sep|gh_stars|issue_(?:start|comment|closed)|jupyter_(?:start|text|code|output|script)"
    r"|empty_output|commit_(?:before|msg|after))>"
    r"|<0x[0-9A-F]{2}>"
    r"|\[/?INST\]|\[TOOL_CALLS\]"
    r"|<(?:CURSOR|cursor|FILL_ME|FILL_HERE)>"
    r"|[\x00\ufffd]"
)
# Code Llama, Llama 2 and Gemma: real tags where the language has tags.
_NOT_IN_MARKUP = re.compile(r"(?:(?<=[\s▁])|^)▁?<(?:PRE|SUF|MID)>|▁?<EOT>|</s>|<(?:eos|bos|unk)>", re.MULTILINE)
# Codestral's and StarCoder's names are also an index, a generic or a word of a usage text.
_AT_LINE_START = re.compile(r"^[ \t]*(\[(?:PREFIX|SUFFIX|MIDDLE)\]|<filename>|<s>|<pad>)", re.MULTILINE)
# The head of the next file, as prompts put it over a context snippet.
_PATH_LINE = re.compile(
    r"^[ \t]*(?:#|//|--|/\*|<!--|;|%)[ \t]*"
    r"((?:[Pp]ath|[Ff]ile(?:[ -]?[Pp]ath|name)?):[ \t]*[\w./\\-]+|[\w.-]+(?:/[\w.-]+)+\.\w{1,5})[ \t]*"
    r"(?:\*/|-->)?[ \t]*$",
    re.MULTILINE,
)


def fim_tokens(text: str, place: Place) -> Decision:
    """Cuts before a special token of a model, a broken character or the path line of another file."""
    for at, token in sorted(_artefacts(text, place)):
        # Whoever edits a tokenizer or a prompt has these in the document, and may be given more of them.
        if (token in place.prefix or token in place.suffix) and not _is_head(token, place):
            continue
        return Decision("fim_tokens", text[:at].rstrip(), f"cut before {token!r}, which belongs to a prompt")
    return Decision("fim_tokens", text)


def _is_head(token: str, place: Place) -> bool:
    """Whether it is the document's own path, as it stands over its text in prompts."""
    return len(token) > 3 and (token == place.path or token.endswith(f" {place.path}"))


def _artefacts(text: str, place: Place) -> Iterator[tuple[int, str]]:
    patterns = [_ALWAYS] if is_markup(place.language) else [_ALWAYS, _NOT_IN_MARKUP]
    for pattern in patterns:
        yield from ((found.start(), found[0]) for found in pattern.finditer(text))
    for pattern in (_AT_LINE_START, _PATH_LINE):
        for found in pattern.finditer(text):
            if found.start() or (not place.line_before.strip() and place.prefix.strip()):
                yield found.start(), found[1]
