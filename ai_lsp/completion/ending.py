"""Where a generation ends before the model ends it: by rules on its text, and where the model is unsure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ai_lsp.completion.place import Place
from ai_lsp.completion.stop import Stop, first_stop, rules_for
from ai_lsp.completion.whole import WholeStop
from ai_lsp.engine.generation import Generation, StopAt

_WORD_END = re.compile(r"[\w$]+\Z")
_ACCESS_END = re.compile(r"(?:\?\.|(?<!\.)\.|->|::)\Z")
_WORD_START = re.compile(r"[\w$]")


def ending(place: Place, *, multiline: str, max_lines: int, least: float) -> StopAt:
    """Return what the engine asks after each token.

    `multiline` and `max_lines` are as in `rules_for`; `least` is the probability, 0 to 1, that all of the text is
    right, below which only what comes before is kept.
    """
    rules, is_block = rules_for(place, multiline=multiline, max_lines=max_lines)
    if not is_block:
        rules.append(WholeStop(place))
    floor = math.log(least) if least > 0 else -math.inf

    def stop_at(generation: Generation) -> tuple[int, str] | None:
        found = first_stop(rules, generation.text)
        doubt = collapse(generation.text, generation.logprobs, generation.ends, floor)
        if found is None or (doubt is not None and doubt.at < found.at):
            found = doubt
        return None if found is None else (found.at, found.reason)

    return stop_at


def collapse(text: str, logprobs: Sequence[float], ends: Sequence[int], floor: float) -> Stop | None:
    """Return the stop where the log-probability of all of `text` has fallen below `floor`; None while it has not.

    `ends` are the characters of the text after each token. What is kept ends before the last token: with a whole
    line if there is one, else before the name that the token belongs to and a dot that nothing follows; nothing is
    kept of a text without a letter or digit. The first token alone is for a filter to judge.
    """
    if len(logprobs) < 2 or sum(logprobs) >= floor:
        return None
    kept, rest = text[: ends[-2]], text[ends[-2] :]
    whole = kept.rpartition("\n")[0]
    if whole.strip():
        kept = whole
    elif _WORD_START.match(rest):
        kept = _WORD_END.sub("", kept)
    kept = _ACCESS_END.sub("", kept)
    return Stop(len(kept) if _WORD_START.search(kept) else 0, "unsure")
