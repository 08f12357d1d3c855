"""All clients in all repositories, by turns."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from ai_lsp.host import engine_settings
from ai_lsp.models.store import resolve
from ai_lsp.options import ModelOptions
from benchmarks.latency.ours import Ours
from benchmarks.latency.peers.llama_vim import LlamaVim
from benchmarks.latency.peers.process import Process
from benchmarks.latency.replay import Answerer
from benchmarks.quality import scratch, visits
from benchmarks.quality.bench import Bench
from benchmarks.quality.cases import Case
from benchmarks.quality.contestants import SOURCES
from benchmarks.quality.corpus import Repository
from benchmarks.quality.keystrokes.person import Tally
from benchmarks.quality.keystrokes.sitting import Plan, sit
from benchmarks.quality.run import Say, holed_texts

Found = dict[str, dict[str, Tally]]
"""By client, then by the case's id."""
Make = Callable[[Path], Answerer]


async def run(model: str, seed: int, cases: Sequence[Case], repositories: Sequence[Repository], say: Say) -> Found:
    """Type the text of each case that has one with each client, at most one case a file."""
    clients = _clients(model, seed)
    found: Found = {name: {} for name in clients}
    for repository in repositories:
        here = _one_a_file([case for case in cases if case.package == repository.name and case.expected])
        if not here:
            continue
        with tempfile.TemporaryDirectory(prefix="ai-lsp-quality-") as folder:
            root = scratch.copy(repository, here, Path(folder).resolve())
            plan = Plan(_visits(here, repository, seed), here)
            for name, make in clients.items():
                say(f"{repository.name}: {name} types {len(here)} texts")
                answerer = make(root)
                await answerer.start(plan.files)
                try:
                    found[name].update(await sit(answerer, plan, seed))
                finally:
                    await answerer.stop()
    return found


def _clients(model: str, seed: int) -> dict[str, Make]:
    bench = Bench(model)
    fim = bench.fim
    bench.close()
    found = resolve(model)
    threads = engine_settings(ModelOptions(name=model), found).context.threads

    def llama_vim(_root: Path) -> Answerer:
        return LlamaVim(Process("llama-server", str(found.path), str(threads)), fim=fim, seed=seed)

    return {
        "ai-lsp": lambda root: Ours(model, root),
        "without context": lambda root: Ours(model, root, name="without context", off=SOURCES),
        "llama.vim": llama_vim,
    }


def _one_a_file(cases: Sequence[Case]) -> list[Case]:
    return list({case.path: case for case in reversed(cases)}.values())


def _visits(cases: Sequence[Case], repository: Repository, seed: int) -> list[visits.Visit]:
    """Return the files that were open before the first case, without those of the cases themselves."""
    taken = {case.path for case in cases}
    before = visits.before(cases[0], repository, holed_texts(cases), seed)
    return [visit for visit in before if visit.path not in taken]
