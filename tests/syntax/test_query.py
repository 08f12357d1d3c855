"""Queries that the user adds."""

import pytest

from ai_lsp.syntax import query
from ai_lsp.syntax.query import query_for
from tests.syntax.rendering import rendered

LANGUAGES = [
    "python",
    "typescript",
    "tsx",
    "javascript",
    "go",
    "rust",
    "java",
    "c",
    "cpp",
    "csharp",
    "ruby",
    "php",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The user's folder, with nothing in it; no query is known yet."""
    monkeypatch.setattr(query.platformdirs, "user_config_dir", lambda _name: str(tmp_path))
    query_for.cache_clear()
    yield tmp_path / "queries"
    query_for.cache_clear()


def write(folder, name: str, text: str | bytes):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("name", LANGUAGES)
def test_ours_are_valid(name, folder, caplog):
    assert query_for(name) is not None
    assert caplog.messages == []


def test_a_language_without_queries(folder):
    assert query_for("yaml") is None
    assert query_for("no_such_language") is None


def test_a_language_becomes_known_by_a_users_file(folder):
    write(folder, "lua/mine.scm", "(function_declaration) @definition.function\n")
    text = "-- Adds.\nfunction add(a, b)\n  return a + b\nend\n"
    assert rendered(text, "lua") == ["function add 1-3: 'function add(a, b)'  # Adds."]


def test_a_users_file_is_added_to_ours(folder):
    write(
        folder, "python/mine.scm", '((call function: (identifier) @name) @definition.route (#eq? @name "route"))'
    )
    assert rendered("def f(): pass\nroute(1)\nother(2)\n", "python") == [
        "function f 0-0: 'def f():'",
        "route route 1-1: 'route(1)'",
    ]


def test_inheriting(folder):
    write(folder, "cuda/mine.scm", "; inherits: cpp\n")
    assert rendered("class A { int f(); };", "cuda") == ["class A 0-0: 'class A'", "method A.f 0-0: 'int f()'"]


def test_inheriting_in_a_circle(folder, caplog):
    write(folder, "lua/a.scm", "; inherits: luau\n(function_declaration) @definition.function")
    write(folder, "luau/a.scm", "; inherits: lua\n")
    assert rendered("function f()\n  return 1\nend", "lua") == ["function f 0-2: 'function f()'"]
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n  (no_such_node) @definition.class", "{path}:2:4 is passed over: Invalid node type: no_such_node"),
        ("(class_definition", "{path} is passed over: Unexpected EOF"),
        ("(identifier) @a (#eq? @a)", "{path}:1:1 is passed over: Invalid predicate in pattern: #eq? expects"
         " 2 arguments, got 1"),
        (b"\xff", "{path} cannot be read: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)  # fmt: skip
def test_a_broken_file_is_logged_and_passed_over(text, message, folder, caplog):
    path = write(folder, "python/broken.scm", text)
    write(folder, "python/zz.scm", "(import_statement) @definition.statement")
    assert query_for("python").pattern_count == 11
    assert caplog.messages == [message.format(path=path)]
