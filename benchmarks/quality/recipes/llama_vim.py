"""llama.vim's window and ring, by the same rules and limits as in the latency benchmark.

The ring is as after a sitting: each file was entered (a chunk around the cursor on entering and on leaving), then
the case's file, where the cursor went to its place from far off (chunks from far above it and from just below the
window). All that was queued has had the time to get in.
"""

from __future__ import annotations

import random
from dataclasses import replace

from benchmarks.latency.corpus import File
from benchmarks.latency.peers import infill, texts
from benchmarks.latency.peers.ring import CHUNK_LINES, Ring
from benchmarks.quality.recipes.view import Parts, View

_HALF = CHUNK_LINES // 2
_SCOPE_LINES = 1024
_SUFFIX_CHARS = 768
"""The server cuts the suffix to a quarter of its batch of 1,024 tokens; at 3 characters a token."""


def llama_vim(view: View) -> Parts:
    """Lay out the ring's chunks, then up to 256 lines above the cursor; up to 64 below."""
    around = _around(view)
    local = replace(around.local(), middle=view.place.line_before)
    chunks = _ring(view, around).chunks
    _, asked = infill.ask(local, chunks, fim=False, predict_ms=0, seed=0)
    _, alone = infill.ask(local, (), fim=False, predict_ms=0, seed=0)
    header = asked["prompt"].removesuffix(alone["prompt"])
    return Parts((header,) if header else (), alone["prompt"], local.suffix[:_SUFFIX_CHARS])


def _around(view: View) -> texts.Texts:
    case = view.case
    found = texts.Texts([File(case.path, case.language, case.text)])
    found.cursor = len(case.prefix)
    return found


def _ring(view: View, around: texts.Texts) -> Ring:
    ring = Ring(random.Random(view.case.package))
    for visit in view.visits:
        lines = visit.text.split("\n")
        for _ in ("entered", "left"):
            ring.pick(lines[max(0, visit.line - _HALF) : visit.line + _HALF + 1], visit.path, evict=True)
            ring.advance()
    path = view.case.path
    ring.pick(around.around(_SCOPE_LINES, -texts.PREFIX_LINES), path, evict=False)
    ring.pick(around.around(-texts.SUFFIX_LINES, texts.SUFFIX_LINES + CHUNK_LINES), path, evict=False)
    while ring.advance():
        pass
    ring.drop_similar(around.around(_HALF, _HALF))
    return ring
