"""Answers that are shown, and those that become a new file."""

from __future__ import annotations

from pathlib import Path

from ai_lsp.actions import extract
from ai_lsp.actions.action import Refused
from ai_lsp.actions.edits import NewFile
from ai_lsp.actions.forms.form import Draft, Material, Result, Surroundings, Unusable
from ai_lsp.actions.subject import Subject


def shown(draft: Draft) -> Result:
    """Return the answer as it is, to be read."""
    text = extract.without_thoughts(draft.answer).strip()
    if not text:
        raise Unusable("is empty")
    return Result(text=text)


def material(subject: Subject, _around: Surroundings) -> Material:
    """Refuse a new file where there is no folder that it could be in."""
    if not subject.text.root:
        raise Refused("this file is in no folder of the workspace")
    return Material()


def made(draft: Draft) -> Result:
    """Return the new file, where the action's header says, within the repository."""
    from ai_lsp.actions.template import render  # brings Jinja, which no start should wait for

    subject, definition = draft.subject, draft.subject.definition
    values = {"name": definition.name if definition else "", "path": subject.text.path}
    name = render(draft.action.file, {**values, "language": subject.text.language})
    path = inside(Path(subject.text.root), name)
    is_text = path.suffix in (".md", ".txt", ".rst")
    text = extract.prose(draft.answer) if is_text else extract.code(draft.answer, subject.text.language)
    if not text.strip():
        raise Unusable("is empty")
    return Result(files=(NewFile(str(path), text.rstrip() + "\n"),))


def inside(root: Path, name: str) -> Path:
    """Return where a new file of that name is; raises Refused for what is elsewhere or there already."""
    path = (root / name).resolve()
    if not name or not path.is_relative_to(root.resolve()) or ".git" in path.parts:
        raise Refused(f"{name!r} is not in the folder {root}")
    if path.exists():
        raise Refused(f"{path} is there already")
    return path
