"""Of which type a variable is, as far as the text tells without evaluating anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ai_lsp.context.definitions.uses import Chain, links

_NAME = r"[^\W\d]\w*(?:(?:\.|::|\\)[^\W\d]\w*)*"
_EXPRESSION = rf"(?:await\s+|new\s+|&\s*)*({_NAME})\s*(?:<[^<>()\n]*>)?([({{\[]?)"
_TYPE = r"([^=,;(){}\n]*(?:\[[^\]\n]*\])?)"

_IT = "\u01c1it"
"""Stands for the variable that is asked about, so that the patterns need not be compiled for each."""

_ANNOTATED = ("python", "typescript", "typescriptreact", "rust", "vue", "svelte", "kotlin", "swift")
_TYPE_FIRST = ("java", "csharp", "c", "cpp", "php", "dart")

_LONGEST_LINE, _LONGEST_HEAD = 500, 2000

_WRAPPERS = re.compile(
    r"^(?:typing\.|t\.)?(?:Optional|Annotated|Final|ClassVar|Required|NotRequired|Type|type|Readonly|Partial|Box|"
    r"Rc|Arc|RefCell|Promise|Awaitable)\s*[\[<]\s*(.*?)\s*[\]>]?$"
)
_NOTHING_WORDS = """
None null nil undefined Any any void unknown object var auto True False true false
return not lambda function func async def fn
"""
_NOTHING = frozenset(_NOTHING_WORDS.split())
"""Words that stand where a type or a value does and lead nowhere."""


_ALIAS = re.compile(r"(?:export\s+)?(?:declare\s+)?type\s+\w+\s*[<=]")
_ARGUMENTS = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Origin:
    """Where the type of a variable is to be looked up."""

    chain: Chain
    called: bool
    """Whether the variable holds what a call of `chain` returns; else `chain` is its type, or is equal to it."""


def origin_of(name: str, text: str, language: str) -> Origin | None:
    """Return what `text`, the code before the use, last tells of the variable `name`; None when it does not."""
    lines = [line[:_LONGEST_LINE] for line in reversed(text.split("\n")) if name in line]
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") if lines else None
    for line in lines:
        marked = word.sub(_IT, line) if word is not None else line
        for pattern in _patterns(language) if marked != line else ():
            for found in pattern.finditer(marked):
                if (origin := _origin(found, name)) is not None:
                    return origin
    return None


def type_name(expression: str) -> Chain | None:
    """Return the class that a type expression is about: ``Optional["a.B"]`` is ``("a", "B")``."""
    text = expression.strip().strip("\"'").strip()
    while wrapped := _WRAPPERS.match(text):
        text = wrapped[1].split(",")[0].strip("\"' ")
    for part in text.split("|"):
        bare = re.sub(r"^(?:const|final|readonly|mut|&|\*|\?|dyn|impl|'\w+|\s)+", "", part.strip(" \"'"))
        found = re.match(_NAME, bare)
        if found and found[0] not in _NOTHING:
            return links(found[0].replace("\\", "::"))
    return None


def bases_of(signature: str) -> list[Chain]:
    """Return the base classes that the head of a class names, or the types that TypeScript's alias is made of."""
    signature = signature[:_LONGEST_HEAD]
    if _ALIAS.match(signature):
        return _parts_of(signature)
    found = re.search(r"\(([^()]*)\)|(?:\bextends\b|<(?=\s*[A-Z:])|(?<!:):(?!:))([^{]*)", signature)
    if not found:
        return []
    listed = re.split(r",|\bimplements\b|\bwith\b|\bextends\b", found[1] or found[2] or "")
    cleaned = (re.sub(r"\b(?:public|private|protected|virtual)\b|<.*|\[.*", "", one).strip() for one in listed)
    return [links(one) for one in cleaned if re.fullmatch(_NAME, one)]


def _parts_of(alias: str) -> list[Chain]:
    """Return the named types of ``type A<B> = C<D> | E & F``."""
    text, before = alias.replace("=>", " "), ""
    while text != before:
        text, before = _ARGUMENTS.sub("", text), text
    named = (one.strip() for one in re.split(r"[|&]", text.partition("=")[2].rstrip(" ;")))
    return [links(one) for one in named if re.fullmatch(_NAME, one) and one not in _NOTHING]


def returned_by(signature: str) -> Chain | None:
    """Return the class that a function with this head returns; None where it does not say."""
    signature = signature[:_LONGEST_HEAD]
    found = re.search(r"\)\s*(?:->|:)\s*([^{]+?)\s*:?\s*\{?$", signature, re.DOTALL)
    if found:
        return type_name(found[1])
    if go := re.search(r"^func\b.*\)\s*\(?\s*\*?([\w.]+)[^()]*\)?\s*\{?$", signature, re.DOTALL):
        return type_name(go[1])
    before = re.search(rf"(?:^|\s)({_NAME})(?:<[^<>()]*>)?[\s*&]+\w+\s*\(", signature)
    return type_name(before[1]) if before else None


@cache
def _patterns(language: str) -> list[re.Pattern[str]]:
    """Return what tells the type of `_IT`, declarations first; each has the type or the expression as a group."""
    word = _IT
    sign = r"\$" if language == "php" else r"(?<![\w.$])"
    assigned = re.compile(rf"{sign}{word}\s*(?::=|=)(?!=)\s*{_EXPRESSION}")
    patterns: list[re.Pattern[str]] = []
    if language == "python":
        patterns.append(re.compile(rf"\bwith\s+(?:[^\n]*,\s*)?{_EXPRESSION}[^\n]*?\sas\s+{word}\b"))
        patterns.append(re.compile(rf"\bisinstance\(\s*{word}\s*,\s*\(?(?P<type>{_NAME})"))
    if language in _ANNOTATED:
        patterns.append(re.compile(rf"(?<![\w.$]){word}\??\s*:\s*(?P<type>{_TYPE[1:-1]})"))
    if language in _TYPE_FIRST:
        patterns.append(re.compile(rf"(?P<type>{_NAME})(?:<[^<>()\n]*>)?[\s*&]+\$?{word}\s*(?=[=;,):{{])"))
    if language == "go":
        patterns.append(re.compile(rf"(?<![\w.]){word}\s+\*?(?P<type>{_NAME})\s*(?=[,)=\n])"))
    return [*patterns, assigned]


def _origin(found: re.Match[str], name: str) -> Origin | None:
    if "type" in found.re.groupindex:
        chain = type_name(found["type"].replace(_IT, name))
        return Origin(chain, called=False) if chain else None
    if found[1] in _NOTHING or found[2] == "[":
        return None
    # A brace is a composite literal of Go or Rust; nothing is another variable.
    return Origin(links(found[1].replace(_IT, name).replace("\\", "::")), called=found[2] == "(")
