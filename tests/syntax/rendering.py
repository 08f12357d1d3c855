"""An outline as lines of text, for files of expected outlines."""

from ai_lsp.syntax.outline import Definition, Import, outline_and_imports


def rendered(text: str, language: str) -> list[str]:
    definitions, imports = outline_and_imports(text, language)
    return [*map(import_line, imports), *map(definition_line, definitions)]


def import_line(one: Import) -> str:
    pairs = zip(one.names, one.originals, strict=True)
    names = ", ".join(
        name if name == original else f"{name} = {original or '(module)'}" for name, original in pairs
    )
    return f"import {one.line}-{one.end_line} {one.module}: {names}".rstrip(": ")


def definition_line(one: Definition) -> str:
    path = f"{one.parent}.{one.name}" if one.parent else one.name
    doc = f"  # {one.doc}" if one.doc else ""
    return f"{one.kind} {path} {one.line}-{one.end_line}: {one.signature!r}{doc}"
