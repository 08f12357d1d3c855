"""Values that look like secrets, replaced by a placeholder before any text gets into a prompt.

The tables are our own. detect-secrets 1.5 was measured: 110 ms to import (it brings requests and pyyaml), 40 ms
for 5,000 characters where 2 are wanted (5 for its plugins alone), and it tells values but not their places; of a
private key it knows only the first line. Formats are taken from its plugins and from gitleaks' rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from math import log2

from ai_lsp.privacy.formats import FORMATS

PLACEHOLDER = "<secret>"

_NO_SECRET = re.compile(
    r"<.*|\$.*|.*(?:\$\{|\{\{|#\{|%\(|\$\().*|\{.*\}|%\w*%?|[\W_xX]+|(?:\*+|x{3,}|X{3,}).*|"
    r"(?:your|my|the|an?|some|enter|insert|example|dummy|fake|placeholder|redacted)[\W_].*|change_?me|"
    r"null|none|nil|true|false|undefined|string|str|text|bytes|hidden|required|optional|varchar|bearer|basic",
    re.IGNORECASE | re.DOTALL,
)
"""Values that stand for a secret that is somewhere else, or for none, and names of types."""
_PASSWORD = r"pass(?:word|wd|phrase|code)|pwd|db_?pass"
_TOKEN = (
    r"secret|token|credentials?|(?:api|auth|access|account|private|secret|signing|signature|encryption|service|master|"
    r"license|client|consumer|shared|session|storage|hmac|jwt|crypto|deploy|webhook|admin)[_-]?key|"
    r"(?:secret|token|key)[_-]?(?:value|base|hash|salt)|authorization"
)
_AFTER = r"(?:[_-](?:prod|dev|test|staging|live|old|new))?[_-]?\d{0,3}(?![A-Za-z])"
_NAMES_ITSELF = re.compile(rf"[A-Za-z_. :-]*(?:{_PASSWORD}|{_TOKEN})[A-Za-z_. :-]*", re.IGNORECASE)
"""Names and labels of secrets: the `"user_password"` of a form is no password."""
_NAMED = re.compile(
    rf"(?:(?P<password>{_PASSWORD})|{_TOKEN}){_AFTER}"
    r"[\"'`\]]{0,3}[ \t]*(?::[ \t]*[&'A-Za-z_][\w.\[\]| ']{0,30}(?==)|\[\d*\][ \t]*)?"
    r"(?P<sign>:=|=>|[=!]={1,2}|[:=]|[(,]|(?=[\"'`]))[ \t]*[@A-Za-z]{0,2}"
    r"(?P<quote>[\"'`])(?P<value>(?:(?!(?P=quote))[^\r\n\\]|\\.){1,4096})(?P=quote)",
    re.IGNORECASE,
)
"""A name that says that its value is secret, in an assignment, a call or a table, with the value in quotes."""
_BARE = re.compile(
    rf"(?:(?P<password>{_PASSWORD})|{_TOKEN}){_AFTER}"
    r"(?P<sign>[ \t]*[:=][ \t]*|[ \t]+)(?P<value>[^\s\"'`,;<>(){}\[\]]{6,512})(?=[ \t\r]*(?:$|[\"'`;&#\\]|--))",
    re.IGNORECASE,
)
"""The same without quotes, as in `.env`, YAML, INI and on command lines."""
_URL = re.compile(r"(?<=://)[^\s/:@\"'`<>]{0,128}:(?P<value>[^\s/@\"'`]{1,256})(?=@[\w\[{$%<-])")
_HEADER = re.compile(r"\b(?:bearer|basic|token)[ \t]+(?P<value>[\w.~+/-]{16,}={0,2})", re.IGNORECASE)
_PAIR = re.compile(
    rf"(?:(?<=[;?&\"'`])|(?<=; )|(?<=[^\s,(:] ))(?:{_PASSWORD}|account_?key|shared_?(?:access_?)?(?:key|secret)|"
    r"access_?(?:key|token)|api_?key|client_?secret|sig|signature|token)=(?P<value>[^\s;&\"'`,(){}]{4,512})"
    r"(?=[;&\"'` ])",
    re.IGNORECASE,
)
"""A pair in a connection string or in the query of a URL."""
_LITERAL = re.compile(r"(?P<quote>[\"'`])(?P<value>(?:0x)?[A-Za-z0-9+/_-]{20,}={0,2})(?P=quote)")
_KEY_LINE = re.compile(r"^[\"'`+#*>, \t]{0,24}(?P<value>[A-Za-z0-9+/]{60,}={0,2})(?=(?:\\n)?[\"'`+;,)\\ \t]*\r?$)")
"""A line of a key whose first line is not in the text."""
_BLOCK = re.compile(
    r"(?<=-----BEGIN )[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----\s*"
    r"(?P<value>(?!-)\S(?:(?!-----).){0,20000}?)\s*(?=-----END )",
    re.DOTALL,
)
_DATA, _SEAM = r"[A-Za-z0-9+/]{16,}={0,2}", r"(?:\\[nr]|[\s\"'`,;#*>])"
_BREAK = rf"{_SEAM}(?:(?:{_SEAM}|\+){{0,24}}{_SEAM})?"
"""What is between the lines of a key in some source code. No text is both data and break, so no search is slow."""
_BLOCK_START = re.compile(rf"(?<= PRIVATE KEY-----){_BREAK}(?P<value>{_DATA}(?:{_BREAK}{_DATA})*)")
_BLOCK_END = re.compile(
    r"(?<![A-Za-z0-9+/<])(?P<value>[A-Za-z0-9+/]{4,80}={0,2})"
    rf"(?={_BREAK}-----END [A-Z0-9 ]{{0,30}}PRIVATE KEY)"
)
_PUTTY = re.compile(r"(?<=Private-Lines: )\d+\s+(?P<value>[A-Za-z0-9+/=]{16,}(?:\s+[A-Za-z0-9+/=]{16,})*)")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-f]{32,}|[0-9A-F]{32,})")
_TYPE = re.compile(r"[A-Za-z_]+(?:8|16|32|64|128|256|512)(?:_t|[A-Z][a-z]+)?")
_EXPRESSION = re.compile(r"(?:[$@&*]|!!?)?[A-Za-z_]\w*(?:(?:\.|->|::)\w+)+|[A-Za-z_]+\d{0,2}")
"""A variable or a member of one, where a value without quotes may be either."""
_VARIABLE = re.compile(r"[ \t#-]*(?:(?:export|set|ENV|ARG)[ \t]+)?[A-Z][A-Z0-9_]*")
"""What is before the sign where a shell, a Dockerfile or an environment file sets a variable."""
_RUNS = re.compile(r"[a-z]+|[A-Z]+|[0-9]+")
_LEAST_RUNS = 0.4
"""Runs of one kind of letter to a letter: letters that are drawn have 0.64, words in camel case 0.25."""
_LEAST_ENTROPY, _LEAST_HEX_ENTROPY = 3.5, 3.0
"""Bits a letter. The second is detect-secrets' limit; its 4.5 for base64 cannot be reached by 22 letters."""


