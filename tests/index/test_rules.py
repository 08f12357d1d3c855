"""Ignore files, held against git itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ai_lsp.index.ignore import Ignore, never_read
from ai_lsp.index.rules import Rules
from tests.index.repository import write

TREE = ["a", "b.gen", "foo/a", "foo/b.gen", "foo/bar/a", "foo/bar/keep", "foo/bar/baz/a", "bar/foo/a", "x y",
        "x/#c", "x/!d", "é/a", ".hidden/a", "foo/.hidden", "a1", "a2/z"]  # fmt: skip


def git_keeps(root: Path, paths: list[str]) -> list[str]:
    asked = "\0".join(paths).encode()
    command = ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "-z", "--stdin"]
    said = subprocess.run(command, cwd=root, input=asked, capture_output=True, check=False)
    ignored = set(said.stdout.decode().split("\0"))
    return [path for path in paths if path not in ignored]


def repository(root: Path, ignores: dict[str, str]) -> Path:
    subprocess.run(["git", "init", "-q", root], check=True)
    write(root, dict.fromkeys(TREE, "x"))
    write(root, ignores)
    return root


CASES = [
    "*.gen", "foo", "foo/", "/foo", "foo/bar", "/foo/*\n!/foo/bar", "foo/*\n!foo/bar/", "*.gen\n!b.gen",
    "*.gen\n!foo/", "foo/**", "foo/**\n!foo/bar", "**/bar", "**/bar/**", "a/**/b\nfoo/**/a", "*\n!foo\n!foo/a",
    "*",
    "*/", "**", "**/", "# comment\n\\#c", "\\!d", "x\\ y", "x y  ", "[ab]", "a[!0]", "a[0-9]", "a?", "foo/bar/..",
    ".*", "!.hidden", "\n\n", "/", "//", "[", "\\", "a[", "foo//bar", "/*\n!/bar", "foo\r\nbar\r\n", "é/",
    "*/a", "/*/a", "bar/", "foo/bar/\n!foo/bar/keep", "foo/bar/*\n!foo/bar/keep", "**/.hidden",
]  # fmt: skip


@pytest.mark.parametrize("patterns", CASES)
def test_one_file_of_patterns(tmp_path: Path, patterns: str) -> None:
    root = repository(tmp_path, {".gitignore": patterns})
    ignore = Ignore(root)
    assert [path for path in TREE if ignore.keeps_file(path)] == git_keeps(root, TREE)


@pytest.mark.parametrize(
    "ignores",
    [
        {".gitignore": "*.gen\n", "foo/.gitignore": "!b.gen\n"},
        {".gitignore": "a\n", "foo/.gitignore": "!a\n", "foo/bar/.gitignore": "a\n"},
        {"foo/.gitignore": "/bar\n"},
        {"foo/.gitignore": "bar/a\n"},
        {".gitignore": "foo/\n", "foo/.gitignore": "!a\n"},
        {".git/info/exclude": "a\n", ".gitignore": "!foo/a\n"},
        {"foo/.gitignore": "*\n!.gitignore\n!bar\n!bar/keep\n"},
    ],
)
def test_nested_files_of_patterns(tmp_path: Path, ignores: dict[str, str]) -> None:
    root = repository(tmp_path, ignores)
    ignore = Ignore(root)
    assert [path for path in TREE if ignore.keeps_file(path)] == git_keeps(root, TREE)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("git"), {})


PIECE = st.sampled_from(["a", "foo", "bar", "*", "**", "?", "[ab]", "b.gen", "*.gen", "f*", ".hidden", "keep"])
PATTERN = st.builds(
    lambda sign, start, pieces, end: sign + start + "/".join(pieces) + end,
    st.sampled_from(["", "", "!"]), st.sampled_from(["", "", "/"]), st.lists(PIECE, min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
)  # fmt: skip


@given(st.lists(PATTERN, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_patterns(shared: Path, patterns: list[str]) -> None:
    (shared / ".gitignore").write_text("\n".join(patterns))
    ignore = Ignore(shared)
    tree = [path for path in TREE if path.isascii()]  # to git `?` is a byte
    assert [path for path in tree if ignore.keeps_file(path)] == git_keeps(shared, tree)


@given(st.text(max_size=30), st.text(alphabet=st.characters(exclude_characters="/\0"), min_size=1, max_size=9))
def test_no_text_is_too_odd(pattern: str, name: str) -> None:
    Rules(pattern.split("\n")).match(name, folder=False)


def test_ignore_files_by_their_power(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.gen\n!*.map\n", ".ignore": "*.txt\n!b.gen\n", "sub/.gitignore": "!*.txt\n",
                     ".ai-lspignore": "/docs/\n!c.txt\n"})  # fmt: skip
    ignore = Ignore(tmp_path, exclude=["/private/", "!/docs/open/"])
    names = ["a.gen", "b.gen", "a.txt", "c.txt", "sub/a.txt", "docs/a", "private/a", "x.map", "x.min.js", "a.py"]
    assert [name for name in names if ignore.keeps_file(name)] == ["b.gen", "c.txt", "x.map", "a.py"]


def test_a_root_within_a_repository(tmp_path: Path) -> None:
    repository(tmp_path, {".gitignore": "/foo/bar/a\nb.gen\n", ".git/info/exclude": "foo/bar/keep\n"})
    ignore = Ignore(tmp_path / "foo")
    assert [path for path in ("a", "b.gen", "bar/a", "bar/keep", "bar/baz/a") if ignore.keeps_file(path)] == [
        "a", "bar/baz/a"]  # fmt: skip


def test_a_root_that_its_repository_leaves_out_is_read_all_the_same(tmp_path: Path) -> None:
    repository(tmp_path, {".gitignore": "*\n"})
    assert Ignore(tmp_path / "foo").keeps_file("bar/a")


def test_a_work_tree_has_the_repositorys_exclude(tmp_path: Path) -> None:
    write(tmp_path, {"main/.git/info/exclude": "secret\n", "main/.git/worktrees/one/commondir": "../..\n",
                     "one/.git": f"gitdir: {tmp_path}/main/.git/worktrees/one\n"})  # fmt: skip
    assert not Ignore(tmp_path / "one").keeps_file("secret")


@pytest.mark.parametrize(
    ("name", "expected"),
    [(".env", True), ("app/.env.production", True), (".ENV", True), (".env.example", False), ("env.py", False),
     ("id_rsa", True), ("id_ed25519", True), ("id_rsa.pub", False), ("server.pem", True), ("tls/server.KEY", True),
     ("a.p12", True), ("a.pfx", True), ("a.jks", True), ("a.keystore", True), ("credentials", True),
     (".aws/credentials", True), (".aws/config", True), ("credentials/views.py", False), (".netrc", True),
     (".pgpass", True), (".npmrc", True), (".pypirc", True), ("kubeconfig", True), (".kube/config", True),
     ("terraform.tfstate", True), ("terraform.tfstate.backup", True), (".ssh/config", True), (".git/config", True),
     (".docker/config.json", True), ("src/keyboard.py", False), ("monkey.py", False), ("secrets.py", False)],
)  # fmt: skip
def test_never_read(name: str, expected: bool) -> None:
    assert never_read(Path("/w") / name) is expected
    assert never_read(Path(name)) is expected


def test_never_read_can_be_extended_but_not_reduced() -> None:
    assert never_read(Path("/w/deep/own.secret"), ["*.secret", "!*.pem"])
    assert never_read(Path("/w/a.pem"), ["*.secret", "!*.pem"])


def test_no_negation_reaches_what_must_never_be_read(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "!.env\n", ".ai-lspignore": "!*.pem\n!.env\n"})
    ignore = Ignore(tmp_path, exclude=["!.env", "!*.pem"], never=["!.env"])
    assert not ignore.keeps_file(".env")
    assert not ignore.keeps_file("a.pem")
