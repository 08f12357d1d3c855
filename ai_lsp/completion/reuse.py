"""A text that was made earlier, for the place that somebody has come to meanwhile."""

from __future__ import annotations

from ai_lsp.completion import stop
from ai_lsp.completion.cache import Cache
from ai_lsp.completion.place import Place
from ai_lsp.completion.trace import TYPED_THROUGH, Trace
from ai_lsp.engine.generation import Generation


def reused(cache: Cache, place: Place, trace: Trace, *, typed_only: bool) -> str | None:
    """Return what the cache has for `place`, and note in `trace` what is known of it; None where it has nothing.

    With `typed_only` only the rest of what is being typed through counts.
    """
    hit = cache.get(place.uri, place.prefix, place.suffix)
    if hit is None:
        return None
    text = stop.safe_prefix(hit.text, hit.entry.complete)
    if not text or ((typed_only or text.startswith("\n")) and not hit.typed):  # Enter is waited for
        return None
    trace.cached = True
    trace.reason = TYPED_THROUGH if hit.typed else "cached"
    if isinstance(hit.entry.trace, Generation):
        trace.reused(hit.entry.trace, len(hit.typed))
    return text
