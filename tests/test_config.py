"""The layers of the configuration and their merging."""

import re
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_lsp.config import Configuration, Layer, Problem, file_layers, load, merge, repository_files, user_file
from ai_lsp.licences.policy import Policy
from ai_lsp.option import Table
from ai_lsp.options import LICENCES_ALLOWED, OPTIONS, SECTIONS, Options

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
json_like = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
names = st.sampled_from([*OPTIONS, *SECTIONS, *(name.rpartition(".")[2] for name in OPTIONS)]) | st.text()
tables = st.dictionaries(names, json_like | st.dictionaries(names, json_like, max_size=4), max_size=6)


@pytest.fixture
def quiet(tmp_path):
    """An environment whose user file exists and is empty."""
    (tmp_path / "user.toml").touch()
    return {"AI_LSP_CONFIG": str(tmp_path / "user.toml")}


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    return root


def messages(configuration: Configuration) -> list[str]:
    return [problem.message for problem in configuration.problems]


def test_merge_without_layers_gives_the_defaults():
    merged = merge([])
    assert merged.options == Options()
    assert merged.problems == ()
    assert merged.origins == dict.fromkeys(OPTIONS, "default")


def test_a_later_layer_wins_option_by_option():
    merged = merge(
        [
            Layer("first", {"completion": {"deadline_ms": 100, "max_lines": 2}}),
            Layer("second", {"completion": {"deadline_ms": 200}, "filters": {"off": ["a"]}}),
            Layer("third", {"filters": {"off": ["b"]}}),
        ]
    )
    assert (merged.options.completion.deadline_ms, merged.options.completion.max_lines) == (200, 2)
    assert merged.options.filters.off == ("b",)
    assert merged.origins["completion.deadline_ms"] == "second"
    assert merged.origins["completion.max_lines"] == "first"
    assert merged.origins["filters.off"] == "third"
    assert merged.origins["enabled"] == "default"


@pytest.mark.parametrize(
    "values",
    [
        {"completion": {"deadline_ms": 300}},
        {"completion": {"deadlineMs": 300}},
        {"completion.deadline_ms": 300},
        {"completion.deadlineMs": 300},
    ],
)
def test_names_may_be_written_in_several_ways(values):
    merged = merge([Layer("x", values)])
    assert merged.options.completion.deadline_ms == 300
    assert merged.problems == ()


def test_null_and_empty_tables_mean_nothing():
    layers = [
        Layer("x", {"enabled": False}),
        Layer(
            "y", {"enabled": None, "model": None, "filters": [], "completion": {"notify": None, "max_lines": None}}
        ),
        Layer("z", None),
        Layer("lua", []),
    ]
    merged = merge(layers)
    assert merged.options.enabled is False
    assert messages(merged) == ["ai-lsp: unknown option `completion.notify` in y; did you mean `status.notify`?"]


@pytest.mark.parametrize(
    ("values", "name", "message"),
    [
        (
            {"completion": {"deadlin_ms": 3}},
            "completion.deadlin_ms",
            "unknown option `completion.deadlin_ms` in repo; did you mean `completion.deadline_ms`?",
        ),
        (
            {"deadlineMs": 3},
            "deadlineMs",
            "unknown option `deadlineMs` in repo; did you mean `completion.deadline_ms`?",
        ),
        ({"modle": {"name": 1}}, "modle", "unknown option `modle` in repo; did you mean `model`?"),
        ({"qqqqqqq": 1}, "qqqqqqq", "unknown option `qqqqqqq` in repo"),
        ({"\x1b[2J\n": 1}, "\x1b[2J\n", r"unknown option `\x1b[2J\n` in repo"),
        ({"enabled": 1}, "enabled", "`enabled` in repo must be true or false, not 1"),
        (
            {"completion": {"max_lines": 101}},
            "completion.max_lines",
            "`completion.max_lines` in repo must be a whole number between 1 and 100, not 101",
        ),
        (
            {"completion": {"max_lines": 16**9000}},
            "completion.max_lines",
            "`completion.max_lines` in repo must be a whole number between 1 and 100, not a number that long",
        ),
        ({"completion": 3}, "completion", "`completion` in repo must be a table of options, not 3"),
        ("text", "", "repo must be a table of options, not 'text'"),
        (
            {"model": {"name": "evil.gguf"}},
            "model.name",
            "`model.name` in repo is ignored: only a user's own settings may set it",
        ),
    ],
)
def test_a_bad_value_is_told_and_left_out(values, name, message):
    good = Layer("good", {"log_level": "error"})
    merged = merge([good, Layer("repo", values, user=False)])
    assert merged.problems == (Problem(name, "repo", f"ai-lsp: {message}"),)
    assert (merged.options, merged.origins) == (merge([good]).options, merge([good]).origins)


