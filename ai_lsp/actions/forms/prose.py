"""What a model says of a definition: a sentence, its parameters, what it returns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ai_lsp.actions import extract
from ai_lsp.actions.forms.form import Unusable

_QUOTED = re.compile(r'("""|\'\'\')(.*?)(?:\1|\Z)', re.DOTALL)
_BLOCK = re.compile(r"/\*\*(.*?)(?:\*/|\Z)", re.DOTALL)
_MARK = re.compile(r"^[ \t]*(?:\*(?!\*)|///?|#+(?=[ \t])|[-•](?=[ \t])|\d+[.)](?=[ \t]))?[ \t]*")
_RETURNS = re.compile(r"^[@:*`]*(?:returns?(?: value)?|rtype)\b[*`]*[ \t]*[:–-]?[ \t]*(?P<text>.*)", re.IGNORECASE)
_HEADING = re.compile(
    r"^[*_`]*(?:args|arguments|parameters|params|returns|summary|description)[*_`]*:?$", re.IGNORECASE
)
_PREAMBLE = re.compile(
    r"^(?:this|the)\s+(?:is\s+an?\s+)?(?:[a-z+#]+\s+){0,2}?(?:code|function|method|class|snippet|program)"
    r"(?:\s+(?:`[^`]+`|\w*_\w*))?(?:\s+(?:is\s+used\s+to|is\s+an?\s+\w+\s+(?:that|which)|will|can|that|which|to))?"
    r"\s+(?!of\b|is\b)",
    re.IGNORECASE,
)
"""What small models begin with instead of the verb."""
_SENTENCE = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!etc)[.!?](?=\s|$)")
_CODE = re.compile(
    r"[{};]|^\s*(?:def|import|from|class)\s+\w+[(.:]|\breturn\b.*[=()]|^\s*(?:def|class|import|for|if|while)\b.*:$|=>|->"
)
_LEAST_WORDS = 2
_MOST_CHARS = 300


@dataclass(frozen=True)
class Prose:
    """What is said of a definition."""

    summary: str
    """One sentence with its full stop."""
    parameters: dict[str, str] = field(default_factory=dict)
    """By name, in the definition's order; only those of which something is said."""
    returns: str = ""


def read(answer: str, parameters: Sequence[str]) -> Prose:
    """Return what an answer says. Whatever form it has (lines as asked for, or a docstring), nothing is made up.

    Raises Unusable where it has no sentence.
    """
    summary: list[str] = []
    said: dict[str, str] = {}
    returns, ended = "", False
    for line in _lines(answer):
        if (found := _parameter(line, parameters)) is not None:
            said.setdefault(*found)
            ended = True
        elif (value := _RETURNS.match(line)) and summary:
            returns = returns or value["text"].strip()
            ended = True
        elif not line or _HEADING.match(line):
            ended = ended or bool(summary)
        elif not ended:
            summary.append(line)
    sentence = _sentence(" ".join(summary))
    known = {name: _clean(said[name]) for name in parameters if said.get(name)}
    return Prose(sentence, {name: text for name, text in known.items() if text}, _clean(returns))


def parameters_of(signature: str, language: str) -> list[str]:
    """Return the names of a head's parameters, without the object's own."""
    text = _parenthesised(signature)
    names = [_name(part, language) for part in _split(text)]
    return [name for name in names if name and name not in ("self", "cls", "this", "void")]


def _lines(answer: str) -> list[str]:
    text = extract.without_thoughts(answer)
    if (quoted := _QUOTED.search(text)) or (quoted := _BLOCK.search(text)):
        text = quoted[2] if quoted.re is _QUOTED else quoted[1]
    else:
        text = extract.prose(text)
    return [_MARK.sub("", line, count=1).strip() for line in text.strip().split("\n") if "```" not in line]


def _parameter(line: str, parameters: Sequence[str]) -> tuple[str, str] | None:
    bare = re.sub(r"^[@:]?(?:param|arg|parameter)\s+(?:\{[^}]*\}\s*)?", "", line)
    found = re.match(r"[*`$]*(\w+)[*`]*\s*(?:\([^)]*\)|\[[^\]]*\])?[*`]*\s*(?::|–|-)[*`]*\s+(.+)", bare)
    if found and found[1] in parameters:
        return found[1], found[2]
    return None


def _sentence(text: str) -> str:
    text = re.sub(r"\s+", " ", re.sub(r"\*\*|__", "", text)).strip().strip("\"'")
    end = _SENTENCE.search(text)
    text = _PREAMBLE.sub("", text[: end.start()] if end else text).strip().rstrip(":,;")
    if len(text.split()) < _LEAST_WORDS or _CODE.search(text) or len(text) > _MOST_CHARS:
        raise Unusable("has no sentence that says what the code does")
    return text[0].upper() + text[1:] + "."


def _clean(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    if not text or _CODE.search(text) or len(text) > _MOST_CHARS or '"""' in text or "*/" in text:
        return ""
    return text[0].upper() + text[1:].rstrip(".") + "."


def _parenthesised(signature: str) -> str:
    """Return what is within the parentheses of the parameters: the second ones after Go's receiver."""
    start = signature.find("(")
    if signature.startswith("func ("):
        start = signature.find("(", signature.find(")") + 1)
    depth = 0
    for at in range(max(0, start), len(signature)):
        depth += signature[at] in "([{"
        depth -= signature[at] in ")]}"
        if depth == 0 and signature[at] == ")":
            return signature[start + 1 : at]
    return ""


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for letter in text:
        depth += letter in "([{<"
        depth -= letter in ")]}>"
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _name(part: str, language: str) -> str:
    """Return a parameter's name: the first word of what is before its type and default, or the last one."""
    text = re.split(r"(?<![=!<>])=(?!=)", part)[0]
    if language in ("java", "c", "cpp", "csharp", "php", "objective-c", "cuda-cpp"):
        names = re.findall(r"\w+", re.sub(r"\[[^\]]*\]", "", text))
        return names[-1] if len(names) > 1 or (language == "php" and names) else ""
    names = re.findall(
        r"\w+", re.sub(r"^[\s&*.$]*(?:(?:mut|private|public|readonly|protected|inout)\s+)*", "", text)
    )
    return names[0] if names else ""
