"""The option tree, the decoding of one value, the documentation, and the commands that show options."""

import json
import re
from dataclasses import FrozenInstanceError, fields
from operator import attrgetter
from pathlib import Path
from typing import get_type_hints

import pytest
from click.testing import CliRunner

from ai_lsp.cli.config import config as command
from ai_lsp.option import Table
from ai_lsp.options import OPTIONS, SECTIONS, Options, build

DOCS = Path(__file__).parent.parent / "docs" / "configuration.md"


def test_every_option_has_a_default_and_help():
    assert build({}) == Options()
    for name, option in OPTIONS.items():
        assert attrgetter(name)(Options()) == option.default
        assert option.help.endswith(".")


def test_defaults_decode_to_themselves():
    for option in OPTIONS.values():
        decoded = option.decode(option.default)
        assert decoded == option.default
        assert type(decoded) is type(option.default)


def test_every_number_has_a_range():
    for option in OPTIONS.values():
        if type(option.default) in (int, float):
            assert option.minimum is not None, option.name
            assert option.maximum is not None, option.name


def test_annotations_agree_with_the_defaults_types():
    trees = [Options] + [getattr(Options(), name).__class__ for name in SECTIONS]
    plain = {bool: bool, int: int, float: float, str: str, tuple[str, ...]: tuple, tuple[Table, ...]: tuple}
    for tree in trees:
        hints = get_type_hints(tree)
        for item in fields(tree):
            if item.name not in SECTIONS:
                assert type(item.default) is plain[hints[item.name]], item.name


def test_what_names_files_runs_programs_and_fills_disks_is_kept_from_repositories():
    assert [option.name for option in OPTIONS.values() if option.user_only] == [
        "repository_file",
        "providers",
        "model.name",
        "model.shelf_mb",
        "roles.autocomplete",
        "roles.edit",
        "roles.chat",
        "roles.embed",
        "roles.rerank",
        "roles.embed_query_prefix",
        "roles.embed_text_prefix",
        "roles.by",
        "roles.context_tokens",
        "audit.text",
        "audit.days",
        "context.never_read",
        "context.index_mb",
        "context.index_days",
        "filters.checks",
        "filters.checks_ms",
        "filters.rules_off",
        "filters.licence_folders",
        "filters.licence_mb",
    ]


def test_options_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Options().completion.deadline_ms = 1


def test_build_sets_what_it_is_given_and_leaves_the_rest():
    built = build({"completion.deadline_ms": 300, "enabled": False, "filters.off": ("repeat",)})
    assert built.completion.deadline_ms == 300
    assert built.enabled is False
    assert built.filters.off == ("repeat",)
    assert built.model == Options().model


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("enabled", False, False),
        ("completion.deadline_ms", 50, 50),
        ("completion.deadline_ms", 10_000, 10_000),
        ("filters.min_right_probability", 1, 1.0),
        ("filters.min_right_probability", 0.25, 0.25),
        ("completion.multiline", "never", "never"),
        ("completion.languages_off", ["markdown", "text"], ("markdown", "text")),
        ("completion.languages_off", [], ()),
        ("completion.languages_off", {}, ()),
        ("model.name", "/models/a.gguf", "/models/a.gguf"),
        ("model.gpu_layers", -1, -1),
    ],
)
def test_decode(name, value, expected):
    decoded = OPTIONS[name].decode(value)
    assert decoded == expected
    assert type(decoded) is type(expected)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enabled", 1),
        ("enabled", "true"),
        ("completion.deadline_ms", True),
        ("completion.deadline_ms", "450"),
        ("completion.deadline_ms", 450.0),
        ("completion.deadline_ms", 49),
        ("completion.deadline_ms", 10_001),
        ("completion.deadline_ms", 10**400),
        ("filters.min_right_probability", True),
        ("filters.min_right_probability", float("nan")),
        ("filters.min_right_probability", 1.5),
        ("filters.min_right_probability", 10**400),
        ("completion.multiline", "sometimes"),
        ("completion.multiline", ["auto"]),
        ("completion.languages_off", "markdown"),
        ("completion.languages_off", ["markdown", 3]),
        ("completion.languages_off", {"markdown": True}),
        ("model.name", 3),
    ],
)
def test_decode_refuses(name, value):
    with pytest.raises(ValueError):
        OPTIONS[name].decode(value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("enabled", "true or false"),
        ("log_level", "one of debug, info, warning, error"),
        ("model.name", "a text"),
        ("completion.deadline_ms", "a whole number between 50 and 10000"),
        ("completion.max_file_bytes", "a whole number between 0 and 1000000000"),
        ("filters.min_right_probability", "a number between 0 and 1"),
        ("filters.off", "a list of texts"),
    ],
)
def test_expectation(name, expected):
    assert OPTIONS[name].expectation == expected


