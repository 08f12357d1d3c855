"""The frames of test files: imports, and what a framework wants around the statements of a test."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from ai_lsp.actions.around import Definition
from ai_lsp.actions.edits import Change, insertion
from ai_lsp.actions.forms import frames
from ai_lsp.actions.forms.form import Unusable
from ai_lsp.actions.forms.frameworks import Framework, Home
from ai_lsp.actions.subject import Subject
from ai_lsp.syntax.outline import imports

_BLANK_LINES = {"pytest": 2, "unittest": 2}
_SCRIPT_FRAMES = {
    "vitest": 'import { expect, test } from "vitest";\n',
    "jest": "",
    "node:test": 'import test from "node:test";\nimport assert from "node:assert/strict";\n',
}
_VITEST = ["afterAll", "afterEach", "beforeAll", "beforeEach", "describe", "expect", "it", "test", "vi"]
_RUST_TESTS = re.compile(r"#\[cfg\(test\)\]\s*mod\s+(\w+)\s*\{")


def imports_for(home: Home, file: Path, root: Path, definition: Definition, subject: Subject) -> str:
    """Return the code by which a test gets at a definition of `file`, and at its framework."""
    name = definition.parent.split(".")[0] or definition.name
    if home.framework in ("pytest", "unittest"):
        own = f"from {python_module(file, root)} import {name}"
        return f"import unittest\n\n{own}" if home.framework == "unittest" else own
    if home.framework in ("vitest", "jest", "node:test"):
        return _script_imports(home, file, name, "".join(subject.text.lines))
    if home.framework == "go test":
        found = re.search(r"^package\s+(\w+)", "".join(subject.text.lines), re.MULTILINE)
        return f'package {found[1] if found else "main"}\n\nimport "testing"'
    if home.framework == "cargo test":
        return "use super::*;"
    return _java_imports(home.framework, "".join(subject.text.lines))


def python_module(file: Path, root: Path) -> str:
    """Return the name by which a module is imported: from the folder above its package, or from ``src``."""
    folder, names = file.parent, [] if file.stem == "__init__" else [file.stem]
    while (folder / "__init__.py").is_file():
        names.insert(0, folder.name)
        folder = folder.parent
    if (
        folder != root
        and folder != root / "src"
        and folder.is_relative_to(root)
        and not (file.parent / "__init__.py").is_file()
    ):
        base = root / "src" if folder.is_relative_to(root / "src") else root
        names = [*folder.relative_to(base).parts, *names]  # a package without an __init__.py
    return ".".join(names)


def _script_imports(home: Home, file: Path, name: str, text: str) -> str:
    path = Path(os.path.relpath(file, home.path.parent)).as_posix()
    path = path if path.startswith(".") else f"./{path}"
    module = path if home.framework == "node:test" else path.removesuffix(file.suffix)
    default = re.search(rf"export\s+default\s+(?:async\s+)?(?:function|class)?\s*\*?\s*{re.escape(name)}\b", text)
    if "module.exports" in text and not re.search(r"^export\b", text, re.MULTILINE):
        own = f'const {{ {name} }} = require("{module}");'
        frame = 'const test = require("node:test");\nconst assert = require("node:assert/strict");\n'
        return (frame if home.framework == "node:test" else "") + own
    own = f'import {name if default else f"{{ {name} }}"} from "{module}";'
    return _SCRIPT_FRAMES[home.framework] + own


def _java_imports(framework: Framework, text: str) -> str:
    found = re.search(r"^package\s+([\w.]+)\s*;", text, re.MULTILINE)
    package = f"package {found[1]};\n\n" if found else ""
    if framework == "JUnit 4":
        return f"{package}import static org.junit.Assert.*;\n\nimport org.junit.Test;"
    return f"{package}import static org.junit.jupiter.api.Assertions.*;\n\nimport org.junit.jupiter.api.Test;"


def test_in(code: str, framework: Framework, definition: Definition, language: str) -> str:
    """Return the tests in a model's code, framed as the framework wants it; bare statements get a frame.

    Raises Unusable where nothing in it uses the definition.
    """
    found = frames.framed(code, framework, definition.name, language)
    owner = definition.parent.split(".")[-1]
    if not re.search(rf"\b{re.escape(definition.name)}\b", found) and not (owner and owner in found):
        raise Unusable(f"does not use `{definition.name}`")
    return found


def file_with(own: str, code: str, test: str, home: Home) -> str:
    """Return a whole new test file; of the model's imports those of the standard library stay that are used."""
    if home.framework in ("pytest", "unittest"):
        more = [line for line in standard_imports(code, test) if line not in own]
        if home.framework == "pytest" and re.search(r"\bpytest\.", test):
            more.append("import pytest")
        head = "\n".join([*more, "", own] if more else [own])
        return f"{head}\n\n\n{test.strip()}\n"
    if home.framework in ("JUnit 4", "JUnit 5"):
        return f"{own}\n\nclass {home.path.stem} {{\n{textwrap.indent(test.strip(), '    ')}\n}}\n"
    return f"{_with_used(own, test)}\n\n{test.strip()}\n"


