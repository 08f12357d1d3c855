"""What `ai-lsp doctor` says of providers."""

from __future__ import annotations

import pytest

from ai_lsp.config import Layer, merge
from ai_lsp.doctor.providers import providers

TEAM = {"name": "team", "url": "https://models.example.com/v1", "model": "qwen3", "key_env": "TEAM_KEY"}
USED = {"providers": [TEAM], "roles": {"chat": "team", "edit": "team:coder"}}
ALLOWED = [{"provider": "team", "allow": ["code", "git"], "repositories": ["/work"]}, {"deny": ["git"]}]


@pytest.mark.parametrize(
    ("values", "env", "state", "says"),
    [
        ({}, {}, "ok", "every model in use is local: nothing is sent"),
        ({"providers": [TEAM]}, {}, "ok", "every model in use is local"),
        (
            USED,
            {},
            "error",
            "for edit, chat: team: the environment variable TEAM_KEY is not set",
        ),
        (USED, {"TEAM_KEY": "x"}, "warning", "may not get code of this workspace"),
        (
            USED | {"permissions": ALLOWED},
            {"TEAM_KEY": "x"},
            "ok",
            "may get code, as far as /work/a",
        ),
        (
            {"providers": [TEAM], "roles": {"embed": "team"}, "permissions": ALLOWED},
            {"TEAM_KEY": "x"},
            "warning",
            "for embed may not get index of this workspace",
        ),
    ],
)
def test_providers(values, env, state, says):
    (found,) = providers(merge([Layer("config.toml", values)]).options, "/work/a", env)
    assert found.state == state
    assert says in found.finding


def test_what_is_wrong_with_settings():
    values = {"roles": {"chat": "taem:x"}, "permissions": [{"allow": ["code"]}]}
    found = list(providers(merge([Layer("config.toml", values)]).options, "/work", {}))
    assert [one.state for one in found] == ["error", "error", "ok"]
    assert "no provider is called 'taem'" in found[0].finding
    assert "allows something to nobody" in found[1].finding
