"""Regular expressions that cannot be slow, whoever wrote them.

RE2 takes time in proportion to the text, where Python's own engine takes forever on `(a+)+$`; the price is that
it has no look-around and no back references.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_LARGEST = 3000
"""RE2's instructions: a search takes some nanoseconds for each of them and each byte."""


@lru_cache(maxsize=4096)
def expression(pattern: str) -> Any:
    """Return `pattern` compiled; it works on bytes, and `^` and `$` are at the ends of lines.

    Raises ValueError with what is wrong and how to mend it.
    """
    import re2  # when the first rule is read: it takes 4 ms and 2 MB

    try:
        compiled = re2.compile(f"(?m){pattern}", _options())
    except re2.error as error:
        raise ValueError(_mended(error.args[0].decode("utf-8", "replace").replace("(?m)", ""))) from error
    except UnicodeEncodeError as error:
        raise ValueError("the text is not valid Unicode") from error
    if compiled.programsize > _LARGEST:
        raise ValueError("it is too large: write smaller numbers in its {} or make two rules of it")
    if compiled.search(b"") is not None:
        raise ValueError("it is found in any text, even an empty one: ask for a letter at least")
    return compiled


def several(patterns: Sequence[str]) -> tuple[Any, list[int]]:
    """Return a set of those of `patterns` that can be compiled, and their numbers in the order of the set's.

    The set's `Match` tells which of them are somewhere in some bytes. None in its place where that takes too much.
    """
    import re2

    found, taken = re2.Set.SearchSet(_options()), []
    for number, pattern in enumerate(patterns):
        try:
            expression(pattern)
        except ValueError:
            continue
        found.Add(f"(?m){pattern}")
        taken.append(number)
    try:
        found.Compile()
    except re2.error:
        return None, []
    return found, taken


def _options() -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.one_line = False
    return options


def _mended(message: str) -> str:
    if "perl operator" in message or "escape sequence" in message:
        return f"{message}: RE2 has no look-around and no back references; say what must not be there as `unless`"
    if "repetition size" in message:
        return f"{message}: a number in {{}} is 1000 at most, also multiplied with one around it"
    return message
