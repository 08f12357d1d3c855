"""Tests that actions write: framework, place, imports and frame by the repository's own files."""

import sys
from pathlib import Path

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.edits import applied
from ai_lsp.actions.forms.form import Surroundings, Unusable
from ai_lsp.actions.forms.frameworks import home_of
from ai_lsp.actions.forms.skeletons import python_module
from ai_lsp.positions import split_lines
from tests.actions.subjects import result, sight, subject

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "tests.toml").read_text("utf-8"))["case"]
SOURCES = {
    "python": "def total(prices):\n    return sum(prices)\n",
    "typescript": "export function total(prices: number[]): number {\n  return 1\n}\n",
    "javascript": "function total(prices) {\n  return 1\n}\nmodule.exports = { total }\n",
    "go": "package shop\n\nfunc Total(prices []int) int {\n\treturn 1\n}\n",
    "rust": "fn total(prices: &[i32]) -> i32 {\n    1\n}\n",
    "java": "package a.b;\n\nclass Shop {\n    static int total(int[] prices) {\n        return 1;\n    }\n}\n",
}
SUFFIXES = {"python": "py", "typescript": "ts", "javascript": "js", "go": "go", "rust": "rs", "java": "java"}


def repository(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize(
    ("file", "files", "framework", "home"),
    [
        ("shop.py", {"pytest.ini": ""}, "pytest", "tests/test_shop.py"),
        (
            "shop.py",
            {"pyproject.toml": '[dependency-groups]\ndev = ["pytest>=8"]'},
            "pytest",
            "tests/test_shop.py",
        ),
        ("shop.py", {}, "unittest", "tests/test_shop.py"),
        ("app/shop.py", {"conftest.py": "", "tests/app/test_x.py": ""}, "pytest", "tests/app/test_shop.py"),
        ("src/app/a/shop.py", {"conftest.py": "", "tests/a/x": ""}, "pytest", "tests/a/test_shop.py"),
        ("app/shop.py", {"conftest.py": "", "tests/deep/test_shop.py": ""}, "pytest", "tests/deep/test_shop.py"),
        ("app/shop.py", {"conftest.py": "", "app/test_other.py": ""}, "pytest", "app/test_shop.py"),
        ("app/__main__.py", {"conftest.py": ""}, "pytest", "tests/test_main.py"),
        ("src/a.ts", {"package.json": '{"devDependencies": {"vitest": "1"}}'}, "vitest", "src/a.test.ts"),
        (
            "src/a.ts",
            {"package.json": '{"devDependencies": {"jest": "1"}}', "src/b.spec.ts": ""},
            "jest",
            "src/a.spec.ts",
        ),
        ("a.js", {"package.json": "{}", "test/b.test.js": ""}, "node:test", "test/a.test.js"),
        ("a.js", {"package.json": "not json", "__tests__/x": ""}, "node:test", "__tests__/a.test.js"),
        ("p/a.go", {}, "go test", "p/a_test.go"),
        ("src/a.rs", {}, "cargo test", "src/a.rs"),
        (
            "src/main/java/a/B.java",
            {"pom.xml": "<artifactId>junit-jupiter</artifactId>"},
            "JUnit 5",
            "src/test/java/a/BTest.java",
        ),
        (
            "src/main/java/a/B.java",
            {"pom.xml": "<artifactId>junit</artifactId>"},
            "JUnit 4",
            "src/test/java/a/BTest.java",
        ),
    ],
)
def test_homes(tmp_path, file, files, framework, home):
    root = repository(tmp_path, {file: "", **files})
    language = {"py": "python", "ts": "typescript", "js": "javascript", "go": "go", "rs": "rust", "java": "java"}
    found = home_of(root / file, root, language[file.rpartition(".")[2]])
    assert (found.framework, found.path) == (framework, root / home)


def test_a_language_of_which_nothing_is_known(tmp_path):
    with pytest.raises(Refused, match="how to test haskell is not known"):
        home_of(tmp_path / "a.hs", tmp_path, "haskell")


@pytest.mark.parametrize(
    ("files", "file", "module"),
    [
        ({}, "shop.py", "shop"),
        ({"app/__init__.py": ""}, "app/shop.py", "app.shop"),
        ({"src/app/__init__.py": ""}, "src/app/shop.py", "app.shop"),
        ({"app/__init__.py": ""}, "app/__init__.py", "app"),
        ({}, "app/shop.py", "app.shop"),
        ({}, "src/app/shop.py", "app.shop"),
    ],
)
def test_the_name_of_a_module(tmp_path, files, file, module):
    repository(tmp_path, {file: "", **files})
    assert python_module(tmp_path / file, tmp_path) == module


def written(root: Path, language: str, answer: str, files: dict[str, str], around: Surroundings | None = None):
    name = f"shop.{SUFFIXES[language]}" if language != "java" else "src/main/java/a/b/Shop.java"
    repository(root, {name: SOURCES[language], **files})
    line = {"go": 2, "java": 3}.get(language, 0)
    about = subject(
        "test", sight(SOURCES[language], line, language=language), file=str(root / name), root=str(root)
    )
    return result("test", about, answer, around)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}-{case['answer'].strip()[:30]}")