def test_the_rest_of_a_layer_with_a_bad_value_holds():
    merged = merge([Layer("x", {"completion": {"max_lines": "many", "max_tokens": 9}, "nonsense": 1})])
    assert merged.options.completion.max_tokens == 9
    assert merged.options.completion.max_lines == 8
    assert len(merged.problems) == 2


def test_what_an_earlier_layer_said_holds_when_a_later_one_is_wrong():
    merged = merge([Layer("x", {"model": {"name": "mine"}}), Layer("y", {"model": {"name": 3}})])
    assert merged.options.model.name == "mine"
    assert merged.origins["model.name"] == "x"


@given(st.lists(json_like | tables, max_size=3), st.booleans())
def test_merge_never_raises(values, user):
    merged = merge(Layer("x", value, user) for value in values)
    assert isinstance(merged.options, Options)
    for name, option in OPTIONS.items():
        assert (merged.origins[name] == "x") or attrgetter(name)(merged.options) == option.default
    assert all("\n" not in message and len(message) < 1000 for message in messages(merged))


def test_file_layers_in_order(tmp_path, repository, quiet):
    (tmp_path / "user.toml").write_text('[model]\nname = "mine"\n')
    (repository / ".ai-lsp.toml").write_text("[completion]\nmax_lines = 3\n")
    layers, problems = file_layers(repository, {**quiet, "AI_LSP_ENABLED": "off"})
    assert layers == [
        Layer(str(tmp_path / "user.toml"), {"model": {"name": "mine"}}),
        Layer(str(repository / ".ai-lsp.toml"), {"completion": {"max_lines": 3}}, user=False),
        Layer("environment", {"enabled": False}),
    ]
    assert problems == []


def test_the_users_file_is_in_the_users_folder_unless_named():
    assert user_file({"AI_LSP_CONFIG": "/x/y.toml"}) == Path("/x/y.toml")
    for env in ({}, {"AI_LSP_CONFIG": ""}):
        assert user_file(env).name == "config.toml"
        assert user_file(env).is_absolute()


def test_a_users_file_that_is_missing_is_told_only_when_it_was_named(tmp_path, monkeypatch):
    named = tmp_path / "missing.toml"
    layers, problems = file_layers(None, {"AI_LSP_CONFIG": str(named)})
    assert layers == []
    assert problems == [Problem("", str(named), f"ai-lsp: {named} cannot be read: No such file or directory")]
    monkeypatch.setattr("platformdirs.user_config_dir", lambda name: str(tmp_path / name))
    assert file_layers(None, {}) == ([], [])


def test_the_nearest_repository_file_up_to_the_git_folder_is_read(tmp_path, repository, quiet):
    inner = repository / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / ".ai-lsp.toml").write_text("log_level = 'debug'")
    assert load(inner, env=quiet).options.log_level == "warning"
    (repository / ".ai-lsp.toml").write_text("log_level = 'error'")
    assert load(inner, env=quiet).options.log_level == "error"
    (repository / "a" / ".ai-lsp.toml").write_text("enabled = false")
    assert load(inner, env=quiet).options.log_level == "warning"
    assert load(inner, env=quiet).options.enabled is False
    assert repository_files(inner) == [folder / ".ai-lsp.toml" for folder in (inner, repository / "a", repository)]


def test_without_a_git_folder_the_search_goes_to_the_top(tmp_path):
    assert repository_files(tmp_path)[-1] == Path(tmp_path.anchor) / ".ai-lsp.toml"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a = 1\nb = = 2\n", r"is not valid TOML: .*line 2"),
        (b"\xff\xfe", r"is not valid TOML: .*utf-8"),
        (b"a = " + b"[" * 100_000, r"is not valid TOML: "),
        (b"a = " + b"9" * 5000, r"is not valid TOML: "),
    ],
)
def test_a_broken_file_is_told_and_the_other_layers_hold(repository, quiet, content, expected):
    file = repository / ".ai-lsp.toml"
    file.write_bytes(content)
    loaded = load(repository, initialization={"enabled": False}, env=quiet)
    assert loaded.options.enabled is False
    assert [(problem.name, problem.source) for problem in loaded.problems] == [("", str(file))]
    assert re.search(expected, messages(loaded)[0])


def test_a_folder_in_the_files_place_is_told(repository, quiet):
    (repository / ".ai-lsp.toml").mkdir()
    assert "cannot be read" in messages(load(repository, env=quiet))[0]


