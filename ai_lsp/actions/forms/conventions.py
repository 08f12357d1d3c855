"""How documentation is written: the language's way, and where a file has its own way, that one."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ai_lsp.actions.forms.prose import Prose
from ai_lsp.syntax.comments import comment

Layout = Literal["google", "numpy", "sphinx", "tags", "doxygen", "xml", "yard", "swift", "plain"]
"""How parameters are told: Python's three ways, ``@param`` of JSDoc and the like, C#'s XML; plain has none."""

_BLOCKS = frozenset(
    [
        "javascript",
        "javascriptreact",
        "typescript",
        "typescriptreact",
        "java",
        "kotlin",
        "scala",
        "groovy",
        "php",
        "c",
        "cpp",
        "cuda-cpp",
    ]
)
_TAGGED = frozenset(
    {"typescript", "typescriptreact", "javascript", "javascriptreact", "java", "kotlin", "scala", "php", "groovy"}
)
_WIDTH = 88
_DOCSTRING = re.compile(r'(?:^|\n)[ \t]*[rRuU]?("""|\'\'\')(.*?)\1', re.DOTALL)
_JAVADOC = re.compile(r"/\*\*(.*?)\*/", re.DOTALL)
_MOST_CHARS = 200_000
_FEW = 2


@dataclass(frozen=True)
class Convention:
    """How the documentation of one file looks."""

    layout: Layout
    opening: str
    """Its first line has this, and the summary unless `apart`."""
    middle: str
    """Before each line but the first."""
    closing: str
    """On a line of its own unless everything is on one line; empty for line comments."""
    apart: bool = False
    """Whether the summary begins on the line after the opening, where there are several."""
    alone: bool = False
    """Whether what fits on one line has its marks there too."""
    named: bool = False
    """Whether it begins with the name, as in Go."""
    inside: bool = False
    """Whether it is the first thing in the body, as in Python."""


def convention_of(language: str, text: str) -> Convention:
    """Return the convention of a file by its language and by the documentation that is in `text` already."""
    text = text[:_MOST_CHARS]
    if language == "python":
        return _python(text)
    if language in _BLOCKS:
        return _block(language, text)
    if language == "csharp":
        return Convention("xml", "/// ", "/// ", "")
    if language == "swift":
        return Convention("swift", "/// ", "/// ", "")
    if language == "rust":
        return Convention("plain", "/// ", "/// ", "")
    if language == "go":
        return Convention("plain", "// ", "// ", "", named=True)
    if language == "lua":
        return Convention("plain", "--- ", "--- ", "")
    sign = comment(language, "").strip() + " "
    return Convention("yard" if language == "ruby" and "@param" in text else "plain", sign, sign, "")


def _python(text: str) -> Convention:
    found = [(one[1], one[2]) for one in _DOCSTRING.finditer(text)]
    quote = "'''" if found and sum(mark == "'''" for mark, _ in found) * 2 > len(found) else '"""'
    bodies = "\n".join(body for _, body in found)
    layout: Layout = "google" if not found else "plain"
    if re.search(r"^[ \t]*Parameters[ \t]*\n[ \t]*---", bodies, re.MULTILINE):
        layout = "numpy"
    elif re.search(r"^[ \t]*:param\b", bodies, re.MULTILINE):
        layout = "sphinx"
    elif re.search(r"^[ \t]*(?:Args|Arguments):[ \t]*$", bodies, re.MULTILINE):
        layout = "google"
    several = [body for _, body in found if "\n" in body.strip()]
    apart = bool(several) and sum(body.startswith("\n") for body in several) * 2 > len(several)
    return Convention(layout, quote, "", quote, apart=apart, alone=True, inside=True)


def _block(language: str, text: str) -> Convention:
    found = [one[1] for one in _JAVADOC.finditer(text)]
    layout: Layout = "tags" if language in _TAGGED else "doxygen"
    said = sum(1 for body in found if re.search(r"[@\\]param\b", body))
    if (len(found) >= _FEW and not said) or (layout == "doxygen" and not said):
        layout = "plain"
    several = [body for body in found if "\n" in body]
    apart = not several or any(body.startswith(("\n", "\r")) for body in several)
    return Convention(layout, "/** ", " * ", " */", apart=apart, alone=len(several) < len(found))


