from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ai_lsp.completion.place import Place
from ai_lsp.licences import table
from ai_lsp.licences.match import find
from ai_lsp.licences.store import Store
from ai_lsp.licences.trees import state, trees
from tests.licences.packages import ALLOWED, SITE, Workspace, code, wheel, write


def place(prefix: str = "", uri: str = "file:///own.py") -> Place:
    return Place(uri, "own.py", "python", 1, prefix, "\n")


def gpl(name: str, **files: str) -> dict[str, str]:
    return wheel(name, "License: GPL-3.0-or-later", {f"{name}/{file}.py": text for file, text in files.items()})


def test_only_what_is_not_allowed_has_fingerprints(tmp_path: Path) -> None:
    mit = wheel("two", "License: MIT", {"two/b.py": code("b")})
    workspace = Workspace(tmp_path, gpl("one", a=code("a")), mit)
    said = workspace.build()
    assert said == [(0, 2, False), (1, 2, False), (2, 2, False)]
    assert workspace.sources() == ["a.py"]
    match = find(code("a", 8), place(), [workspace.table()])
    assert match is not None
    file = workspace.root / SITE / "one/a.py"
    assert str(match) == f"8 lines (64 tokens) as in {file}:1 (one 1.0, GPL-3.0-or-later)"
    assert find(code("b", 8), place(), [workspace.table()]) is None


def test_it_is_brought_up_to_date(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, gpl("one", a=code("a"), b=code("b"), c=code("c")))
    workspace.build()
    first = table.newest(workspace.path)
    workspace.build()
    assert table.newest(workspace.path) == first
    file = workspace.root / SITE / "one/a.py"
    file.write_text(code("changed"))
    os.utime(file, ns=(1, 1))
    (workspace.root / SITE / "one/b.py").unlink()
    workspace.build()
    assert table.newest(workspace.path) != first
    assert len(list(workspace.folder.glob("*.table"))) == 1
    found = workspace.table()
    assert find(code("changed", 8), place(), [found]) is not None
    assert find(code("c", 8), place(), [found]) is not None
    assert find(code("a", 8), place(), [found]) is None
    assert find(code("b", 8), place(), [found]) is None


def test_other_licences_are_allowed_later(tmp_path: Path) -> None:
    lgpl = wheel("two", "License: LGPL-3.0-only", {"two/b.py": code("b")})
    workspace = Workspace(tmp_path, gpl("one", a=code("a")), lgpl)
    workspace.build()
    assert workspace.sources() == ["a.py", "b.py"]
    workspace.build(replace(ALLOWED, allowed=("LGPL-*",)))
    assert workspace.sources() == ["a.py"]
    workspace.build(replace(ALLOWED, allowed=("GPL-*",)))
    assert workspace.sources() == ["b.py"]


def test_a_package_changes_its_licence_and_no_file(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, gpl("one", a=code("a")))
    workspace.build()
    write(workspace.root, wheel("one", "License: MIT", {}))
    write(workspace.root, {f"{SITE}/one-1.0.dist-info/RECORD": "one/a.py,,\n"})
    workspace.build()
    assert workspace.sources() == []


def test_the_workspace_itself_is_no_stranger(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, gpl("one", a=code("a")), {"pyproject.toml": '[project]\nname = "one"\n'})
    workspace.build()
    assert workspace.sources() == []


def test_named_folders(tmp_path: Path) -> None:
    text = {"elsewhere/COPYING": "GNU GENERAL PUBLIC LICENSE Version 2\n", "elsewhere/deep/a.go": code("a")}
    workspace = Workspace(tmp_path, text)
    workspace.build()
    assert workspace.sources() == []
    workspace.build(replace(ALLOWED, folders=("elsewhere", "missing")))
    assert workspace.sources() == ["a.go"]


@pytest.mark.parametrize(("packages", "found"), [(3, True), (4, False)])
def test_what_many_packages_have_is_an_idiom(tmp_path: Path, packages: int, found: bool) -> None:
    workspace = Workspace(tmp_path, *(gpl(f"p{n}", a=code("shared") + code(f"own{n}")) for n in range(packages)))
    workspace.build()
    assert (find(code("shared", 8), place(), [workspace.table()]) is not None) == found
    assert find(code("own1", 8), place(), [workspace.table()]) is not None


def test_limits_leave_the_rest_out(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, gpl("one", a=code("a"), b=code("b")))
    size = len(code("a"))
    assert workspace.build(replace(ALLOWED, index_bytes=size * 4))[-1] == (2, 2, True)
    assert workspace.sources() == ["a.py"]
    assert workspace.build(replace(ALLOWED, files=1))[-1] == (1, 1, True)
    assert workspace.build()[-1] == (2, 2, False)
    assert workspace.sources() == ["a.py", "b.py"]


def test_a_builder_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, gpl("one", a=code("a"), b=code("b")))
    store = Store(workspace.path)
    now = iter(range(0, 1000, 2))
    builder = table_builder(workspace, store, lambda: float(next(now)))
    scan = builder.scan()
    for _ in range(3):
        next(scan)
    store.close()  # what is not committed is lost, as when the process is killed
    store = Store(workspace.path)
    assert len(store.known()) == 1
    assert not store.complete()
    assert table.newest(workspace.path) == -1
    store.close()
    workspace.build()
    assert workspace.sources() == ["a.py", "b.py"]


def table_builder(workspace: Workspace, store: Store, clock):
    from ai_lsp.licences.builder import Builder

    return Builder(workspace.root, store, ALLOWED, workspace.path, clock)


def test_what_is_odd_stops_nothing(tmp_path: Path) -> None:
    files = {f"{SITE}/empty.py": "", f"{SITE}/short.py": "a = 1\n", f"{SITE}/x-1.dist-info/METADATA": "\0\n\n"}
    workspace = Workspace(tmp_path, files, gpl("one", a=code("a")))
    (workspace.root / SITE / "one/binary.py").write_bytes(b"\x00\xff" * 500)
    (workspace.root / SITE / "loop").symlink_to(workspace.root / SITE)
    workspace.build()
    assert workspace.sources() == ["a.py"]


def test_trees(tmp_path: Path) -> None:
    folders = (SITE, "vendor/a/vendor", "web/node_modules", "src/.hidden/vendor", "env/vendor", "a/b/c/d/vendor")
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".venv/pyvenv.cfg").write_text("home = nowhere\n")
    (tmp_path / "env/pyvenv.cfg").write_text("home = nowhere\n")
    real = tmp_path.resolve()
    assert trees(tmp_path) == [real / SITE, real / "vendor", real / "web/node_modules"]
    before = state(tmp_path)
    (tmp_path / SITE / "new").mkdir()
    os.utime(tmp_path / SITE, ns=(1, 1))
    assert state(tmp_path) != before


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "x.1.table"
    path.write_bytes(b"something else altogether, and long enough")
    with pytest.raises(ValueError, match="no table"):
        table.Table(path)
    path.write_bytes(b"")
    with pytest.raises(ValueError):
        table.Table(path)