def test_a_byte_order_mark_is_no_error(repository, quiet):
    (repository / ".ai-lsp.toml").write_bytes(b"\xef\xbb\xbfenabled = false")
    assert load(repository, env=quiet).options.enabled is False


@pytest.mark.parametrize(
    ("variable", "text", "name", "expected"),
    [
        ("AI_LSP_MODEL_NAME", "x.gguf", "model.name", "x.gguf"),
        ("AI_LSP_COMPLETION_DEADLINE_MS", "300", "completion.deadline_ms", 300),
        ("AI_LSP_MODEL_GPU_LAYERS", "-1", "model.gpu_layers", -1),
        ("AI_LSP_FILTERS_MIN_RIGHT_PROBABILITY", "0.5", "filters.min_right_probability", 0.5),
        ("AI_LSP_ENABLED", "false", "enabled", False),
        ("AI_LSP_ENABLED", "0", "enabled", False),
        ("AI_LSP_COMPLETION_FALLBACK_COMPLETION", "OFF", "completion.fallback_completion", False),
        ("AI_LSP_COMPLETION_LANGUAGES_OFF", "markdown, text", "completion.languages_off", ("markdown", "text")),
        ("AI_LSP_COMPLETION_LANGUAGES_OFF", ",", "completion.languages_off", ()),
    ],
)
def test_environment(quiet, variable, text, name, expected):
    loaded = load(env={**quiet, variable: text})
    assert loaded.problems == ()
    assert attrgetter(name)(loaded.options) == expected
    assert loaded.origins[name] == "environment"


def test_environment_problems(quiet):
    env = {"AI_LSP_ENABLED": "maybe", "AI_LSP_COMPLETION_MAX_LINES": "2x", "AI_LSP_COMPLETION_DEADLIN_MS": "1"}
    assert messages(load(env=quiet | env)) == [
        "ai-lsp: `enabled` in environment must be true or false, not 'maybe'",
        "ai-lsp: `completion.max_lines` in environment must be a whole number between 1 and 100, not '2x'",
        "ai-lsp: unknown option `completion.deadlin_ms` in environment; did you mean `completion.deadline_ms`?",
    ]


def test_empty_and_foreign_variables_are_left_alone(quiet):
    loaded = load(env={**quiet, "AI_LSP_LOG_LEVEL": "", "AI_LSP_DATA": "x", "AI_LSP_COMPLETION_MAX_LINES": ""})
    assert (loaded.options, loaded.problems) == (Options(), ())


def test_all_layers_in_order(tmp_path, repository, quiet):
    (tmp_path / "user.toml").write_text("[completion]\nmax_lines = 2\nmax_tokens = 2\nmax_line_chars = 2\n")
    (repository / ".ai-lsp.toml").write_text("[completion]\nmax_lines = 3\nmax_tokens = 3\n")
    env = {**quiet, "AI_LSP_COMPLETION_MAX_LINES": "4"}
    lines = "completion.max_lines"
    assert load(repository, env=env).origins[lines] == "environment"
    initialization = {"completion": {"maxLines": 5}}
    started = load(repository, env=env, initialization=initialization)
    assert (started.options.completion.max_lines, started.origins[lines]) == (5, "initializationOptions")
    asked = load(repository, env=env, initialization=initialization, client={"completion": {"max_lines": 6}})
    assert (asked.options.completion.max_lines, asked.origins[lines]) == (6, "workspace/configuration")
    assert (asked.options.completion.max_tokens, asked.options.completion.max_line_chars) == (3, 2)


def test_the_clients_settings_may_stand_under_the_servers_name(quiet):
    nested = {"ai-lsp": {"completion": {"maxLines": 5}}, "other-server": {"x": 1}}
    for settings in ({"initialization": nested}, {"client": nested}):
        loaded = load(env=quiet, **settings)
        assert loaded.options.completion.max_lines == 5
        assert loaded.problems == ()


def test_load_uses_the_processes_environment(quiet, monkeypatch):
    for variable, text in {**quiet, "AI_LSP_MODEL_NAME": "from-process"}.items():
        monkeypatch.setenv(variable, text)
    assert load().options.model.name == "from-process"


@given(json_like | tables, json_like | tables)
def test_load_never_raises(initialization, client):
    env = {"AI_LSP_CONFIG": "/dev/null"}
    assert isinstance(load(initialization=initialization, client=client, env=env), Configuration)


