"""The filters that we bring and those of packages, in their order, as the options want them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ai_lsp.completion.place import Place
from ai_lsp.filters.blank import blank
from ai_lsp.filters.brackets import Brackets
from ai_lsp.filters.chain import Chain
from ai_lsp.filters.decision import Filter
from ai_lsp.filters.fence import fence
from ai_lsp.filters.fim_tokens import fim_tokens
from ai_lsp.filters.imports import Imports
from ai_lsp.filters.indentation import indentation
from ai_lsp.filters.insecure import Insecure
from ai_lsp.filters.licence import Copied, licence_filter, nothing
from ai_lsp.filters.lines import scan_before
from ai_lsp.filters.modules import Modules, NoModules
from ai_lsp.filters.names import LinesOf, Names, no_lines
from ai_lsp.filters.overlap import overlap
from ai_lsp.filters.own_rules import OwnRules, read_own
from ai_lsp.filters.parses import Parses, ParsesWhenCut, parses_around
from ai_lsp.filters.plugins import plugins
from ai_lsp.filters.rejections import Rejections
from ai_lsp.filters.repetition import Repetition
from ai_lsp.filters.secrets import secrets
from ai_lsp.filters.tallies import Tallies
from ai_lsp.filters.whole import WholeOf, no_whole
from ai_lsp.options import FilterOptions


@dataclass(frozen=True, slots=True)
class Services:
    """What filters get from the rest of the server, and what outlives a change of the options."""

    modules: Modules = field(default_factory=NoModules)
    lines_of: LinesOf = no_lines
    copied: Copied = nothing
    """What the licence index knows, ..."""
    before_copied: Callable[[Place], object] = nothing
    """... and what it can find out without the text."""
    whole_of: WholeOf = no_whole
    rejections: Rejections = field(default_factory=Rejections)
    tallies: Tallies = field(default_factory=Tallies)


def filters_from(options: FilterOptions, services: Services) -> dict[str, Filter]:
    """Return every filter by the name that options and decisions use, in the order in which they run.

    Those that are switched off are there too.
    """
    ours: dict[str, Filter] = {
        "fim_tokens": fim_tokens,
        "fence": fence,
        "blank": blank,
        "repetition": Repetition(services.rejections.at),
        "overlap": overlap,
        "brackets": Brackets(services.lines_of),
        "indentation": indentation,
        "secrets": secrets,
        "insecure": Insecure(options.rules_off),
        "rules": OwnRules(read_own(options.rules, check=False).rules, options.rules_off, services.lines_of),
        "parses": Parses(services.whole_of),
        "imports": Imports(options.imports_allowed, options.imports_forbidden, services.modules),
        "names": Names(services.modules, services.lines_of),
        "licence": licence_filter(services.copied),
    }
    return {**ours, **plugins(frozenset(ours))}


def chain_from(options: FilterOptions, services: Services | None = None) -> Chain:
    """Return the chain that the options want; by default each such chain counts for itself."""
    services = services if services is not None else Services()
    filters = filters_from(options, services)
    prepared = {
        name: each.prepare for name, each in filters.items() if isinstance(each, (Insecure, OwnRules, Names))
    }
    return Chain(
        filters,
        options.off,
        {"parses": ParsesWhenCut(services.whole_of)},
        services.tallies,
        beforehand={
            "brackets": scan_before,
            "parses": parses_around,
            **prepared,
            "licence": services.before_copied,
        },
    )
