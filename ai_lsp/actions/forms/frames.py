"""The tests in a model's code, taken out or framed, for each framework."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence

from ai_lsp.actions.around import with_attributes
from ai_lsp.actions.forms.form import Unusable
from ai_lsp.actions.forms.frameworks import Framework
from ai_lsp.syntax.outline import Definition, outline

_CHECKS = re.compile(r"assert|expect|\braises\b|\bt\.\w|\bfail\(|panic|throws", re.IGNORECASE)
_IMPORT = re.compile(r"\s*(?:import\b|from\b|const .*require\(|package\b|use\b|using\b)")


def framed(code: str, framework: Framework, name: str, language: str) -> str:
    """Return the tests in `code`; statements alone are put into a test of `name`.

    Raises Unusable where there is neither.
    """
    test = _FRAMES[framework](code, name, language)
    if not test.strip():
        raise Unusable("has no test in it")
    if not _CHECKS.search(test):
        raise Unusable("checks nothing")
    return test


def _pytest(code: str, name: str, language: str) -> str:
    found = outline(code, language)
    tests = [one for one in found if not one.parent and re.match(r"test_|Test", one.name)]
    if tests:
        return "\n\n\n".join(_lines(one, code) for one in tests)
    methods = [one for one in found if one.parent and one.name.startswith("test_")]
    if methods and "self.assert" in code:
        raise Unusable("is a test for another framework")
    return _python_function(code, name, "")


def _unittest(code: str, name: str, language: str) -> str:
    found = outline(code, language)
    classes = [one for one in found if one.kind == "class" and "TestCase" in one.signature]
    if classes:
        return "\n\n\n".join(_lines(one, code) for one in classes)
    functions = [one for one in found if not one.parent and one.name.startswith("test_")]
    bodies = [re.sub(r"def (\w+)\(\s*\)", r"def \1(self)", _lines(one, code), count=1) for one in functions]
    body = "\n\n".join(bodies) or _python_function(code, name, "self")
    title = "".join(part.capitalize() for part in name.strip("_").split("_"))
    return f"class Test{title}(unittest.TestCase):\n{textwrap.indent(body, '    ')}" if body else ""


def _python_function(code: str, name: str, parameter: str) -> str:
    statements = [line for line in _statements(code) if not re.match(r"(?:def|class|@|if __name__)", line)]
    body = "\n".join(line for line in statements if not line[:1].isspace())
    if "assert" not in body:
        return ""
    return f"def test_{name.strip('_')}({parameter}):\n{textwrap.indent(body, '    ')}"


def _script(code: str, name: str, _language: str) -> str:
    kept = "\n".join(_statements(code)).strip()
    start = re.search(r"^(?:describe|test|it)\b", kept, re.MULTILINE)
    if start is not None:
        return kept[start.start() :]
    if not re.search(r"\b(?:expect|assert)\b", kept) or re.search(rf"function\s+{re.escape(name)}\b", kept):
        return ""
    return f'test("{name}", () => {{\n{textwrap.indent(kept, "  ")}\n}});'


def _go(code: str, name: str, language: str) -> str:
    tests = [one for one in outline(code, language) if one.kind == "function" and one.name.startswith("Test")]
    if tests:
        return "\n\n".join(_lines(one, code) for one in tests)
    kept = "\n".join(_statements(code)).strip()
    if "t." not in kept or re.search(r"^func\b", kept, re.MULTILINE):
        return ""
    body = textwrap.indent(textwrap.dedent(kept), "\t")
    return f"func Test{name[0].upper() + name[1:]}(t *testing.T) {{\n{body}\n}}"


def _cargo(code: str, name: str, language: str) -> str:
    functions = [one for one in outline(code, language) if one.kind in ("function", "method") and one.name != name]
    return _annotated(code, functions, "#[test]", f"fn {name}_works()", "fn ")


def _junit(code: str, name: str, language: str) -> str:
    methods = [one for one in outline(code, language) if one.kind == "method"]
    return _annotated(code, methods, "@Test", f"void {name}()", "class ")


def _annotated(code: str, functions: Sequence[Definition], mark: str, head: str, declares: str) -> str:
    """Return those of the functions that assert, each marked as a test, or all statements in one with that head.

    Statements that have the word `declares` in them are none.
    """
    tests = [textwrap.dedent(_lines(one, code)) for one in functions]
    tests = [text if mark in text else f"{mark}\n{text}" for text in tests if "assert" in text]
    if tests:
        return "\n\n".join(tests)
    kept = "\n".join(_statements(code)).strip()
    if "assert" not in kept or declares in kept:
        return ""
    return f"{mark}\n{head} {{\n{textwrap.indent(kept, '    ')}\n}}"


def _statements(code: str) -> list[str]:
    return [line for line in code.split("\n") if not _IMPORT.match(line)]


def _lines(definition: Definition, code: str) -> str:
    lines = code.split("\n")
    return "\n".join(lines[with_attributes(lines, definition.line) : definition.end_line + 1])


_FRAMES: Mapping[Framework, Callable[[str, str, str], str]] = {
    "pytest": _pytest,
    "unittest": _unittest,
    "vitest": _script,
    "jest": _script,
    "node:test": _script,
    "go test": _go,
    "cargo test": _cargo,
    "JUnit 5": _junit,
    "JUnit 4": _junit,
}