def test_lists_of_tables_are_added_to_each_other():
    merged = merge(
        [
            Layer("mine", {"filters": {"rules": [{"id": "a"}]}}),
            Layer("repository", {"filters": {"rules": [{"id": "b"}]}}, user=False),
            Layer("client", {"filters": {"rules": {}}}),
        ]
    )
    assert merged.options.filters.rules == (Table("mine", {"id": "a"}), Table("repository", {"id": "b"}))
    assert not merged.problems


@pytest.mark.parametrize("value", ["x", 1, ["x"], [["x"]]])
def test_what_is_no_list_of_tables_is_told(value):
    merged = merge([Layer("mine", {"filters": {"rules": value}})])
    assert merged.options.filters.rules == ()
    assert "`filters.rules` in mine must be a list of tables" in merged.problems[0].message


@pytest.mark.parametrize(
    ("name", "both"),
    [("imports_forbidden", ("a", "b", "c")), ("imports_allowed", ("a", "b", "&", "c"))],
)
def test_a_repositorys_lists_of_imports_hold_beside_the_users(name, both):
    def found(*layers):
        return getattr(merge(layers).options.filters, name)

    weak, strong = (Layer(text, {"filters": {name: [text, "b"]}}) for text in ("x", "a"))
    shared = Layer("repository", {"filters": {name: ["c"]}}, user=False)
    assert found(weak, shared, strong) == both
    assert found(strong, shared) == both
    assert found(shared) == ("c",)
    assert found(strong, Layer("repository", {"filters": {name: []}}, user=False)) == ("a", "b")
    assert found(strong, shared, Layer("client", {"filters": {name: []}})) == ("c",)


def test_a_repository_switches_no_filter_off_that_guards():
    layers = [Layer("mine", {"filters": {"off": ["blank", "rules"]}}), Layer("theirs", {}, user=False)]
    theirs = {"filters": {"off": ["brackets", "insecure"]}}
    assert merge(layers).options.filters.off == ("blank", "rules")
    merged = merge([layers[0], Layer("theirs", theirs, user=False)])
    assert merged.options.filters.off == ("blank", "rules")
    assert "may have 'insecure' in it" in merged.problems[0].message
    assert merge([Layer("theirs", {"filters": {"off": ["blank"]}}, user=False)]).options.filters.off == ("blank",)


def test_a_repository_switches_no_rule_off():
    merged = merge([Layer("repository", {"filters": {"rules_off": ["python-eval"]}}, user=False)])
    assert merged.options.filters.rules_off == ()
    assert "only a user's own settings" in merged.problems[0].message


def test_a_repository_s_file_may_be_left_out(repository, quiet):
    (repository / ".ai-lsp.toml").write_text("log_level = 'error'\nrepository_file = true")
    no = {"repositoryFile": False}
    assert load(repository, initialization=no, env=quiet).options.log_level == "warning"
    assert load(repository, client=no, env=quiet).options.log_level == "warning"
    assert load(repository, client=no, env=quiet).problems == ()
    assert load(repository, env={**quiet, "AI_LSP_REPOSITORY_FILE": "off"}).options.log_level == "warning"
    trusted = load(repository, initialization=no, client={"repositoryFile": True}, env=quiet)
    assert trusted.options.log_level == "error"


def test_a_repository_s_file_is_left_out_unread(repository, quiet):
    (repository / ".ai-lsp.toml").write_text("not = = toml")
    assert load(repository, env=quiet).problems
    assert load(repository, client={"repositoryFile": False}, env=quiet).problems == ()


def test_a_repository_s_file_cannot_keep_itself_out(repository, quiet):
    (repository / ".ai-lsp.toml").write_text("log_level = 'error'\nrepository_file = false")
    merged = load(repository, env=quiet)
    assert merged.options.log_level == "error"
    assert "`repository_file`" in messages(merged)[0]


def test_a_repository_allows_no_licence_that_the_user_does_not():
    repository = Layer("repo", {"filters": {"licences_allowed": ["GPL-*", "MIT"]}}, user=False)
    allowed = merge([repository]).options.filters.licences_allowed
    assert allowed == (*LICENCES_ALLOWED, "&", "GPL-*", "MIT")
    assert not Policy(allowed).allows("GPL-3.0-only")
    assert Policy(allowed).allows("MIT")
    nothing = Layer("user", {"filters": {"licences_allowed": []}})
    assert not Policy(merge([nothing, repository]).options.filters.licences_allowed).allows("MIT")
    own = Layer("user", {"filters": {"licences_allowed": ["GPL-*"]}})
    assert merge([own, repository]).options.filters.licences_allowed == ("GPL-*", "&", "GPL-*", "MIT")
