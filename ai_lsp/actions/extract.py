"""What of a model's answer is the answer: thoughts, fences, and the prose around code taken away."""

from __future__ import annotations

import re

_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*\n(.*?)(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.M | re.S)
_CODE_SIGNS = re.compile(r"[{}();=<>\[\]]|^\s*(?:@|#|//|/\*|\*|import |from |def |class |return |if |for |end\b)")
_TALK = re.compile(
    r"(?:here(?:'s| is| are)|sure|certainly|of course|the (?:following|above|code|function|fixed|updated|new)|"
    r"this (?:code|function|is|will|version|change)|note|i(?:'ve| have| will|'m| am)?|in this|explanation|output|"
    r"example|you|we|it|changes?)\b",
    re.IGNORECASE,
)
_LEAST_WORDS = 3
_NAMES = {
    "python": ("py", "python3"),
    "javascript": ("js", "jsx"),
    "typescript": ("ts", "tsx"),
    "csharp": ("cs", "c#"),
    "rust": ("rs",),
    "ruby": ("rb",),
    "shellscript": ("sh", "bash"),
    "cpp": ("c++",),
    "go": ("golang",),
}
"""What models call languages beside their ids."""


def without_thoughts(text: str) -> str:
    """Return an answer without the thinking aloud that some models put before it."""
    return _THOUGHTS.sub("", text)


def code(answer: str, language: str) -> str:
    """Return the code of an answer, its lines as they are; empty where there is none.

    Of several fenced blocks the longest of the language counts, else the longest. A fence that is not closed holds
    all that follows. Without fences, paragraphs of prose before and after are left out.
    """
    text = without_thoughts(answer).replace("\r\n", "\n")
    blocks = [(found[2].lower(), found[3]) for found in _FENCE.finditer(text)]
    if blocks:
        own = [body for name, body in blocks if _is_of(name, language)]
        return max(own or [body for _, body in blocks], key=len).strip("\n")
    return _without_prose(text).strip("\n").rstrip()


def is_closed(answer: str) -> bool:
    """Whether an answer has come to the end of its first fence, after which there is only talk."""
    return re.match(r"[^`]*```[^\n]*\n.*?^[ \t]*```[ \t]*(?:\n|\Z)", answer, re.DOTALL | re.MULTILINE) is not None


def prose(answer: str) -> str:
    """Return the prose of an answer: fences and quotes around all of it, and headings, taken away."""
    text = without_thoughts(answer).replace("\r\n", "\n").strip()
    if (found := _FENCE.fullmatch(text)) is not None:
        text = found[3].strip()
    text = re.sub(r"^#+[ \t]+", "", text, flags=re.MULTILINE)
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'`" else text


def _is_of(name: str, language: str) -> bool:
    return name == language or name in _NAMES.get(language, ()) or language.startswith(name or "-")


def _without_prose(text: str) -> str:
    paragraphs = re.split(r"(\n[ \t]*\n)", text)
    while len(paragraphs) > 1 and is_prose(paragraphs[0]):
        del paragraphs[:2]
    while len(paragraphs) > 1 and is_prose(paragraphs[-1]):
        del paragraphs[-2:]
    if not paragraphs:
        return ""
    first, newline, rest = paragraphs[0].partition("\n")
    if newline and first.rstrip().endswith(":") and _TALK.match(first.strip()):
        paragraphs[0] = rest
    return "" if len(paragraphs) == 1 and is_prose(paragraphs[0]) else "".join(paragraphs)


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph is something that is said about code, and no code."""
    text = paragraph.strip()
    if not text:
        return True
    first = text.split("\n", 1)[0]
    if _TALK.match(text) and len(text.split()) > _LEAST_WORDS and not first.rstrip().endswith(("{", ";", ")")):
        return not re.match(r"[\w.]+\s*[=(]", text)
    signs = sum(1 for line in text.split("\n") if _CODE_SIGNS.search(line))
    ended = text.endswith((".", ":", "!", "?"))
    return ended and signs == 0 and len(text.split()) > _LEAST_WORDS
