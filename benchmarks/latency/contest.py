"""One trace for all contestants, who take turns by segments so that all see the same machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ai_lsp.host import engine_settings
from ai_lsp.models.store import InstalledModel, resolve
from ai_lsp.options import ModelOptions
from benchmarks.latency.corpus import File
from benchmarks.latency.figures import Run
from benchmarks.latency.keys import Keys
from benchmarks.latency.limit import Limit
from benchmarks.latency.machine import Machine
from benchmarks.latency.ours import Ours
from benchmarks.latency.peers.llama_vim import LlamaVim
from benchmarks.latency.peers.plain import Plain
from benchmarks.latency.peers.process import Process
from benchmarks.latency.replay import SEGMENT, Answerer, replay, segments
from benchmarks.latency.traces import Event

PEERS = ("plain", "llama-server", "llama-server-cancels")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Contest:
    """Who takes part, and with what."""

    model: str
    workspace: Path
    seed: int
    peers: tuple[str, ...]
    peer_segments: int | None
    """How many segments the peers replay; all when None."""
    cancels: bool
    """Whether an unanswered request of ours is cancelled by the next."""

    def ours(self) -> Ours:
        """Return a server that has not yet started."""
        return Ours(self.model, self.workspace, cancels=self.cancels)


async def run(contest: Contest, files: list[File], events: list[Event], say: Say, keys: Keys) -> Run:
    """Replay the trace with everybody; each key goes to `keys` too."""
    found = resolve(contest.model)
    settings = engine_settings(ModelOptions(name=contest.model), found).context
    limit = Limit(found.path, settings, files)
    ours, machine = contest.ours(), Machine()
    contestants = [ours, *_peers(contest, found, settings.threads, fim=limit.fim)]
    result = Run({one.name: [] for one in contestants}, limit.ms)
    for one in contestants:
        say(f"starting {one.name}")
        await one.start(files)
    parts = segments(events)
    for number, part in enumerate(parts):
        for one in contestants:
            if one is ours or contest.peer_segments is None or number < contest.peer_segments:
                say(f"segment {number + 1} of {len(parts)}: {one.name}")
                answers = await replay(one, part)
                result.answers[one.name].append(answers)
                keys.add(one.name, number * SEGMENT, part, answers)
                limit.sample()
        await machine.sample()
    result.token_ms, result.rss_mb, result.loop = limit.token_ms, ours.rss_mb, await ours.loop_times()
    result.machine = await machine.stop()
    result.complaints = [complaint for one in contestants if (complaint := await ended(one))]
    return result


async def ended(contestant: Answerer) -> str:
    """Stop a contestant; return what was wrong at its end, since what was measured must not be lost."""
    try:
        await contestant.stop()
    except AssertionError as error:
        return f"{contestant.name}: {error}"
    return ""


def _peers(contest: Contest, model: InstalledModel, threads: int, *, fim: bool) -> list[Answerer]:
    llama_vim = partial(LlamaVim, fim=fim, seed=contest.seed)
    by_name: dict[str, tuple[str, Callable[[Process], Answerer]]] = {
        "plain": ("plain", Plain),
        "llama-server": ("llama-server", llama_vim),
        "llama-server-cancels": ("llama-server", partial(llama_vim, cancels=True)),
    }
    chosen = [by_name[name] for name in contest.peers]
    return [make(Process(kind, str(model.path), str(threads))) for kind, make in chosen]
