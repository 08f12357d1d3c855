"""Which names Python's modules offer, read from a real disk and from the standard library's stubs."""

from __future__ import annotations

import sys
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

from ai_lsp.context.definitions.modules.importer import Importer
from ai_lsp.context.exports import exports
from ai_lsp.context.exports.exports import Exports
from ai_lsp.context.exports.reading import names_of

FILES = {
    "main.py": "",
    "ours/__init__.py": "from .text import *\nfrom .text import words as w\nimport json\n",
    "ours/text.py": "def words(): ...\nif words:\n    more: int = 1\nfor each in ():\n    pass\n\n\ndef f():\n"
    "    global late\n    late = local = 1\n",
    "ours/deep/__init__.py": "try:\n    import fast\nexcept ImportError:\n    fast = None\n",
    "lazy.py": "def __getattr__(name): ...\n",
    "passes.py": "from lazy import *\n",
    "round.py": "from round import *\n",
    "broken.py": "def (\n",
    "nul.py": "a = 1\0\n",
    "stub.pyi": "class Kept: ...\n",
}


class Later(Executor):
    """Runs when the test says so."""

    def __init__(self):
        self.waiting = []

    def submit(self, run, /, *arguments, **options):
        self.waiting.append(run)
        return Future()

    def run(self):
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            each()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def names(root: Path, module: str, file: str = "main.py") -> frozenset[str] | None:
    return names_of(module, Importer(root / file, root))


@pytest.mark.parametrize(
    ("module", "file", "expected"),
    [
        ("ours.text", "main.py", {"words", "more", "each", "f", "late"}),
        ("ours", "main.py", {"words", "more", "each", "f", "late", "w", "json", "text", "deep"}),
        (".text", "ours/other.py", {"words", "more", "each", "f", "late"}),
        ("ours.deep", "main.py", {"fast"}),
        ("stub", "main.py", {"Kept"}),
    ],
)
def test_names_of_our_own(root, module, file, expected):
    assert names(root, module, file) == expected


@pytest.mark.parametrize("module", ["lazy", "passes", "round", "broken", "nul", "nowhere", ""])
def test_what_may_have_other_names_is_not_known(root, module):
    assert names(root, module) is None


def test_the_standard_library_has_its_names_on_all_platforms(root):
    found = names(root, "os")
    assert found >= {"path", "getcwd", "startfile", "fork"}
    assert "pathh" not in found
    assert names(root, "math") >= {"pi", "sqrt"}
    assert "etree" in names(root, "xml")


@pytest.mark.parametrize(("version", "expected"), [("3.10", False), ("3.12", True)])
def test_it_is_that_of_the_environments_python(root, version, expected):
    library = root / ".venv" / "lib" / f"python{version}"
    found = names_of("typing", Importer(root / "main.py", root, (library,)))
    assert ("override" in found) is expected


def test_a_module_of_the_same_name_hides_that_of_the_library(root):
    (root / "math.py").write_text("mine = 1\n")
    assert names(root, "math") == {"mine"}


class Story:
    """Exports over a fake process, with a clock of its own."""

    def __init__(self, found):
        self.asked, self.now, self.executor, self.found = [], 0.0, Later(), found
        self.exports = Exports(self.executor, self.read, lambda: self.now)

    def read(self, root, asked):
        self.asked.append([module for _, module in asked])
        if isinstance(self.found, Exception):
            raise self.found
        return [self.found.get(module) for _, module in asked]

    def has(self, module, name, **options):
        return self.exports.has(module, name, Path("/w/a.py"), Path("/w"), **options)


def test_what_is_not_known_is_read_once_and_together():
    story = Story({"a": frozenset({"one"}), "b": frozenset()})
    assert [story.has("a", "one"), story.has("b", "one"), story.has("a", "two")] == [None] * 3
    story.executor.run()
    assert [story.has("a", "one"), story.has("b", "one"), story.has("a", "two")] == [True, False, False]
    assert story.has("a", "on", begins=True)
    assert story.asked == [["a", "b"]]


def test_what_is_missing_in_old_names_is_read_again_but_for_the_standard_library():
    story = Story({"a": frozenset({"one"}), "os": frozenset({"path"})})
    story.has("a", "one"), story.has("os", "path")
    story.executor.run()
    story.now = 61.0
    assert story.has("a", "one")
    assert story.has("a", "two") is None
    assert story.has("os", "two") is False
    story.found["a"] = frozenset({"one", "two"})
    story.executor.run()
    assert story.has("a", "two")
    assert story.asked == [["a", "os"], ["a"]]


@pytest.mark.parametrize("error", [OSError("no process"), ValueError("no JSON")])
def test_a_process_that_fails_leaves_it_unknown(error):
    story = Story(error)
    story.has("a", "one")
    story.executor.run()
    assert story.has("a", "one") is None
    assert story.has("a", "one") is None
    assert len(story.asked) == 1


def test_the_process_answers_in_order(root):
    asked = [(root / "main.py", module) for module in ("ours.text", "nowhere", "json")]
    ours, nowhere, standard = exports.ask(root, asked)
    assert ours == names(root, "ours.text")
    assert nowhere is None
    assert "dumps" in standard


def test_without_a_process_it_is_an_error(root, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(root / "no-such-python"))
    with pytest.raises(OSError, match="no-such-python"):
        exports.ask(root, [(root / "main.py", "json")])