def redact(text: str) -> str:
    """Return `text` with the values that look like secrets replaced by `PLACEHOLDER`.

    What is around a value, such as its quotes, stays. To redact the result again changes nothing. Never raises.
    """
    while found := spans(text):  # ends: each round leaves fewer characters that are no placeholder
        pieces, at = [], 0
        for start, end in found:
            pieces += [text[at:start], PLACEHOLDER]
            at = end
        text = "".join([*pieces, text[at:]])
    return text


def spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of the values that look like secrets, in order. Placeholders are none. Never raises.

    Other values may come to light once these are replaced: `redact` looks until there are no more.
    """
    found: list[tuple[int, int]] = []
    if "PRIVATE KEY" in text or "Private-Lines" in text:
        for pattern in (_BLOCK, _BLOCK_START, _BLOCK_END, _PUTTY):
            _add(found, pattern, text, 0, _always)
    for hints, pattern in FORMATS:
        if any(hint in text for hint in hints):
            found += [one.span() for one in pattern.finditer(text) if _is_new(one.span(), found)]
    at = 0
    for line in text.split("\n"):
        lower = line.lower()
        for hints, pattern, is_secret in _RULES:
            if any(hint in lower for hint in hints):
                _add(found, pattern, line, at, is_secret)
        at += len(line) + 1
    return sorted(found)


def _add(
    found: list[tuple[int, int]],
    pattern: re.Pattern[str],
    text: str,
    at: int,
    is_secret: Callable[[re.Match[str]], bool],
) -> None:
    """Add the spans of the values in `text`, which is `at` characters into the whole, to those `found` before."""
    for one in pattern.finditer(text):
        start, end = one.span("value")
        span = at + start, at + end
        if PLACEHOLDER not in one["value"] and _is_new(span, found) and is_secret(one):
            found.append(span)


def _is_new(span: tuple[int, int], found: list[tuple[int, int]]) -> bool:
    return all(span[1] <= start or end <= span[0] for start, end in found)


def _always(_found: re.Match[str]) -> bool:
    return True


def _given(found: re.Match[str]) -> bool:
    return not _NO_SECRET.fullmatch(found["value"])


def _given_pair(found: re.Match[str]) -> bool:
    return _given(found) and not (_NAMES_ITSELF.fullmatch(found["value"]) or _EXPRESSION.fullmatch(found["value"]))


def _named(found: re.Match[str]) -> bool:
    """Whether a quoted value is worth hiding, by how sure its name is."""
    value = found["value"]
    if _NO_SECRET.fullmatch(value) or _NAMES_ITSELF.fullmatch(value) or re.search(r"\s|^[./]|://", value):
        return False
    if found["password"] and found["sign"] not in ("(", ",", ""):
        return len(value) >= 4
    return _is_mixed(value, 8) or _is_random(value)


def _bare(found: re.Match[str]) -> bool:
    """Whether a value without quotes is one: no variable, type or call, which it may as well be in code."""
    value, sign = found["value"], found["sign"]
    if _NO_SECRET.fullmatch(value) or _NAMES_ITSELF.fullmatch(value) or value[0] in "./~=" or "://" in value:
        return False
    if sign == "=" and _VARIABLE.fullmatch(found.string, 0, found.start("sign")):
        return True
    if _TYPE.fullmatch(value) or not sign.strip():
        return _is_random(value)
    if ":" in sign:
        return _is_mixed(value, 6 if found["password"] else 8)
    return _is_mixed(value, 8 if found["password"] else 16) and not _EXPRESSION.fullmatch(value)


def _is_mixed(value: str, least: int) -> bool:
    """Whether a value of at least that many characters has both letters and digits, or signs as passwords have."""
    if len(value) < least or _TYPE.fullmatch(value):
        return False
    return bool(re.search(r"[^\W\d_]", value)) and bool(re.search(r"\d|[!@#$%^&*+=~?]", value))


def _is_random(value: str) -> bool:
    """Whether a long value was drawn: hexadecimal of 128 bits and more, or letters of all kinds in no order."""
    if _HEX.fullmatch(value):
        return not value.isdecimal() and _entropy(value) >= _LEAST_HEX_ENTROPY
    if len(value) < 16 or _entropy(value) < _LEAST_ENTROPY:
        return False
    runs = _RUNS.findall(value)
    kinds = {"a" if run.islower() else "A" if run.isupper() else "0" for run in runs}
    return len(kinds) == 3 and len(runs) >= _LEAST_RUNS * len(value)


def _random_value(found: re.Match[str]) -> bool:
    return _is_random(found["value"])


def _entropy(value: str) -> float:
    """Shannon's entropy of the letters, in bits."""
    return -sum(n / len(value) * log2(n / len(value)) for n in Counter(value).values())


_NAMES = ("pass", "pwd", "secret", "token", "key", "credential", "auth")
_PAIR_ENDS = ("word=", "wd=", "phrase=", "code=", "pass=", "key=", "secret=", "sig=", "signature=", "token=")
_RULES: tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (("://",), _URL, _given),
    (_NAMES, _NAMED, _named),
    (_PAIR_ENDS, _PAIR, _given_pair),
    (_NAMES, _BARE, _bare),
    (("bearer", "basic", "token"), _HEADER, lambda found: _is_mixed(found["value"], 16)),
    (('"', "'", "`"), _LITERAL, _random_value),
    (("",), _KEY_LINE, _random_value),
)
"""For a line: texts of which one must be in it in lower case, what to look for then, and which is a secret."""
