"""What is written is found, changed, forgotten, and outlives damage."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from ai_lsp.index import schema
from ai_lsp.index.hits import Candidates, IndexedDefinition, Shown
from ai_lsp.index.reader import Index
from ai_lsp.index.settings import Settings
from ai_lsp.index.store import Store
from tests.index.repository import Repository, noise, write


def numbered(count: int, special: dict[int, str] | None = None) -> str:
    return "".join(f"{(special or {}).get(at, f'line_{at} = {at}')}\n" for at in range(count))


def test_a_window_is_found_with_its_lines(tmp_path: Path) -> None:
    text = numbered(100, {40: "launch_rocket(moonBase)"})
    repository = Repository(tmp_path, {"src/a.py": text, **noise(5)}).build()
    (hit,) = repository.index.similar({"moonbase": 1.0}, 10)
    lines = text.splitlines(keepends=True)
    assert (hit.path, hit.line, hit.text) == ("src/a.py", 32, "".join(lines[32:48]))
    assert (hit.before, hit.after) == ("".join(lines[16:32]), "".join(lines[48:64]))
    assert repository.found("moon") == repository.found("rocket") == [("src/a.py", 32)]
    assert repository.found("nowhere_at_all") == []


def test_lines_across_compressed_chunks(tmp_path: Path) -> None:
    text = numbered(600, {255: "needle_one", 256: "needle_two", 599: "needle_end"})
    repository = Repository(tmp_path, {"a.py": text, **noise(5)}).build()
    lines = text.splitlines(keepends=True)
    (one,) = repository.index.similar({"needle_one": 1.0}, 1)
    (two,) = repository.index.similar({"needle_two": 1.0}, 1)
    (end,) = repository.index.similar({"needle_end": 1.0}, 1)
    assert (one.line, one.text, one.after) == (240, "".join(lines[240:256]), "".join(lines[256:272]))
    assert (two.line, two.text, two.before) == (256, "".join(lines[256:272]), "".join(lines[240:256]))
    assert (end.line, end.text, end.after) == (592, "".join(lines[592:]), "")


def test_rare_terms_and_heavy_terms_come_first(tmp_path: Path) -> None:
    files = {f"c{n}.py": "common_word\n" for n in range(20)} | {
        "x.py": "rare_one\n",
        "y.py": "rare_two common_word\n",
    }
    repository = Repository(tmp_path, files | noise(20)).build()
    weights = {"common_word": 1.0, "rare_one": 1.0, "rare_two": 1.0}
    assert [hit.path for hit in repository.index.similar(weights, 2)] == ["y.py", "x.py"]
    assert repository.index.similar({"rare_one": 2.0, "rare_two": 1.0}, 1)[0].path == "x.py"


def test_what_is_shown_is_left_out_and_does_not_use_up_the_terms(tmp_path: Path) -> None:
    own = {at: f"only_here_{at}" for at in range(16)}
    repository = Repository(tmp_path, {"a.py": numbered(64, own), "b.py": "wanted_term\n", **noise(5)}).build()
    terms = dict.fromkeys([f"only_here_{at}" for at in range(16)], 5.0) | {"wanted_term": 1.0}
    hits = repository.index.similar(terms, 5, Shown("a.py", 0, 20))
    assert [(hit.path, hit.line) for hit in hits if "wanted_term" in hit.text] == [("b.py", 0)]
    assert not [hit for hit in hits if hit.path == "a.py" and hit.line < 20]


def test_definitions_by_name_prefix_and_file(tmp_path: Path) -> None:
    files = {"a.py": "def open_door():\n    pass\ndef open_window(): pass\n", "b.py": "def open_door(key): pass\n"}
    repository = Repository(tmp_path, files).build()
    first = IndexedDefinition("a.py", "open_door", "function", 0, 0, "def open_door():", "", "")
    index = repository.index
    assert index.definitions("open_door")[0] == first
    assert [one.path for one in index.definitions("open_door")] == ["a.py", "b.py"]
    assert [one.name for one in index.definitions("open_", prefix=True)] == [
        "open_door",
        "open_door",
        "open_window",
    ]
    assert [one.name for one in index.definitions("open_", prefix=True, limit=1)] == ["open_door"]
    assert [one.name for one in index.definitions_in("a.py")] == ["open_door", "open_window"]
    assert index.definitions("open_") == index.definitions_in("nowhere.py") == []
    assert index.places(["open_door", "open_window", "nothing"]) == {
        "open_door": ["a.py", "b.py"],
        "open_window": ["a.py"],
        "nothing": [],
    }
    assert index.places(["open_door"], limit=1) == {"open_door": ["a.py"]}
    assert index.places([]) == {}


def test_languages_are_named_by_how_many_files_they_have(tmp_path: Path) -> None:
    files = {f"src/{n}.ts": "export {}\n" for n in range(60)} | {f"{n}.py": "\n" for n in range(70)}
    repository = Repository(tmp_path, files | {"one.cpp": "int a;\n"}).build()
    assert repository.index.languages() == ["python", "typescript"]
    write(repository.root, {f"src/more{n}.go": "package main\n" for n in range(3_000)})
    assert repository.build().index.languages()[0] == "go"


def test_a_candidate_says_whether_its_file_has_changed(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "wanted_term\n", "b.py": "wanted_term\n", **noise(5)}).build()
    write(repository.root, {"b.py": "wanted_term = 2\n"})
    found = repository.index.candidates({"wanted_term": 1.0, "unknown_term": 1.0}, 5)
    assert {hit.path: repository.index.is_current(hit) for hit in found.hits} == {"a.py": True, "b.py": False}
    assert list(found.rarities) == ["wanted_term"]


def test_a_change_replaces_what_was_found(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": numbered(50, {20: "def old_name(): pass"}), **noise(5)}).build()
    write(repository.root, {"a.py": "# one more line\n" + numbered(50, {20: "def new_name(): pass"})})
    repository.update("a.py")
    assert repository.found("old_name") == []
    assert repository.found("new_name") == [("a.py", 16)]
    assert [one.line for one in repository.index.definitions("new_name")] == [21]
    assert repository.index.definitions("old_name") == []


def test_a_file_comes_goes_and_is_renamed(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(5)).build()
    write(repository.root, {"a.py": "brand_new_thing\n"})
    repository.update("a.py")
    assert repository.found("brand_new_thing") == [("a.py", 0)]
    (repository.root / "a.py").rename(repository.root / "b.py")
    repository.update("a.py", "b.py")
    assert repository.found("brand_new_thing") == [("b.py", 0)]
    (repository.root / "b.py").unlink()
    repository.update("b.py")
    assert repository.found("brand_new_thing") == []
    assert "b.py" not in repository.files()


def test_links_are_not_followed_by_updates_either(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(5)).build()
    write(tmp_path, {"elsewhere/sub/b.py": "not_of_this_folder\n"})
    (repository.root / "link").symlink_to(tmp_path / "elsewhere")
    (repository.root / "b.py").symlink_to(tmp_path / "elsewhere" / "sub" / "b.py")
    repository.update("link", "link/sub", "link/sub/b.py", "b.py")
    assert repository.found("not_of_this_folder") == []


def test_a_folder_is_moved(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"old/a.py": "in_the_folder\n", "old/sub/b.py": "in_the_folder\n"}).build()
    repository = Repository(tmp_path, noise(5)).build()
    (repository.root / "old").rename(repository.root / "new")
    repository.update("old", "new")
    assert repository.found("in_the_folder") == [("new/a.py", 0), ("new/sub/b.py", 0)]


def test_nothing_is_left_of_many_changes(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": ""})
    store = Store(repository.path)
    builder = repository.builder(store)
    for number in range(20):
        write(repository.root, {"a.py": numbered(30 + 7 * number, {number: f"step_{number}"})})
        builder.update([str(repository.root.resolve() / "a.py")])
    (repository.root / "a.py").unlink()
    builder.update([str(repository.root.resolve() / "a.py")])
    connection = sqlite3.connect(repository.path)
    assert connection.execute("SELECT count(*) FROM vocabulary").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM texts").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM definitions").fetchone() == (0,)
    connection.execute("INSERT INTO windows(windows) VALUES('integrity-check')")
    connection.close()
    store.close()


def test_a_rescan_finds_what_changed_meanwhile(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "first_text\n", "b.py": "second_text\n", **noise(5)}).build()
    (repository.root / "a.py").unlink()
    write(repository.root, {"b.py": "changed_txt\n", "c.py": "third_text\n"})  # as long as before
    repository.build()
    assert repository.found("first_text", "second_text") == []
    assert repository.found("changed_txt", "third_text") == [("b.py", 0), ("c.py", 0)]


def test_a_rescan_reads_only_what_may_have_changed(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "one\n", "b.py": "two\n"})
    for name in ("a.py", "b.py"):
        os.utime(repository.root / name, (1_000_000, 1_000_000))
    repository.build()
    read: list[str] = []
    store = Store(repository.path)
    builder = repository.builder(store)
    builder._file = read.append  # type: ignore[method-assign]
    os.utime(repository.root / "b.py", (1_000_001, 1_000_001))
    list(builder.scan())
    store.close()
    assert read == ["b.py"]


def test_a_touched_file_keeps_its_windows(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "unique_words\n", **noise(5)}).build()
    os.utime(repository.root / "a.py", (1_000_000, 1_000_000))
    assert repository.found("unique_words") == []
    assert repository.stale == [repository.root / "a.py"]
    repository.update("a.py")
    assert repository.found("unique_words") == [("a.py", 0)]


def test_a_file_that_changed_since_is_not_quoted(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "quoted_words\n", "b.py": "quoted_words\n", **noise(5)}).build()
    write(repository.root, {"a.py": "# above\nquoted_words\n"})
    assert repository.found("quoted_words") == [("b.py", 0)]
    (repository.root / "b.py").unlink()
    assert repository.found("quoted_words") == []


def test_a_changed_ignore_file_asks_for_all(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"gen/a.py": "generated_words\n", **noise(5)}).build()
    write(repository.root, {".gitignore": "gen/\n"})
    assert repository.update(".gitignore") is True
    repository.build()
    assert repository.found("generated_words") == []
    assert repository.update("noise/n0.py") is False


def test_never_read_files_are_never_in_the_file(tmp_path: Path) -> None:
    secret = "hunter2_swordfish"
    names = [".env", "id_rsa", "tls/server.pem", "credentials", ".aws/credentials", "deep/.npmrc", "own.secret"]
    files = dict.fromkeys(names, f"TOKEN={secret}\n") | {
        ".gitignore": "!.env\n!*.pem\n",
        ".ai-lspignore": "!id_rsa\n",
    }
    repository = Repository(tmp_path, files | noise(5), Settings(never=("*.secret",), exclude=("!.env",))).build()
    (repository.root / "link.txt").symlink_to(".env")
    repository.update(*names, "link.txt", "tls", ".aws")
    assert repository.found("filler_1_1")
    stored = b"".join(path.read_bytes() for path in repository.folder.iterdir())
    assert secret.encode() not in stored
    assert repository.found(secret, "hunter2", "token") == []
    assert not set(names) & set(repository.files())


def test_values_that_look_like_secrets_are_not_in_the_file_either(tmp_path: Path) -> None:
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    block = (
        "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEAthisIsNoKey\n" * 3 + "-----END RSA PRIVATE KEY-----"
    )
    files = {"a.py": f"token = '{key}'\nuse_the_token()\n", "b.py": f'KEY = """{block}"""\nuse_the_key()\n'}
    repository = Repository(tmp_path, files | noise(5)).build()
    (hit,) = repository.index.similar({"use_the_token": 1.0}, 5)
    assert hit.text == "token = '<secret>'\nuse_the_token()\n"
    assert repository.found("use_the_key") == []
    stored = b"".join(path.read_bytes() for path in repository.folder.iterdir())
    assert key.lower().encode() not in stored.lower()
    assert b"thisisnokey" not in stored.lower()


def test_odd_names_and_texts(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \xff.py")
    files: dict[str, str | bytes] = {
        name: "odd_name_words\n", "latin.py": "stra\xdfe_words = '\xe9'\n".encode("latin-1"),
        "crlf.py": "crlf_words\r\nsecond\r\n", "binary": b"\x7fELF\0binary_words",
        "min.js": "minified_words;" * 1000,
        "half.py": "half_words", "nul.py": "a = 1\n" * 400 + "nul_words\0\n",
    }  # fmt: skip
    repository = Repository(tmp_path, files | noise(5)).build()
    assert repository.found("odd_name_words") == [("caf\ufffd \ufffd.py", 0)]
    assert repository.found("straße_words") == [("latin.py", 0)]
    assert repository.found("half_words", "nul_words") == [("half.py", 0), ("nul.py", 400)]
    assert repository.index.similar({"crlf_words": 1.0}, 1)[0].text == "crlf_words\nsecond\n"
    assert repository.found("minified_words", "binary_words") == []
    assert repository.files() == sorted(files | noise(5))


def test_limits(tmp_path: Path) -> None:
    files = {f"{n}.py": f"words_{n} {'x' * n}\n" for n in range(9)}
    repository = Repository(tmp_path, files, Settings(files=4))
    store = Store(repository.path)
    assert list(repository.builder(store).scan())[-1] == (4, 4, True)
    repository.settings = Settings(text_bytes=25)
    assert list(repository.builder(store).scan())[-1] == (2, 2, True)
    assert store.counts() == (2, 2)
    repository.settings = Settings()
    assert list(repository.builder(store).scan())[-1] == (9, 9, False)
    store.close()


def test_a_vanished_root_forgets_nothing(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(3)).build()
    repository.root.rename(tmp_path / "away")
    store = Store(repository.path)
    with pytest.raises(FileNotFoundError):
        list(repository.builder(store).scan())
    store.close()
    assert len(repository.files()) == 3


@pytest.mark.parametrize("damage", ["version", "text", "empty", "cut"])
def test_another_version_or_damage(tmp_path: Path, damage: str) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(30)}).build()
    if damage == "version":
        connection = sqlite3.connect(repository.path)
        connection.execute("PRAGMA user_version=99")
        connection.close()
    elif damage == "cut":
        data = repository.path.read_bytes()
        repository.path.write_bytes(data[: len(data) // 2])
    else:
        repository.path.write_bytes(b"" if damage == "empty" else b"this is no database" * 1000)
    assert repository.found("some_words") == []
    if damage in ("version", "empty"):
        repository.build()
        assert repository.found("some_words") == [("a.py", 0)]
    else:
        with pytest.raises(sqlite3.DatabaseError):
            repository.build()


def test_a_full_disk_keeps_what_was_there(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(5)}).build()
    write(repository.root, {f"new{n}.txt": os.urandom(40_000).hex("\n", 8) for n in range(5)})
    store = Store(repository.path, limit_bytes=repository.path.stat().st_size + 40_000)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        list(repository.builder(store).scan())
    store.rollback()
    assert repository.found("some_words") == [("a.py", 0)]
    store.close()
    assert repository.found("some_words") == [("a.py", 0)]


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    repository = Repository(tmp_path, noise(1)).build()
    assert stat.S_IMODE(repository.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(repository.path.stat().st_mode) == 0o600


def test_roots_have_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    assert schema.path_for(tmp_path / "a") != schema.path_for(tmp_path / "b")
    assert schema.path_for(tmp_path) == schema.path_for(tmp_path / "link")


def test_a_replaced_file_is_read_anew(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(5)}).build()
    assert repository.found("some_words") == [("a.py", 0)]
    for suffix in ("", "-wal", "-shm"):
        Path(f"{repository.path}{suffix}").unlink(missing_ok=True)
    assert repository.found("some_words") == []
    repository.build()
    assert repository.found("some_words") == [("a.py", 0)]
    repository.index.close()
    assert repository.found("some_words") == [("a.py", 0)]


def test_an_index_that_is_not_there(tmp_path: Path) -> None:
    index = Index.open(tmp_path, tmp_path / "nowhere")
    assert index.languages() == []
    assert index.similar({"words": 1.0}, 5) == []
    assert index.candidates({"words": 1.0}, 5) == Candidates()
    assert index.definitions("words") == []


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    repository = Repository(tmp_path, {"a.py": "some_words\n", **noise(5)}).build()
    store = Store(repository.path)
    store.begin()
    store.remove("a.py")
    assert repository.found("some_words") == [("a.py", 0)]
    store.commit()
    assert repository.found("some_words") == []
    store.close()
