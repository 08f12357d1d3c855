"""A test of a function, in the repository's own folder and framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_lsp.actions import extract
from ai_lsp.actions.action import Refused
from ai_lsp.actions.around import Definition
from ai_lsp.actions.edits import NewFile, applied, insertion
from ai_lsp.actions.forms import skeletons
from ai_lsp.actions.forms.form import Draft, Material, Result, Surroundings, Unusable
from ai_lsp.actions.forms.frameworks import Home, home_of, is_test, read
from ai_lsp.actions.forms.names import unknown_names
from ai_lsp.actions.subject import Subject
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import Part

_EXAMPLE_CHARS = 1_500


@dataclass(frozen=True)
class Plan:
    """Where a test goes, and what its file begins with."""

    home: Home
    imports: str
    there: Sequence[str] | None
    """The lines of the test's file; None for a new one."""


def material(subject: Subject, around: Surroundings) -> Material:
    """Find out how the repository is tested, and give one of its tests as an example."""
    definition, text = _function(subject), subject.text
    if not text.file or not text.root or not text.uri.startswith("file:"):
        raise Refused("this file is in no folder of the workspace")
    if is_test(Path(text.file)):
        raise Refused("this file is a test itself")
    home = home_of(Path(text.file), Path(text.root), text.language)
    imports = skeletons.imports_for(home, Path(text.file), Path(text.root), definition, subject)
    parts: tuple[Part, ...] = (Part("code", text.file),)
    example = ""
    if home.example is not None and home.example != Path(text.file) and around.may_be_read(home.example):
        example = redact(_beginning(read(home.example)))
        parts += (Part("other_files", str(home.example)),)
    values = {"framework": home.framework, "imports": imports, "example": example}
    plan = Plan(home, imports, around.lines_of(home.path))
    return Material(values, parts, extras=("example",), plan=plan)


def tested(draft: Draft) -> Result:
    """Return the new file, or the edit of the one that is there; frame and imports come from here."""
    plan: Plan = draft.material.plan
    home, definition = plan.home, _function(draft.subject)
    code = extract.code(draft.answer, draft.subject.text.language)
    test = skeletons.test_in(code, home.framework, definition, draft.subject.text.language)
    if home.framework == "cargo test":
        lines = draft.subject.text.lines
        return Result((insertion(lines, len(lines), skeletons.rust_module(test, "".join(lines))),))
    if plan.there is None:
        text = skeletons.file_with(plan.imports, code, test, home)
        _knows_its_names(text, home)
        return Result(files=(NewFile(str(home.path), text),))
    made = skeletons.added(plan.there, plan.imports, test, home)
    _knows_its_names("".join(applied(plan.there, made)), home)
    return Result(other=((str(home.path), tuple(made)),))


def _knows_its_names(text: str, home: Home) -> None:
    if home.path.suffix == ".py" and (unknown := unknown_names(text)):
        raise Unusable(f"uses `{unknown[0]}`, which is nowhere defined")


def _function(subject: Subject) -> Definition:
    if subject.definition is None:
        raise Refused("there is no definition here")
    return subject.definition


def _beginning(text: str) -> str:
    """Return the first whole lines of an example."""
    return text if len(text) <= _EXAMPLE_CHARS else text[:_EXAMPLE_CHARS].rpartition("\n")[0]
