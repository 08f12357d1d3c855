"""From the text of a prompt file to an action.

The file begins with a header between two lines of ``---``: one ``key: value`` a line. What follows is a template;
lines ``## system``, ``## user`` and ``## assistant`` divide it into the messages of a conversation, without them
all of it is one message of the user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypeVar

from ai_lsp.actions.action import ANSWERS, KINDS, ROLES, SCOPES, Action, BadPrompt, Scope, Section
from ai_lsp.actions.template import BadTemplate, check

VARIABLES = {
    "code": "what the action is about, not indented, its secrets replaced",
    "before": "the lines before it, as many as fit",
    "after": "the lines after it, as many as fit",
    "context": "definitions of what it uses, and code of the repository like it, below comments with their paths",
    "language": "the language id, such as `python`",
    "path": "the file, relative to its workspace folder",
    "name": "the name of the definition; empty outside of any",
    "signature": "its head in one line",
    "instruction": "what the comment `ai: ...` asks for",
    "diagnostics": "a list of what language servers say, each with `line` (in `code`, from 1) and `message`",
    "parameters": "the names of the definition's parameters",
    "target": "the language that a comment is translated into",
    "framework": "the framework of the repository's tests, such as `pytest`",
    "imports": "how a test gets at the definition, in code",
    "example": "a test that the repository has already, to write another one like it",
    "diff": "the staged changes",
    "log": "the subjects of the latest commits",
}
"""What templates may use, and what each is."""
_NAMES = frozenset(VARIABLES)
_PATH_NAMES = frozenset({"name", "path", "language"})
_KEYS = ("title", "kind", "languages", "scope", "answer", "role", "tokens", "preferred", "file")
_FORBIDDEN = frozenset({"model", "provider", "endpoint", "url", "base_url", "api_key", "key"})
"""What only the user's own options may say."""
_MOST_CHARS = 8_000
_MOST_TOKENS = 4_096
_DIVIDER = re.compile(r"## (system|user|assistant)[ \t]*$", re.MULTILINE)
T = TypeVar("T", bound=str)


def read(text: str, source: str) -> Action:
    """Return the action of a prompt file's `text`; its name is that of the file `source`.

    Raises BadPrompt.
    """
    if len(text) > _MOST_CHARS:
        raise BadPrompt(f"{source}: a prompt has at most {_MOST_CHARS} characters, not {len(text)}")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    header, end = _header(lines, source)
    sections = _sections("\n".join(lines[end:]), end + 1)
    for section in sections:
        _check(section.template, _NAMES, source, section.line)
    return _action(header, sections, source)


def _header(lines: Sequence[str], source: str) -> tuple[dict[str, tuple[str, int]], int]:
    """Return the header's values with their lines, and the index of the first line after it."""
    if lines[0].strip() != "---":
        raise BadPrompt(f"{source}:1: a prompt begins with a header: a line `---`, then `title: ...`")
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            return found, number
        key, colon, value = line.partition(":")
        key = key.strip()
        if key in _FORBIDDEN:
            raise BadPrompt(
                f"{source}:{number}: `{key}` cannot be set here: a prompt asks for a role, and the user's own "
                "options say which model has it"
            )
        if line.strip() and not line.lstrip().startswith("#"):
            if not colon or key not in _KEYS:
                raise BadPrompt(f"{source}:{number}: {line.strip()[:60]!r} is not one of {', '.join(_KEYS)}")
            found[key] = value.strip(), number
    raise BadPrompt(f"{source}:{len(lines)}: the header has no end: a line `---`")


def _sections(body: str, line: int) -> tuple[Section, ...]:
    found = list(_DIVIDER.finditer(body))
    if not found:
        return (Section("user", body.strip(), line + _blank(body)),)
    sections: list[Section] = []
    for one, following in zip(found, [*found[1:], None], strict=True):
        text = body[one.end() : following.start() if following else None]
        first = line + body.count("\n", 0, one.end()) + _blank(text)
        role: Any = one[1]
        sections.append(Section(role, text.strip(), first))
    return tuple(sections)


def _blank(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


def _check(template: str, names: frozenset[str], source: str, line: int) -> None:
    try:
        check(template, names)
    except BadTemplate as error:
        raise BadPrompt(f"{source}:{line + error.line - 1}: {error}") from error


def _action(header: Mapping[str, tuple[str, int]], sections: tuple[Section, ...], source: str) -> Action:
    title, _ = header.get("title", ("", 0))
    if not title:
        raise BadPrompt(f"{source}:1: the header has no `title: ...`")
    if not sections or sections[-1].role != "user" or not sections[-1].template:
        raise BadPrompt(f"{source}: the last message must be one of the user, and not empty")
    answer = _one_of("answer", ANSWERS, header, source, "message")
    file, line = header.get("file", ("", 1))
    if (answer == "file") != bool(file):
        raise BadPrompt(f"{source}:{line}: `file: ...` and `answer: file` go together")
    _check(file, _PATH_NAMES, source, line)
    return Action(
        name=PurePath(source).stem,
        title=title,
        kind=_one_of("kind", KINDS, header, source, "refactor.rewrite"),
        scopes=_scopes(header, source),
        answer=answer,
        role=_one_of("role", ROLES, header, source, "chat" if answer in ("message", "commit") else "edit"),
        languages=frozenset(re.findall(r"[^\s,]+", header.get("languages", ("", 0))[0])),
        tokens=_tokens(header, source),
        preferred=header.get("preferred", ("no", 0))[0].lower() in ("yes", "true"),
        file=file,
        sections=sections,
        source=source,
    )


def _one_of(key: str, choices: Sequence[T], header: Mapping[str, tuple[str, int]], source: str, default: T) -> T:
    value, line = header.get(key, (default, 0))
    for choice in choices:
        if value == choice:
            return choice
    raise BadPrompt(f"{source}:{line}: `{key}` must be one of {', '.join(choices)}, not {value[:60]!r}")


def _scopes(header: Mapping[str, tuple[str, int]], source: str) -> tuple[Scope, ...]:
    value, line = header.get("scope", ("selection", 1))
    names = [name.strip() for name in value.split(",")]
    return tuple(_one_of("scope", SCOPES, {"scope": (name, line)}, source, "selection") for name in names)


def _tokens(header: Mapping[str, tuple[str, int]], source: str) -> int:
    value, line = header.get("tokens", ("512", 0))
    if not (value.isascii() and value.isdigit() and 0 < int(value[:9]) <= _MOST_TOKENS):
        raise BadPrompt(f"{source}:{line}: `tokens` must be between 1 and {_MOST_TOKENS}, not {value[:60]!r}")
    return int(value)