def test_variable():
    assert OPTIONS["completion.deadline_ms"].variable == "AI_LSP_COMPLETION_DEADLINE_MS"
    assert OPTIONS["log_level"].variable == "AI_LSP_LOG_LEVEL"


def test_variables_are_distinct():
    assert len({option.variable for option in OPTIONS.values()}) == len(OPTIONS)


def test_every_option_is_documented_with_its_default_and_values():
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]*)` \| ([^|]+) \| ([^|]+) \|$", DOCS.read_text(), re.MULTILINE)
    assert [row[0] for row in rows] == list(OPTIONS)
    for name, default, values, meaning in rows:
        option = OPTIONS[name]
        assert default == json.dumps(option.default), name
        if option.choices:
            assert values == ", ".join(f"`{choice}`" for choice in option.choices), name
        else:
            assert values == option.expectation.replace("between ", "").replace(" and ", " to "), name
        assert meaning == option.help, name


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    return root


@pytest.fixture
def quiet(tmp_path):
    """An environment whose user file exists and is empty."""
    (tmp_path / "user.toml").touch()
    return {"AI_LSP_CONFIG": str(tmp_path / "user.toml")}


def run(*arguments, root: Path, env):
    return CliRunner().invoke(command, [*arguments, "--root", str(root)], env=env, catch_exceptions=False)


def test_show(repository, quiet):
    (repository / ".ai-lsp.toml").write_text("[completion]\nmax_lines = 3\nmax_line = 4\n")
    result = run("show", root=repository, env=quiet)
    assert f"completion.max_lines = 3  # {repository / '.ai-lsp.toml'}\n" in result.stdout
    assert 'model.name = "smollm2-135m"  # default\n' in result.stdout
    assert "did you mean `completion.max_lines`?" in result.stderr


def test_show_json(repository, quiet):
    result = run(
        "show", "--json", root=repository, env={**quiet, "AI_LSP_FILTERS_OFF": "a,b", "AI_LSP_ENABLED": "x"}
    )
    shown = json.loads(result.stdout)
    assert shown["options"]["filters.off"] == {"value": ["a", "b"], "source": "environment"}
    assert list(shown["options"]) == list(OPTIONS)
    assert [problem["name"] for problem in shown["problems"]] == ["enabled"]


def test_rules_are_shown_as_they_were_written(repository, quiet):
    (repository / ".ai-lsp.toml").write_text('[[filters.rules]]\nid = "a"\n')
    shown = 'filters.rules = [{"id": "a"}]'
    assert shown in run("show", root=repository, env=quiet).stdout
    values = json.loads(run("show", "--json", root=repository, env=quiet).stdout)["options"]
    assert values["filters.rules"]["value"] == [{"id": "a"}]


def test_path(tmp_path, repository, quiet):
    inner = repository / "inner"
    inner.mkdir()
    for folder in (inner, repository):
        (folder / ".ai-lsp.toml").touch()
    assert run("path", root=inner, env=quiet).stdout.splitlines() == [
        f"user        {tmp_path / 'user.toml'}  (read)",
        f"repository  {inner / '.ai-lsp.toml'}  (read)",
        f"repository  {repository / '.ai-lsp.toml'}  (not read: there is a nearer one)",
    ]


def test_options_are_all_listed():
    output = CliRunner().invoke(command, ["options"], catch_exceptions=False).stdout
    for name, option in OPTIONS.items():
        assert f"{name} = {json.dumps(option.default)}\n    {option.help}\n" in output
        assert option.variable in output
    assert output.count("not from a repository's file") == sum(option.user_only for option in OPTIONS.values())
