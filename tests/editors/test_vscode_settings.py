"""The extension for VS Code has a setting for every option, as the option tree has it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from ai_lsp import __version__
from ai_lsp.cli import main
from ai_lsp.cli.vscode import contribution, setting
from ai_lsp.config import Layer, merge
from ai_lsp.options import OPTIONS

ROOT = Path(__file__).parents[2]
PACKAGE: dict[str, Any] = json.loads((ROOT / "editors" / "vscode" / "package.json").read_text("utf-8"))


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vscode_settings", ROOT / "build-support" / "vscode_settings.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_package_json_is_current(script: ModuleType) -> None:
    assert script.updated(PACKAGE, contribution()) == PACKAGE, "run: make vscode-settings"
    assert PACKAGE["version"] == __version__


def test_old_settings_are_taken_out(script: ModuleType) -> None:
    own = PACKAGE["contributes"]["configuration"][0]
    old = PACKAGE["contributes"] | {"configuration": [own, {"title": "Gone", "properties": {"ai-lsp.gone": {}}}]}
    assert script.updated(PACKAGE | {"contributes": old}, contribution()) == PACKAGE


def test_the_command_prints_it() -> None:
    done = CliRunner().invoke(main, ["config", "options", "--format", "vscode"])
    assert json.loads(done.output) == contribution()


def test_every_option_is_there_once() -> None:
    names = [name for category in contribution()["configuration"] for name in category["properties"]]
    assert sorted(names) == sorted(setting(option) for option in OPTIONS.values())


def test_the_server_knows_the_settings_by_their_names() -> None:
    values = {
        name.removeprefix("ai-lsp."): schema["default"]
        for category in contribution()["configuration"]
        for name, schema in category["properties"].items()
    }
    assert merge([Layer("VS Code", values)]).problems == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "completion.deadline_ms",
            {"type": "integer", "default": 450, "minimum": 50, "maximum": 10_000, "scope": "window"},
        ),
        ("model.name", {"type": "string", "default": "smollm2-135m", "scope": "machine"}),
        ("completion.multiline", {"type": "string", "enum": ["auto", "never", "always"]}),
        ("filters.off", {"type": "array", "items": {"type": "string"}, "default": []}),
        ("enabled", {"type": "boolean", "default": True}),
        ("permissions", {"type": "array", "items": {"type": "object"}, "scope": "machine"}),
        ("providers", {"type": "array", "items": {"type": "object"}, "scope": "machine"}),
        ("model.unload_after_minutes", {"type": "number"}),
    ],
)
def test_one_option(name: str, expected: dict[str, Any]) -> None:
    properties = [category["properties"] for category in contribution()["configuration"]]
    schema = next(one[setting(OPTIONS[name])] for one in properties if setting(OPTIONS[name]) in one)
    assert schema == schema | expected | {"description": OPTIONS[name].help}


def test_a_workspace_that_is_not_trusted_sets_nothing() -> None:
    restricted = set(PACKAGE["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"])
    for category in PACKAGE["contributes"]["configuration"]:
        for name, schema in category["properties"].items():
            assert (name in restricted) == (schema["scope"] == "window"), name


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "editors" / "vscode" / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert lock["version"] == PACKAGE["version"]
