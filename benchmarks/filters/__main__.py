"""`python -m benchmarks.filters`: time of each filter, and what it keeps back of what really stands there."""

from __future__ import annotations

import gc
import itertools
import sys
import sysconfig
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from ai_lsp.completion.place import Place
from ai_lsp.context.installed import Found, Installed, look
from ai_lsp.filters.chain import Chain
from ai_lsp.filters.standard import Services, chain_from, filters_from
from ai_lsp.filters.whole import Parts, whole_at
from ai_lsp.options import FilterOptions
from ai_lsp.syntax.faults import parsed
from benchmarks.filters.samples import Sample, from_environment, from_packages
from benchmarks.filters.worse import is_worse
from benchmarks.latency.stats import percentile

_WRONG = {"parses": 0.01, "names": 0.01}
"""The share of what is right that a filter may cut or keep back."""
_CHAIN_MS = 3.0
"""CPU time of the whole chain, 95th percentile."""
_ALL = "all together"
_BEFOREHAND = "beforehand"
"""What the chain does for a place while the model writes; the time of `_ALL` is without it, as in the server."""
_INSTALLED = sysconfig.get_path("purelib")
"""The packages' samples come without the environment that their imports need."""


class _Here(Installed):
    """The modules of the environment that this very interpreter has."""

    def __init__(self, root: Path) -> None:
        super().__init__(lambda: [root], lambda: 0.0)
        self._here = look(root)

    def _known(self, place: Place) -> Found | None:
        return self._here if place.path.startswith(_INSTALLED) else None


@dataclass
class Figures:
    """What one filter did, by kind of sample."""

    ms: list[float] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    vetoed: Counter[str] = field(default_factory=Counter)
    worse: Counter[str] = field(default_factory=Counter)
    """Of those that were cut, after how many the file parses worse than before and with all of it."""

    def add(self, sample: Sample, text: str, ms: float) -> None:
        """Count one decision."""
        self.ms.append(ms)
        self.asked[sample.kind] += 1
        self.vetoed[sample.kind] += not text
        self.cut[sample.kind] += bool(text) and text.rstrip() != sample.text.rstrip()

    def share(self, kind: str) -> float:
        """Return the share of the samples of `kind` that it changed or kept back."""
        return (self.cut[kind] + self.vetoed[kind]) / max(1, self.asked[kind])

    @property
    def p95(self) -> float:
        """The 95th percentile of its time, in milliseconds."""
        return percentile(self.ms, 0.95)


def measure(samples: Iterable[Sample], show: bool) -> dict[str, Figures]:
    """Run each filter, and the chain of all, on each sample; CPU time, so that a busy machine does not count."""
    documents, wholes = {}, list[Parts | None]()
    services = Services(
        modules=_Here(Path(sys.prefix).parent),
        lines_of=lambda place: documents.get(place.uri),
        whole_of=lambda _place: wholes[-1],
    )
    filters = filters_from(FilterOptions(), services)
    chain = chain_from(FilterOptions(), services)
    runs = {**filters, _ALL: chain.run}
    found: dict[str, Figures] = defaultdict(Figures)
    for sample in samples:
        documents.clear()
        documents[sample.place.uri] = sample.document.lines
        wholes[:] = [_whole(sample)]
        for number, (name, run) in enumerate(runs.items()):
            place = replace(sample.place, version=number)  # so that none profits from what another has kept
            if name == _ALL:
                found[_BEFOREHAND].ms.append(_timed(chain, place))
            start = time.thread_time()
            answer = run(sample.text, place)
            ms = (time.thread_time() - start) * 1000
            text = answer[0] if isinstance(answer, tuple) else answer.text
            found[name].add(sample, text, ms)
            if name == _ALL and text and text != sample.text:
                found[name].worse[sample.kind] += is_worse(sample, text)
            if show and sample.kind == "true" and name in _WRONG and text != sample.text:
                print(f"{name}: {sample.place.path}:{sample.place.line + 1}: {sample.text!r} -> {text!r}")
    return found


def _whole(sample: Sample) -> Parts | None:
    """Return what the server has of an open document, whose tree it keeps."""
    tree = parsed("".join(sample.document.lines), sample.place.language)
    return whole_at(sample.place, sample.document.lines, tree.tree) if tree is not None else None


def _timed(chain: Chain, place: Place) -> float:
    start = time.thread_time()
    for prepare in chain.beforehand:
        prepare(place)
    return (time.thread_time() - start) * 1000


@click.command()
@click.option(
    "--count", default=1000, show_default=True, help="Places in packages, and half as many in what is installed."
)
@click.option("--seed", default=1, show_default=True, help="Chooses the places.")
@click.option("--show", is_flag=True, help="Print what parses and names keep back of what is right.")
def main(count: int, seed: int, show: bool) -> None:
    """Measure the filters; fails when a target is missed."""
    samples = list(itertools.chain(from_packages(count, seed), from_environment(count // 2, seed)))
    gc.freeze()
    found = measure(samples, show)
    table = Table("filter", "p50 ms", "p95 ms", "most ms", "cut", "kept back", "of late", "of damaged")
    for name, figures in found.items():
        times = (f"{percentile(figures.ms, share):.2f}" for share in (0.5, 0.95, 1.0))
        true = (
            f"{counter['true'] / max(1, figures.asked['true']):.1%}" for counter in (figures.cut, figures.vetoed)
        )
        table.add_row(name, *times, *true, f"{figures.share('late'):.1%}", f"{figures.share('damaged'):.1%}")
    asked = found[_ALL].asked
    Console().print(table, f"{asked['true']} places; cut and kept back of what really stands there")
    worse, cut = found[_ALL].worse, found[_ALL].cut
    print(f"parses worse after a cut: {worse['true'] + worse['late']} of {cut['true'] + cut['late']}; ", end="")
    print(f"of damaged ones {worse['damaged']} of {cut['damaged']}")
    is_late = found[_ALL].p95 > _CHAIN_MS
    sys.exit(
        is_late or worse.total() > 0 or any(found[name].share("true") > most for name, most in _WRONG.items())
    )


if __name__ == "__main__":
    main()