def test_new_files(tmp_path, case):
    [file] = written(tmp_path, case["language"], case["answer"], case["files"]).files
    assert file.text == case["text"]


def test_rust_has_its_tests_in_the_file_itself(tmp_path):
    found = written(tmp_path, "rust", "#[test]\nfn it_adds() {\n    assert_eq!(total(&[1]), 1);\n}", {})
    assert "".join(applied(split_lines(SOURCES["rust"]), found.changes)) == SOURCES["rust"] + (
        "\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn it_adds() {\n"
        "        assert_eq!(total(&[1]), 1);\n    }\n}\n"
    )


def test_one_more_in_a_file_that_is_there(tmp_path):
    there = "from shop import other\n\n\ndef test_other():\n    assert other()\n"
    around = Surroundings(lines_of=lambda path: split_lines(there))
    answer = "def test_total():\n    assert total([1]) == 1"
    found = written(tmp_path, "python", answer, {"pytest.ini": "", "tests/test_shop.py": there}, around)
    [(path, made)] = found.other
    assert path == str(tmp_path / "tests" / "test_shop.py")
    assert "".join(applied(split_lines(there), made)) == (
        "from shop import other\nfrom shop import total\n\n\ndef test_other():\n    assert other()\n\n\n"
        "def test_total():\n    assert total([1]) == 1\n"
    )


@pytest.mark.parametrize(
    ("there", "first"),
    [
        (
            'import { expect, it } from "vitest";\nimport { other } from "./shop";\n',
            'import { expect, it } from "vitest";\nimport { other } from "./shop";\n'
            'import { describe } from "vitest";\nimport { total } from "./shop";\n',
        ),
        (
            'import { describe, expect, it } from "vitest";\nimport { total } from "./shop";\n',
            'import { describe, expect, it } from "vitest";\nimport { total } from "./shop";\n',
        ),
    ],
)
def test_one_more_with_vitest_brings_what_the_file_lacks(tmp_path, there, first):
    around = Surroundings(lines_of=lambda path: split_lines(there))
    answer = 'describe("total", () => {\n  it("adds", () => { expect(total([1])).toBe(1) })\n})'
    files = {"package.json": '{"devDependencies": {"vitest": "1"}}', "shop.test.ts": there}
    [(_path, made)] = written(tmp_path, "typescript", answer, files, around).other
    assert "".join(applied(split_lines(there), made)) == f"{first}\n{answer}\n"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("def total(prices):\n    return 1", "has no test in it"),
        ("def test_it():\n    assert other([1]) == 1", "does not use `total`"),
        ("class TestIt:\n    def test(self):\n        assert other()\n", "does not use `total`"),
        ("I cannot.", "has no test in it"),
        ("def test_total():\n    return total([1])", "checks nothing"),
        ("def test_total():\n    assert is_even(total([prices]))", "uses `is_even`, which is nowhere defined"),
    ],
)
def test_what_is_no_test(tmp_path, answer, reason):
    with pytest.raises(Unusable, match=reason):
        written(tmp_path, "python", answer, {"pytest.ini": ""})


def test_a_test_is_not_tested(tmp_path):
    about = subject("test", sight(SOURCES["python"], 0), file=str(tmp_path / "test_a.py"), root=str(tmp_path))
    with pytest.raises(Refused, match="this file is a test itself"):
        result("test", about, "")


def test_a_file_in_no_folder_is_not_tested():
    with pytest.raises(Refused, match="in no folder of the workspace"):
        result("test", subject("test", sight(SOURCES["python"], 0)), "")
