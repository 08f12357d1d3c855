"""From the words of a licence, a notice or a licence's name to its SPDX identifier.

Libraries that compare whole texts (identify, for one) know neither the notices at the head of files nor the names
that people write into metadata; a table of the sentences that only one licence has serves all three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ai_lsp.licences.policy import normal, parse

PROPRIETARY = "LicenseRef-Proprietary"
_PUBLIC_DOMAIN = "LicenseRef-Public-Domain"
_VAGUE = {"GPL-1.0-or-later": "GPL", "LGPL-2.0-or-later": "LGPL"}
"""What a licence without a version is by its own words, and the family that it is of."""
_VERSIONS = {"GPL": ("1.0", "2.0", "3.0"), "LGPL": ("2.0", "2.1", "3.0"), "AGPL": ("3.0", "1.0")}
"""Those that there are, the one that stands for none first."""
_LONGEST_NAME = 200
"""Characters; what is longer is a text, in which a bare ``MIT`` says nothing."""
_LONGEST_TEXT = 60_000

_SPDX = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n]+?)[ \t]*(?:\*/|-->|['\"]|\n|\Z)")
_MARKS = re.compile(r"^[ \t]*(?:[#;%*!|]+|//+!?|/\*+!?|--+|<!--|\"{3}|'{3}|REM\b|dnl\b)?[ \t]*", re.MULTILINE)
_GNU = re.compile(
    r"gnu (affero |lesser |library )?(?:general )?public licen[sc]e|"
    r"(?<![a-z])(a|l)?gpl(?=[ v.,;:(+/)-]|\d|$)"
)
_VERSION = re.compile(r"\W{0,3}(?:v|version|\(>=)?[ .]{0,2}(\d(?:\.\d)?)")
_VERSION_AFTER = re.compile(r"version (\d(?:\.\d)?)")
_VERSION_BEFORE = re.compile(r"version (\d(?:\.\d)?) of (?:the )?$")
_LATER = re.compile(r"any later version|or later|or newer|or \(at your option\)|>=|(?<=\d)\+|or any later")
_NEAR = 260
"""Characters after the name in which a notice has said which version, and whether later ones do too."""

_TEXTS = (
    ("MIT", r"permission is hereby granted, free of charge, to any person obtaining|\bmit(?:-style)? licen[sc]e"),
    ("Apache-2.0", r"apache licen[sc]e,? ?\(?(?:version|v)?[ .]?2"),
    ("ISC", r"modify,? and(?:/or)? distribute this software for any purpose with or without fee|\bisc licen[sc]e"),
    ("HPND", r"distribute this software and its (?:associated )?documentation for any purpose"),
    ("MPL-2.0", r"mozilla public licen[sc]e|\bmpl[ -]?v?[12]"),
    ("EPL-2.0", r"eclipse public licen[sc]e"),
    ("CDDL-1.0", r"common development and distribution licen[sc]e"),
    ("Unlicense", r"free and unencumbered software released into the public domain|\bunlicense\b"),
    ("CC0-1.0", r"\bcc0\b"),
    ("CC-BY-NC-4.0", r"attribution-non-?commercial|\bcc[ -]by-nc"),
    ("CC-BY-SA-4.0", r"attribution-share-?alike|\bcc[ -]by-sa"),
    ("CC-BY-4.0", r"creative commons attribution|\bcc[ -]by-\d"),
    ("Zlib", r"altered source versions must be plainly marked as such|\bzlib(?:/libpng)? licen[sc]e"),
    ("PSF-2.0", r"python software foundation(?: licen[sc]e)?|\bpsf licen[sc]e"),
    ("BSL-1.0", r"boost software licen[sc]e"),
    ("WTFPL", r"do what the f\w+ you want|\bwtfpl\b"),
    ("EUPL-1.2", r"european union public licen[sc]e|\beupl\b"),
    ("SSPL-1.0", r"server side public licen[sc]e"),
    ("BUSL-1.1", r"business source licen[sc]e"),
    ("Elastic-2.0", r"elastic licen[sc]e"),
    ("Artistic-2.0", r"artistic licen[sc]e"),
    ("ZPL-2.1", r"zope public licen[sc]e"),
    ("CECILL-2.1", r"\bcecill\b"),
    ("0BSD", r"zero[- ]clause bsd|\b0bsd\b"),
    ("BSD-2-Clause", r"(?:2-clause|two-clause|simplified) bsd|freebsd licen[sc]e|\bbsd[ -]2"),
    ("BSD-3-Clause", r"redistribution and use in source and binary forms|\bbsd(?:-style)?[ -]licen[sc]e"),
)  # fmt: skip
_NAMES = (
    ("MIT", r"\bmit\b|\bexpat\b"),
    ("Apache-2.0", r"\bapache\b"),
    ("ISC", r"\biscl?\b"),
    ("Zlib", r"\bzlib\b"),
    ("PSF-2.0", r"\bpsf|\bpython licen[sc]e"),
    ("BSD-3-Clause", r"\bbsd\b"),
    (_PUBLIC_DOMAIN, r"public domain"),
    (PROPRIETARY, r"proprietary|commercial|all rights reserved|\bunlicensed\b"),
)  # fmt: skip
_BEFORE_CODE = ("#", "//", "--", ";", "%", "*", "<?php", "'use strict'", '"use strict"')
_BEFORE_CODE = ("#", "//", "--", ";", "%", "*", "<?php", "'use strict'", '"use strict"')
_IN_TEXT = [(name, re.compile(pattern)) for name, pattern in _TEXTS]
_IN_NAME = [(name, re.compile(pattern)) for name, pattern in (*_TEXTS, *_NAMES)]


def by_name(name: str) -> str:
    """Return the SPDX expression for what metadata has as a licence; empty when it says nothing known."""
    if not name.strip():
        return ""
    if len(name) > _LONGEST_NAME:
        return by_text(name)
    return normal(name) if parse(name) is not None else _first(name.lower(), _IN_NAME)


def by_text(text: str) -> str:
    """Return the SPDX expression for a licence's text or a notice; empty when none is recognised.

    Of several licences in one text it is the first: the others belong to what is bundled.
    """
    plain = " ".join(_MARKS.sub("", text[:_LONGEST_TEXT]).lower().split())
    found = _first(plain, _IN_TEXT)
    if found == "BSD-3-Clause" and "redistribution and use" in plain:
        return found if re.search(r"neither the name|endorse or promote", plain) else "BSD-2-Clause"
    return found


def by_header(head: str) -> str:
    """Return what the first lines of a source file say of its licence: an SPDX line, else a notice in comments."""
    if spdx := _SPDX.search(head):
        return normal(spdx[1])
    notice = _opening_comment(head)
    return by_text(notice) if "icen" in notice or "ermission" in notice or "GPL" in notice else ""


def first(*candidates: str) -> str:
    """Return the first licence that is known, but for one without a version the next of its family, if one has."""
    known = [candidate for candidate in candidates if candidate]
    if not known:
        return ""
    family = _VAGUE.get(known[0])
    exact = (one for one in known if family and one not in _VAGUE and one.startswith(f"{family}-"))
    return next(exact, known[0])


def together(licences: Iterable[str], names: Iterable[str]) -> str:
    """Return the licence of a folder from those of the texts in it, whose file names are `names`."""
    found = sorted(set(licences) - {""})
    if not found:
        return ""
    lesser = [one for one in found if one.startswith("LGPL")]
    if lesser and all(one.startswith(("LGPL", "GPL")) for one in found):
        return lesser[0]  # the lesser licence adds permissions to the text of the other
    # `LICENSE-MIT` beside `LICENSE-APACHE` leaves the choice.
    choice = sum("-" in name or "." in name.removesuffix(".txt").removesuffix(".md") for name in names) > 1
    joined = (" OR " if choice else " AND ").join(found)
    return normal(joined) if len(found) > 1 else found[0]


def _opening_comment(head: str) -> str:
    """Return the lines before the first code, which is all that is no comment, docstring or blank."""
    lines: list[str] = []
    closes = ""
    for line in head.split("\n"):
        bare = line.strip()
        opens = next((sign for sign in ('"""', "'''", "/*", "<!--") if bare.lstrip("rRuU").startswith(sign)), "")
        if closes:
            closes = "" if closes in bare else closes
        elif opens:
            end = {"/*": "*/", "<!--": "-->"}.get(opens, opens)
            closes = "" if end in bare.lstrip("rRuU")[len(opens) :] else end
        elif bare and not bare.startswith(_BEFORE_CODE):
            break
        lines.append(line)
    return "\n".join(lines)


def _first(plain: str, table: list[tuple[str, re.Pattern[str]]]) -> str:
    """Return the licence that is named first in `plain`, which is in lower case."""
    found = [(match.start(), at, name) for at, (name, one) in enumerate(table) if (match := one.search(plain))]
    if gnu := _GNU.search(plain):
        found.append((gnu.start(), -1, _gnu(plain, gnu)))
    return min(found)[2] if found else ""


def _gnu(plain: str, found: re.Match[str]) -> str:
    kind = {"a": "AGPL", "l": "LGPL", None: "GPL"}[(found[1] or found[2] or " ").strip()[:1] or None]
    rest = plain[found.end() : found.end() + _NEAR]
    version = _VERSION.match(rest) or _VERSION_BEFORE.search(plain[: found.start()]) or _VERSION_AFTER.search(rest)
    later = _LATER.search(rest) is not None
    number = version[1] if version is not None else ""
    number = number if "." in number else f"{number}.0"
    if number not in _VERSIONS[kind]:
        return f"{kind}-{_VERSIONS[kind][0]}-or-later"
    return f"{kind}-{number}-{'or-later' if later else 'only'}"
