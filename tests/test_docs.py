"""The documentation names what the code has."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import click
import pytest

from ai_lsp.cli import main
from ai_lsp.completion.signals import Signals
from ai_lsp.completion.trace import STAGES
from ai_lsp.completion.trigger import REASONS
from ai_lsp.context.gather import WEIGHTS
from ai_lsp.engine.generation import Counts
from ai_lsp.features import COMMANDS
from ai_lsp.filters.standard import Services, filters_from
from ai_lsp.knowledge import Knowledge
from ai_lsp.options import FilterOptions

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
PAGES += [*(ROOT / "editors").glob("*.md"), *(ROOT / "editors").glob("*/*.md")]


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_lsp_commands(command: str) -> None:
    assert f"`{command}`" in page("docs/protocol.md")


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_stages(stage: str) -> None:
    assert f"| `{stage}` | {STAGES[stage]} |" in page("docs/protocol.md")


@pytest.mark.parametrize("stage", sorted(STAGES.keys() - {"total"}))
def test_stages_in_neovim(stage: str) -> None:
    assert f'"{stage}"' in page("editors/nvim/lua/ai_lsp/why.lua")


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Counts)])
def test_counts(field: str) -> None:
    assert f"`{field}`" in page("docs/protocol.md")


@pytest.mark.parametrize("name", [source.name for source in Knowledge().keeper.gatherer.sources])
def test_sources(name: str) -> None:
    assert f"| `{name}` |" in page("docs/context.md")
    assert name in WEIGHTS


@pytest.mark.parametrize("name", sorted(filters_from(FilterOptions(), Services())))
def test_filters(name: str) -> None:
    assert f"`{name}`" in page("docs/filters.md")


@pytest.mark.parametrize("name", sorted(REASONS))
def test_reasons_of_the_trigger(name: str) -> None:
    action, words = REASONS[name]
    assert f"| `{name}` | {action.value} | {words.format('…')} |" in page("docs/trigger.md")


def ends() -> set[str]:
    sources = "".join(page(f"ai_lsp/completion/{name}.py") for name in ("stop", "ending", "whole"))
    return set(re.findall(r'Stop\([^"\n]+, "([^"]+)"', sources))


@pytest.mark.parametrize("reason", sorted(ends()))
def test_why_decoding_ends(reason: str) -> None:
    assert len(ends()) > 10
    assert f"`{reason}`" in page("docs/trigger.md")


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Signals)])
def test_signals(name: str) -> None:
    assert f"| `{name}` |" in page("docs/trigger.md")


def command_line() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in main.commands.items():
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", one) for sub, one in command.commands.items()]
        else:
            found.append((name, command))
    return found


@pytest.mark.parametrize(
    ("name", "command"), command_line(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_command_line(name: str, command: click.Command) -> None:
    group, _, sub = name.partition(" ")
    row = next((line for line in page("README.md").splitlines() if line.startswith(f"| `ai-lsp {group}")), "")
    assert sub in row and row, f"README.md does not name ai-lsp {name}"
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name} has no help"


@pytest.mark.parametrize(
    "module", sorted(path for path in (ROOT / "ai_lsp").rglob("*.py")), ids=lambda path: path.name
)
def test_the_map_names_every_module(module: Path) -> None:
    if module.name == "__init__.py" and module.parent.name != "cli":
        return
    assert module.name in page("docs/architecture.md"), f"docs/architecture.md does not name {module}"


def test_the_map_names_no_module_that_is_gone() -> None:
    modules = {path.name for path in (ROOT / "ai_lsp").rglob("*.py")}
    rows = [line for line in page("docs/architecture.md").splitlines() if line.startswith("| `ai_lsp/")]
    named = {name for line in rows for name in re.findall(r"(\w+\.py)", line)}
    assert named <= modules


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_table_of_editors_names_tests_that_are_there() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "editors").rglob("test_*"))
    named = re.findall(r"`(test_\w+)`", page("editors/README.md"))
    assert len(named) > 30
    assert [name for name in named if name not in code] == []


@pytest.mark.parametrize("target", ["demo", "test", "install"])
def test_make_targets(target: str) -> None:
    assert re.search(rf"^{target}:", page("Makefile"), re.MULTILINE)


def test_every_test_that_the_table_of_editors_names_is_there() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", page("editors/README.md"))
    assert len(named) > 30
    assert [name for name in named if f"def {name}(" not in code] == []
