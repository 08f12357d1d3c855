"""Real programs on real files: where they find the text, and that none outlives its time."""

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ai_lsp.checks.mirror import mirror
from ai_lsp.checks.reading import read_checks
from ai_lsp.checks.running import Run
from ai_lsp.checks.tool import Subject, Tool
from ai_lsp.option import Table

LONG = 60.0
SLEEPS = 'import time, sys; print("on", flush=True); time.sleep(600)'


def python(code, *arguments, **how):
    return Tool("x", frozenset({"python"}), (sys.executable, "-c", code, *arguments), **how)


@pytest.fixture
def subject(tmp_path):
    root = tmp_path / "project"
    (root / "src" / "deep").mkdir(parents=True)
    (root / "other").mkdir()
    (root / "other" / "b.py").write_text("b = 1\n")
    (root / "src" / "deep" / "a.py").write_text("old = 1\n")
    (root / "src" / "deep" / "c.py").write_text("c = 1\n")
    return Subject(root / "src" / "deep" / "a.py", root, tmp_path / "cache")


def test_standard_input(subject):
    tool = python("import sys, os; print(sys.stdin.read()); print(os.getcwd())", regex="new = 1|project$")
    assert Run(tool, subject, "new = 1\n", LONG).problems() == 2


def test_a_copy_with_the_files_own_name(subject):
    tool = python(
        "import sys; print(open(sys.argv[1]).read(), sys.argv[1])", "{copy}", input="copy", regex=r"new|a\.py$"
    )
    assert Run(tool, subject, "new = 1\n", LONG).problems() == 2
    assert subject.file.read_text() == "old = 1\n"


def test_a_copy_of_the_project(subject):
    code = "import os; print(os.getcwd()); print(open('src/deep/a.py').read(), open('other/b.py').read())"
    tool = python(code, input="project", regex="new = 1|b = 1|ai-lsp-check-")
    assert Run(tool, subject, "new = 1\n", LONG).problems() == 3
    assert subject.file.read_text() == "old = 1\n"


def test_the_copy_of_a_project_has_links_to_all_else(subject, tmp_path):
    into = tmp_path / "copy"
    into.mkdir()
    copy = mirror(subject.root, subject.file, "new\r\n", into)
    assert copy == into / "src" / "deep" / "a.py"
    assert copy.read_bytes() == b"new\r\n"
    assert not copy.is_symlink() and not (into / "src").is_symlink()
    assert (into / "other").is_symlink() and (into / "src" / "deep" / "c.py").is_symlink()
    assert (into / "src" / "deep" / "c.py").read_text() == "c = 1\n"


def test_nothing_is_left_behind(subject, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    Run(python("print('a')", input="project"), subject, "new", LONG).problems()
    assert list((tmp_path / "temp").iterdir()) == []
    assert subject.root.exists() and (subject.root / "other" / "b.py").exists()


def test_a_program_that_takes_too_long_is_ended(subject):
    with pytest.raises(TimeoutError):
        Run(python(SLEEPS), subject, "", 0.2).problems()


def test_a_run_that_is_stopped_is_over_at_once(subject, tmp_path):
    started = tmp_path / "started"
    os.mkfifo(started)
    code = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    run, outcome = Run(python(code), subject, "", LONG), []

    def work():
        with pytest.raises(TimeoutError):
            run.problems()
        outcome.append("stopped")

    thread = threading.Thread(target=work)
    thread.start()
    pid = int(started.read_text())  # waits until it is written
    run.stop()
    thread.join(LONG)
    assert outcome == ["stopped"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_run_that_was_stopped_before_does_not_begin(subject):
    run = Run(python("1 / 0"), subject, "", LONG)
    run.stop()
    with pytest.raises(TimeoutError):
        run.problems()


def test_a_program_that_is_not_there(subject):
    tool = replace(python(""), command=("no-such-program-as-this",))
    with pytest.raises(ValueError, match="there is no program no-such-program-as-this on the PATH"):
        Run(tool, subject, "", LONG).problems()


def test_a_program_that_does_not_read_its_input(subject):
    assert Run(python("print('a')"), subject, "x" * 1_000_000, LONG).problems() == 1


@pytest.mark.parametrize("text", ["\ud800 é\n", ""])
def test_any_text(subject, text):
    for kind in ("stdin", "copy", "project"):
        assert Run(python("print('a')", input=kind), subject, text, LONG).problems() == 1


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ruff", "def f(x: int) -> int:\n    return x\n", "def f(x: int) -> int:\n    return y\n"),
        ("mypy", "def f(x: int) -> int:\n    return x\n", 'def f(x: int) -> int:\n    return "x"\n'),
    ],
)
def test_what_we_bring(subject, monkeypatch, name, good, bad):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    (tool,), _ = read_checks([Table("", {"name": name})])
    assert Run(tool, subject, good, LONG).problems() == 0
    assert Run(tool, subject, bad, LONG).problems() == 1
