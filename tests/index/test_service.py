"""The builder's process, run here: what it does, says and survives."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ai_lsp.index.inbox import Inbox
from ai_lsp.index.lock import Lock
from ai_lsp.index.service import index_service
from ai_lsp.index.settings import Settings
from ai_lsp.index.status import Status
from ai_lsp.privacy.secrets import redact
from tests.index.repository import Repository, noise, outline, write


class Told(Inbox):
    """An inbox whose next lines depend on what was said; waiting moves the clock."""

    def __init__(self, steps: list[Callable[[], bytes | None]]) -> None:
        super().__init__()
        self.now = 0.0
        self.said: list[Status] = []
        self._steps = steps

    def receive(self, seconds: float | None) -> bool:
        if seconds is None or seconds > 0.5:
            self.put(self._steps.pop(0)() if self._steps else None)
        self.now += min(seconds or 0.0, 1e6) + 0.001
        return super().receive(0)

    def kinds(self) -> list[str]:
        return [status.kind for status in self.said]


def update(*paths: Path) -> bytes:
    return json.dumps({"update": list(map(str, paths))}).encode()


def run(repository: Repository, *steps: Callable[[], bytes | None], settings: Settings | None = None) -> Told:
    inbox = Told(list(steps))
    path = repository.path
    path.parent.mkdir(exist_ok=True)
    service = index_service(
        repository.root, path, settings or repository.settings, outline, redact, inbox, inbox.said.append,
        lambda: inbox.now, busy_seconds=0.01,
    )  # fmt: skip
    service.run()
    return inbox


def test_first_build_and_updates(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "first_words\n", **noise(5)})

    def change() -> bytes:
        assert repository.found("first_words") == [("a.py", 0)]
        write(repository.root, {"a.py": "second_words\n"})
        return update(repository.root / "a.py")

    def end() -> None:
        assert repository.found("first_words", "second_words") == [("a.py", 0)]

    told = run(repository, change, end)
    assert told.said[0] == Status("building", "", 0, 0, 0, 6)
    assert told.said[-1] == Status("ready", "", 6, 201)
    assert set(told.kinds()) == {"building", "ready"}
    dones = [status.done for status in told.said if status.total]
    assert dones == sorted(dones)


def test_an_ignore_file_makes_it_look_at_everything(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"gen/a.py": "generated\n", **noise(3)})

    def change() -> bytes:
        write(repository.root, {".ai-lspignore": "gen/\n"})
        return update(repository.root / ".ai-lspignore")

    run(repository, change)
    assert "gen/a.py" not in repository.files()


def test_a_request_to_look_at_everything(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(3))

    def change() -> bytes:
        write(repository.root, {"new.py": "unannounced\n"})
        return b'{"scan": true}'

    run(repository, change)
    assert repository.found("unannounced") == [("new.py", 0)]


@pytest.mark.parametrize(
    "line", [b"", b"nonsense", b"[]", b"null", b'{"update": 7}', b'{"update": [7, null]}', b"\xff"]
)
def test_what_makes_no_sense_is_passed_over(tmp_path: Path, line: bytes) -> None:
    told = run(Repository(tmp_path, noise(1)), lambda: line)
    assert told.kinds()[-1] == "ready"


def test_paths_that_are_not_in_the_root(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(1))
    told = run(
        repository, lambda: update(Path("/etc/passwd"), tmp_path, repository.root, repository.root / "../x")
    )
    assert told.kinds()[-1] == "ready"
    assert repository.files() == ["noise/n0.py"]


def test_a_full_disk_is_said_survived_and_over_some_time(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(5)}).build()
    big = "".join(f"another_{n} = value_{n * 7919 % 10007}\n" for n in range(20_000))
    write(repository.root, {"big.py": big})
    limit = Settings(index_bytes=repository.path.stat().st_size + 50_000)

    def disk_is_full() -> bytes:
        assert repository.found("some_words") == [("a.py", 0)]
        write(repository.root, {"big.py": "it_fits_now\n"})
        return update(repository.root / "big.py")

    told = run(repository, disk_is_full, lambda: b"{}", settings=limit)
    full = next(status for status in told.said if status.kind == "limited")
    assert "full" in full.message
    assert full.files == 6
    assert told.kinds()[-1] == "ready"
    assert repository.found("it_fits_now") == [("big.py", 0)]


def test_a_damaged_file_is_built_anew(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(5)}).build()
    repository.path.write_bytes(b"this is no database" * 1000)
    assert run(repository).kinds()[-1] == "ready"
    assert repository.found("some_words") == [("a.py", 0)]


def test_a_file_damaged_within_is_built_anew(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(30)}).build()
    with repository.path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xaa" * (repository.path.stat().st_size - 8192))
    assert run(repository, lambda: b'{"scan": true}').kinds()[-1] == "ready"
    assert repository.found("some_words") == [("a.py", 0)]


def test_a_deleted_index_is_built_anew(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(5)})

    def delete() -> bytes:
        for path in repository.folder.glob("*.sqlite*"):
            path.unlink()
        return update(repository.root / "a.py")

    run(repository, delete)
    assert repository.found("some_words") == [("a.py", 0)]
    assert len(repository.files()) == 6


def test_a_root_that_is_gone_and_comes_back(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n"})
    repository.root.rename(tmp_path / "away")

    def come_back() -> bytes:
        (tmp_path / "away").rename(repository.root)
        return b"{}"

    told = run(repository, come_back)
    assert told.said[0].kind == "failed"
    assert "is not there" in told.said[0].message
    assert told.said[-1] == Status("ready", "", 1, 1)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(1))
    (tmp_path / "file").write_text("")
    inbox = Told([])
    path = tmp_path / "file" / "x.sqlite"
    index_service(
        repository.root, path, Settings(), outline, redact, inbox, inbox.said.append, lambda: inbox.now
    ).run()
    assert inbox.kinds() == ["limited"]


def test_limits_are_said(tmp_path: Path) -> None:
    told = run(Repository(tmp_path, noise(3), Settings(files=2)), lambda: b"{}")
    assert told.said[-1] == Status("limited", "there is more than the limits of the index allow", 2, 80)


def test_while_another_builds_it_waits_and_then_looks_itself(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(3)).build()
    other = Lock(repository.path.with_suffix(".lock"))
    assert other.acquire()
    write(repository.root, {"a.py": "some_words\n"})

    def the_other_ends() -> bytes:
        other.release()
        return b"{}"

    told = run(repository, the_other_ends)
    assert told.said[0].message == "another ai-lsp builds it"
    assert told.kinds()[-1] == "ready"
    assert repository.found("some_words") == [("a.py", 0)]


def test_a_locked_file_is_tried_again(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(3)).build()
    other = sqlite3.connect(repository.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    write(repository.root, {"a.py": "some_words\n"})

    def the_other_ends() -> bytes:
        other.execute("COMMIT")
        other.close()
        return b"{}"

    run(repository, the_other_ends)
    assert repository.found("some_words") == [("a.py", 0)]


def test_it_ends_in_the_middle_when_nobody_listens(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(50))

    class Gone(Told):
        def receive(self, seconds: float | None) -> bool:
            if self.said and self.said[-1].done >= 5:
                self.put(None)
            return super().receive(seconds)

    inbox = Gone([])
    inbox.now = 0.0
    clock = iter(range(1_000_000))
    repository.folder.mkdir()
    service = index_service(
        repository.root,
        repository.path,
        Settings(),
        outline,
        redact,
        inbox,
        inbox.said.append,
        lambda: float(next(clock)),
    )
    service.run()
    assert 0 < len(repository.files()) < 50
    repository.build()
    assert len(repository.files()) == 50
