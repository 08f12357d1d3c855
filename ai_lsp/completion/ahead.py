"""The suggestion after this one, made while the user reads: as if this one were accepted and Enter pressed.

The KV holds the prompt and the suggestion's own tokens already, so that nothing is prefilled; Copilot and
llama.vim do the same through their servers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ai_lsp.completion import prompt
from ai_lsp.completion.cache import Cache, Entry
from ai_lsp.completion.place import Place
from ai_lsp.context.snippet import Snippet
from ai_lsp.engine.generate import Limits
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.jobs import Job, Priority
from ai_lsp.engine.model_info import ModelInfo

_MOST_TOKENS = 32


def job_after(
    place: Place, text: str, info: ModelInfo, cache: Cache, snippets: Sequence[Snippet] = ()
) -> Job | None:
    """Return the job that continues after `text` is accepted at `place`, to be submitted when nobody waits.

    `snippets` is the context that the prompt of `place` had. The result goes to the cache by `remember`. None when
    the cache knows the answer already.
    """
    then = replace(place, prefix=place.prefix + text)
    if cache.get(then.uri, then.prefix, then.suffix) is not None:
        return None
    return Job(place.uri, prompt.build(then, info, snippets), Priority.AHEAD, Limits(next_line, _MOST_TOKENS))


def next_line(generation: Generation) -> tuple[int, str] | None:
    """Stop at the end of the first line that says something."""
    text = generation.text
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    return (end, "end of the line") if 0 <= start < end else None


def remember(job: Job, place: Place, text: str, cache: Cache) -> None:
    """Put what came into the cache, if it starts a new line: what continues the accepted one is asked for anew."""
    generation = job.generation
    if generation.finished and generation.text.startswith("\n"):
        entry = Entry(generation.text, True, generation.mean_logprob, generation)
        cache.put(place.prefix + text, place.suffix, place.uri, entry)
