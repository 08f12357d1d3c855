"""Which model does which job, by the options."""

from pathlib import Path

import pytest

from ai_lsp.config import Layer, merge
from ai_lsp.roles.table import Choice, RoleTable

TEAM = {"name": "team", "url": "https://models.example.com/v1", "key_env": "TEAM_KEY"}


def read(**values):
    configuration = merge([Layer("config.toml", values)])
    assert configuration.problems == ()
    return RoleTable.read(configuration.options)


def test_without_configuration_all_is_local():
    table = read()
    assert table.choice("chat") == table.choice("edit") == table.choice("autocomplete") == Choice("local")
    assert table.problems == ()
    assert table.choices("embed", "rerank") == set()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("local", Choice("local")),
        ("local:smollm2-135m", Choice("local", "smollm2-135m")),
        ("smollm2-135m", Choice("local", "smollm2-135m")),
        ("/models/a.gguf", Choice("local", "/models/a.gguf")),
        (r"C:\models\a.gguf", Choice("local", r"C:\models\a.gguf")),
        ("team:qwen3:8b", Choice("team", "qwen3:8b")),
    ],
)
def test_how_a_model_is_written(written, expected):
    table = read(providers=[TEAM], roles={"chat": written})
    assert table.choice("chat") == expected
    assert table.problems == ()


def test_a_provider_that_is_not_there_is_told():
    table = read(providers=[TEAM], roles={"edit": "taem:qwen3"})
    assert table.problems == (
        "'taem:qwen3' is no model for edit: no provider is called 'taem'; there are local, team",
    )
    with pytest.raises(ValueError, match="no provider"):
        table.choice("edit")


def test_an_openai_server_needs_a_model():
    (told,) = read(providers=[TEAM], roles={"chat": "team"}).problems
    assert told == "'team' is no model for chat: it names no model of team: write team:MODEL"
    assert read(providers=[TEAM | {"model": "x"}], roles={"chat": "team"}).choice("chat") == Choice("team", "x")
    assert read(providers=[TEAM | {"kind": "llama-server"}], roles={"chat": "team"}).choice("chat") == Choice(
        "team"
    )


def test_autocomplete_has_one_local_model():
    by = [{"role": "autocomplete", "model": "local:other", "languages": ["c"]}]
    (told,) = read(roles={"by": by}).problems
    assert "autocomplete has one local model" in told


def test_by_language_and_folder_the_last_that_fits_holds(tmp_path: Path):
    by = [
        {"role": "chat", "model": "team:general", "folders": [str(tmp_path)]},
        {"role": "chat", "model": "local:small", "languages": ["rust"], "folders": [f"{tmp_path}/*/core"]},
        {"role": "edit", "model": "team:sql", "languages": ["sql"]},
    ]
    table = read(providers=[TEAM], roles={"by": by})
    here = str(tmp_path / "a" / "core" / "lib.rs")
    assert table.choice("chat", language="rust", path=here) == Choice("local", "small")
    assert table.choice("chat", language="python", path=here) == Choice("team", "general")
    assert table.choice("chat", language="rust", path="/elsewhere/core/lib.rs") == Choice("local")
    assert table.choice("edit", language="sql") == Choice("team", "sql")
    assert table.choices("chat") == {Choice("local"), Choice("team", "general"), Choice("local", "small")}


def test_a_home_folder():
    table = read(roles={"by": [{"role": "chat", "model": "x", "folders": ["~/work"]}]})
    assert table.choice("chat", path=str(Path.home() / "work" / "a.py")) == Choice("local", "x")
    assert table.choice("chat", path=str(Path.home() / "workshop" / "a.py")) == Choice("local")


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"role": "chatt", "model": "x", "languages": ["c"]}, "needs a `role`: one of autocomplete"),
        ({"role": "chat", "languages": ["c"]}, "needs a `model`"),
        ({"role": "chat", "model": "x"}, "fits everything"),
        ({"role": "chat", "model": "x", "language": ["c"]}, "unknown key `language`; did you mean `languages`?"),
        ({"role": "chat", "model": "x", "languages": "c"}, "`languages` must be a list of texts"),
    ],
)
def test_what_is_wrong_with_a_deviation(table, problem):
    (told,) = read(roles={"by": [table]}).problems
    assert told.startswith("config.toml: [[roles.by]] number 1: ")
    assert problem in told


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "local"}, 'needs a `name` that is not "local"'),
        ({"kind": "anthropic"}, "`kind` must be one of openai, llama-server"),
        ({"url": "models.example.com"}, "needs a `url` with http or https"),
        ({"url": "https://models.example.com:http/"}, "needs a `url` with http or https"),
        ({"url": "https://me:secret@models.example.com"}, "keys come by `key_env` or `keyring`"),
        ({"url": "http://models.example.com/v1"}, "would send its key unencrypted"),
        ({"key": "sk-1"}, "unknown key `key`"),
        ({"total_seconds": 0}, "`total_seconds` must be a number above 0"),
        ({"total_seconds": True}, "`total_seconds` must be a number above 0"),
        ({"model": "a\nb"}, "`model` must be a text of one line"),
        ({"plain_http": "yes"}, "`plain_http` must be true or false"),
        ({"fim": "{prefix}"}, '`fim` must be "suffix" or a layout with {prefix} and {suffix}'),
    ],
)
def test_what_is_wrong_with_a_provider(change, problem):
    table = read(providers=[TEAM | change])
    assert table.providers == {}
    (told,) = table.problems
    assert problem in told


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://localhost:8080/v1"},
        {"url": "http://127.0.0.1:8080/v1"},
        {"url": "http://[::1]:8080/v1"},
        {"url": "http://gpu-box:8000/v1", "plain_http": True},
        {"url": "http://gpu-box:8000/v1", "key_env": ""},
        {"totalSeconds": 10, "keyEnv": "OTHER"},
    ],
)
def test_providers_that_are_right(change):
    base = {key: value for key, value in TEAM.items() if key != "key_env" or "keyEnv" not in change}
    table = read(providers=[base | change])
    assert table.problems == ()
    assert table.providers["team"].host


def test_of_two_with_one_name_the_first_holds():
    table = read(providers=[TEAM, TEAM | {"url": "https://other.example.com"}])
    assert table.providers["team"].host == "models.example.com"
    assert table.problems == ("two [[providers]] are called 'team': the first holds",)


def test_a_repository_names_no_endpoint_and_no_model():
    shared = Layer("/x/.ai-lsp.toml", {"providers": [TEAM], "roles": {"chat": "team", "by": []}}, user=False)
    configuration = merge([shared])
    assert RoleTable.read(configuration.options) == RoleTable()
    assert [problem.name for problem in configuration.problems] == ["providers", "roles.chat", "roles.by"]
    assert all("only a user's own settings" in problem.message for problem in configuration.problems)


def test_embed_and_rerank_have_none_unless_named():
    table = read(
        providers=[TEAM],
        roles={"embed": "local:nomic", "by": [{"role": "rerank", "model": "team:bge", "languages": ["c"]}]},
    )
    assert table.optional("embed") == Choice("local", "nomic")
    assert table.optional("rerank") is None
    assert table.optional("rerank", language="c") == Choice("team", "bge")
    assert table.choices("embed", "rerank") == {Choice("local", "nomic"), Choice("team", "bge")}
