"""What can be wrong on a machine, one small check each, and how to mend it. Nothing here uses the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ai_lsp import config
from ai_lsp.doctor import editors, licences, machine, model, providers
from ai_lsp.doctor.finding import ERROR, OK, Finding
from ai_lsp.roles.table import local_model

__all__ = ["Finding", "configured", "findings"]


def findings(root: Path) -> Iterator[Finding]:
    """Run every check for a workspace at `root`; the last of the model loads it and takes seconds."""
    configuration = config.load(root)
    options = replace(configuration.options, model=local_model(configuration.options))
    yield from _guarded("python", lambda: [machine.python()])
    library = machine.library()
    yield library
    if library.state == OK:
        yield from _guarded("processor", lambda: [machine.processor(machine.built_for(), machine.cpu_flags())])
        yield from _guarded("gpu", lambda: [machine.gpu(machine.offloads(), options.model.gpu_layers)])
    yield from _guarded("load", lambda: [machine.load(*machine.busy_cores())])
    yield from _guarded("configuration", lambda: configured(configuration))
    installed = list(_guarded("model", lambda: model.installed(options.model)))
    yield from installed
    if all(finding.state != ERROR for finding in (library, *installed)):
        yield from _guarded("loading", lambda: model.speed(options))
    yield from _guarded("providers", lambda: providers.providers(options, str(root.absolute())))
    yield from _guarded("licences", lambda: [licences.index(root, options.filters)])
    yield from _guarded("editors", editors.editors)
    yield from _guarded("command", lambda: [editors.command()])


def _guarded(name: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Pass on what `check` finds; a check that fails itself is one more finding and stops no other."""
    try:
        yield from check()
    except Exception as error:
        yield Finding(name, ERROR, f"the check itself failed: {type(error).__name__}: {error}")


def configured(configuration: config.Configuration) -> Iterator[Finding]:
    """Report what is wrong in the configuration, and where it was said."""
    for problem in configuration.problems:
        mend = f"edit {problem.source}"
        if problem.source == config.ENVIRONMENT:
            mend = f"change or unset AI_LSP_{problem.name.upper().replace('.', '_')}"
        yield Finding("configuration", ERROR, problem.message.removeprefix("ai-lsp: "), mend)
    if configuration.problems:
        return
    changed = [origin for origin in configuration.origins.values() if origin != config.DEFAULT]
    sources = ", ".join(sorted(set(changed)))
    finding = f"options set: {len(changed)}, by {sources}" if changed else "every option is at its default"
    yield Finding("configuration", OK, f"{finding}; see `ai-lsp config show`")