def _with_used(own: str, test: str, there: str = "") -> str:
    """Return imports with all of vitest that a test uses, but for what the file that is `there` has already."""
    had = re.findall(r"import\s*\{([^}]*)\}\s*from\s*[\"']vitest[\"']", there)
    known = set(re.findall(r"\w+", " ".join(had)))
    used = [name for name in _VITEST if re.search(rf"(?<![\w.]){name}\s*[.(]", test) and name not in known]
    line = f'import {{ {", ".join(used)} }} from "vitest";\n' if used else ""
    return own.replace(_SCRIPT_FRAMES["vitest"], line)


def standard_imports(code: str, test: str) -> list[str]:
    """Return the import lines of Python `code` for modules of the standard library that `test` uses."""
    lines, kept = code.split("\n"), list[str]()
    for one in imports(code, "python"):
        top = one.module.split(".")[0]
        if top in sys.stdlib_module_names and any(re.search(rf"\b{re.escape(n)}\b", test) for n in one.names):
            kept += [line for line in lines[one.line : max(one.line, one.end_line) + 1] if line not in kept]
    return [line.strip() for line in kept if not line[:1].isspace()]


def added(lines: Sequence[str], own: str, test: str, home: Home) -> list[Change]:
    """Return the edits that put a test at the end of a file that is there, with the import if it lacks it."""
    text = "".join(lines)
    found: list[Change] = []
    wanted = [line for line in _with_used(own, test, text).split("\n") if line.strip() and line not in text]
    lacking = [line for line in wanted if '"vitest"' in line or not _has_name(line, text)]
    if lacking and home.framework not in ("JUnit 4", "JUnit 5", "go test"):
        found.append(insertion(lines, _after_imports(lines), "\n".join(lacking)))
    if home.framework in ("JUnit 4", "JUnit 5"):
        line = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].strip().startswith("}")), len(lines))
        return [*found, insertion(lines, line, "\n" + textwrap.indent(test.strip(), "    "))]
    blank = "\n" * _BLANK_LINES.get(home.framework, 1)
    return [*found, insertion(lines, len(lines), blank + test.strip())]


def _has_name(line: str, text: str) -> bool:
    """Whether the last name that an import line brings is imported in `text` already, in some other way."""
    names = re.findall(r"\w+", re.sub(r"\bfrom\s+[\"'].*|require.*", "", line))
    return (
        bool(names)
        and re.search(rf"^(?:import|from|const)\b.*\b{re.escape(names[-1])}\b", text, re.MULTILINE) is not None
    )


def _after_imports(lines: Sequence[str]) -> int:
    last = -1
    for number, line in enumerate(lines[:200]):
        if re.match(r"(?:import|from|const \{?.*require)\b", line):
            last = number
    return last + 1


def rust_module(test: str, text: str) -> str:
    """Return the tests of a Rust file as a module of their own, named so that it can be beside another one."""
    name = "tests" if _RUST_TESTS.search(text) is None else "more_tests"
    return f"\n#[cfg(test)]\nmod {name} {{\n    use super::*;\n\n{textwrap.indent(test.strip(), '    ')}\n}}"