def written(prose: Prose, convention: Convention, *, name: str, language: str, indent: str) -> list[str]:
    """Return the lines of the documentation, indented, without ends."""
    if convention.named:
        prose = replace(prose, summary=f"{name} {_third_person(_without_name(prose.summary, name))}")
    opening, middle, closing = convention.opening, convention.middle, convention.closing
    width = max(40, _WIDTH - len(indent) - max(len(middle), 0 if convention.apart else len(opening)))
    details = _details(prose, convention.layout, language, width)
    summary = textwrap.wrap(prose.summary, width)
    body = [*summary, *details]
    if convention.layout == "xml":
        body = ["<summary>", *summary, "</summary>", *details]
    if not closing:
        lines = [middle + row for row in body]
    elif len(body) == 1 and convention.alone and len(body[0]) + len(closing) <= width:
        lines = [opening + body[0] + closing]
    elif convention.apart:
        lines = [opening.rstrip(), *(middle + row for row in body), closing]
    else:
        lines = [opening + body[0], *(middle + row for row in body[1:]), closing]
    return [(indent + line).rstrip() for line in lines]


def _details(prose: Prose, layout: Layout, language: str, width: int) -> list[str]:
    told, returns = prose.parameters, prose.returns
    if layout == "plain" or not (told or returns):
        return []
    if layout == "google":
        return [*_google("Args", [f"{name}: {text}" for name, text in told.items()], width),
                *_google("Returns", [returns] if returns else [], width)]  # fmt: skip
    if layout == "numpy":
        return [*_numpy("Parameters", told, width), *_numpy("Returns", {"": returns} if returns else {}, width)]
    rows = [_tagged(layout, name, text, language) for name, text in told.items()]
    if returns:
        rows.append(_returned(layout, returns, language))
    wrapped = [line for row in rows for line in textwrap.wrap(row, width, subsequent_indent="    ")]
    return wrapped if layout in ("xml", "swift") else ["", *wrapped]


def _google(title: str, entries: Sequence[str], width: int) -> list[str]:
    if not entries:
        return []
    first, later = "    ", "        " if title == "Args" else "    "
    rows = [textwrap.wrap(one, width, initial_indent=first, subsequent_indent=later) for one in entries]
    return ["", f"{title}:", *(line for row in rows for line in row)]


def _numpy(title: str, entries: dict[str, str], width: int) -> list[str]:
    if not entries:
        return []
    lines = ["", title, "-" * len(title)]
    for name, text in entries.items():
        lines += [name] if name else []
        lines += textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="    ")
    return lines


def _tagged(layout: Layout, name: str, text: str, language: str) -> str:
    if layout == "sphinx":
        return f":param {name}: {text}"
    if layout == "xml":
        return f'<param name="{name}">{text}</param>'
    if layout == "swift":
        return f"- Parameter {name}: {text}"
    sign = "$" if language == "php" else ""
    dash = "- " if language.startswith(("javascript", "typescript")) else ""
    return f"@param {sign}{name} {dash}{text}"


def _returned(layout: Layout, text: str, language: str) -> str:
    if layout == "sphinx":
        return f":returns: {text}"
    if layout == "xml":
        return f"<returns>{text}</returns>"
    if layout == "swift":
        return f"- Returns: {text}"
    tag = "@returns" if language.startswith(("javascript", "typescript")) else "@return"
    return f"{tag} {text}"


def _without_name(sentence: str, name: str) -> str:
    """Return a sentence without the name that it begins with, as models that know the convention begin it."""
    first, _, rest = sentence.partition(" ")
    return rest if rest and first.strip("`").casefold() == name.casefold() else sentence


def _third_person(sentence: str) -> str:
    """Return a sentence that begins with a verb so that a name can come before it: `Read` becomes `reads`."""
    verb, space, rest = sentence.partition(" ")
    verb = verb[0].lower() + verb[1:]
    if not verb.isalpha() or (verb.endswith("s") and not verb.endswith("ss")):
        return verb + space + rest
    if verb.endswith(("ss", "x", "ch", "sh", "z", "o")):
        return f"{verb}es{space}{rest}"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return f"{verb[:-1]}ies{space}{rest}"
    return f"{verb}s{space}{rest}"
