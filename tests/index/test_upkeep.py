"""Which indexes lie on the disk, and which go."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ai_lsp.index.lock import Lock
from ai_lsp.index.settings import Settings
from ai_lsp.index.upkeep import counts, delete_unused, is_used, kept_indexes, remove
from ai_lsp.index.usage import Usage
from tests.index.repository import Repository, noise
from tests.index.test_service import run

DAY = 86_400.0
NOW = 1_000 * DAY


def built(tmp_path: Path, name: str, days: float = 0.0) -> Repository:
    """Return a repository whose index was built and was used last so many days before `NOW`."""
    (tmp_path / name).mkdir()
    repository = Repository(tmp_path / name, noise(3))
    repository.folder = tmp_path / "index"
    repository.path = repository.folder / repository.path.name
    run(repository, settings=Settings(keep_days=0))
    time = NOW - days * DAY
    os.utime(repository.path.with_suffix(".use"), (time, time))
    return repository


def test_what_is_known_of_each(tmp_path: Path) -> None:
    old, new = built(tmp_path, "old", 5), built(tmp_path, "new", 2)
    (tmp_path / "index" / "notes.sqlite").write_text("somebody's own")
    found = kept_indexes(tmp_path / "index")
    assert [(one.path, one.root, one.used) for one in found] == [
        (new.path, new.root, NOW - 2 * DAY), (old.path, old.root, NOW - 5 * DAY)]  # fmt: skip
    assert found[0].n_bytes >= new.path.stat().st_size
    assert counts(new.path) == (3, 120)
    assert counts(tmp_path / "index" / "notes.sqlite") == counts(tmp_path / "nowhere") == (0, 0)
    assert not found[0].is_gone
    assert kept_indexes(tmp_path / "nowhere") == []


def test_what_was_not_used_for_long_and_what_is_of_no_folder_goes(tmp_path: Path) -> None:
    names = {"stale": 61, "fresh": 59, "gone": 2, "away": 0.5}
    ones = {name: built(tmp_path, name, days) for name, days in names.items()}
    for name in ("gone", "away"):
        ones[name].root.rename(tmp_path / name / "elsewhere")
    deleted = delete_unused(tmp_path / "index", 60, NOW)
    assert sorted(deleted) == sorted([ones["stale"].path, ones["gone"].path])
    left = {path.name.partition(".")[0] for path in (tmp_path / "index").iterdir()}
    assert left == {ones["fresh"].path.stem, ones["away"].path.stem}


def test_an_index_without_a_note_goes_by_its_own_time(tmp_path: Path) -> None:
    one = built(tmp_path, "one")
    one.path.with_suffix(".use").unlink()
    os.utime(one.path, (NOW - 70 * DAY, NOW - 70 * DAY))
    assert not is_used(one.path)
    (found,) = kept_indexes(one.folder)
    assert (found.root, found.used) == (None, NOW - 70 * DAY)
    assert delete_unused(one.folder, 60, NOW) == [one.path]


def test_none_that_is_in_use_goes(tmp_path: Path) -> None:
    one = built(tmp_path, "one", 100)
    first, second = Usage(one.path), Usage(one.path)
    first.hold(one.root)
    second.hold(one.root)
    first.release()
    assert is_used(one.path)
    assert not remove(one.path)
    os.utime(one.path.with_suffix(".use"), (0, 0))
    assert delete_unused(one.folder, 60, NOW) == []
    second.release()
    assert delete_unused(one.folder, 60, NOW) == [one.path]
    assert list(one.folder.iterdir()) == []


def test_none_that_is_being_built_goes(tmp_path: Path) -> None:
    one = built(tmp_path, "one", 100)
    building = Lock(one.path.with_suffix(".lock"))
    assert building.acquire()
    assert delete_unused(one.folder, 60, NOW) == []
    building.release()
    assert one.path.is_file()


def test_who_comes_while_it_is_deleted_starts_anew(tmp_path: Path) -> None:
    one = built(tmp_path, "one")
    usage = Usage(one.path)
    usage.hold(one.root)
    one.path.with_suffix(".use").unlink()  # somebody deletes it by hand
    usage.hold(one.root)
    assert is_used(one.path)
    assert one.path.with_suffix(".use").read_bytes() == os.fsencode(one.root)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_process_uses_it_no_longer(tmp_path: Path) -> None:
    one = built(tmp_path, "one")
    command = [sys.executable, "-m", "ai_lsp.index", str(one.root), "--folder", str(one.folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    assert is_used(one.path)
    process.kill()
    process.communicate()
    assert not is_used(one.path)


def test_the_builder_deletes_what_nobody_needs(tmp_path: Path) -> None:
    old, new = built(tmp_path, "old", 100), built(tmp_path, "new")
    run(new, settings=Settings(keep_days=60))
    assert [one.path for one in kept_indexes(new.folder)] == [new.path]
    assert not old.path.exists()


def test_a_folder_for_notes_that_cannot_be_made(tmp_path: Path) -> None:
    usage = Usage(tmp_path / "nowhere" / "a.sqlite")
    usage.hold(tmp_path)
    usage.touch()
    usage.release()
    assert list(tmp_path.iterdir()) == []
