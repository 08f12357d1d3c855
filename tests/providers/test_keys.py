"""Keys come from the environment or the keyring."""

from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from ai_lsp.providers.chat import ProviderError
from ai_lsp.providers.keys import key_of
from ai_lsp.providers.settings import ProviderSettings

ENV = ProviderSettings("team", url="https://x", key_env="TEAM_KEY")
RING = ProviderSettings("team", url="https://x", keyring="team-models")


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self, key: str | None) -> None:
        super().__init__()
        self.key = key

    def get_password(self, service: str, username: str) -> str | None:
        if self.key == "locked":
            raise KeyringLocked("locked")
        return self.key if (service, username) == ("team-models", "ai-lsp") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def ring():
    before = keyring.get_keyring()
    one = Ring("from-the-ring")
    keyring.set_keyring(one)
    yield one
    keyring.set_keyring(before)


def test_without_one():
    assert key_of(ProviderSettings("team", url="https://x"), {}) == ""


def test_from_the_environment():
    assert key_of(ENV, {"TEAM_KEY": "abc\n"}) == "abc"


@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_none_in_the_environment(value):
    with pytest.raises(ProviderError, match="TEAM_KEY is not set: set it where your editor is started"):
        key_of(ENV, {"TEAM_KEY": value})


@pytest.mark.parametrize("value", ["hidden\nX-Other: 1", "hiddén", "hidden key"])
def test_what_is_no_key_is_told_without_showing_it(value):
    with pytest.raises(ProviderError, match="is no key") as caught:
        key_of(ENV, {"TEAM_KEY": value})
    assert "hidd" not in str(caught.value)


def test_from_the_keyring(ring):
    assert key_of(RING) == "from-the-ring"
    ring.key = None
    with pytest.raises(ProviderError, match="run `keyring set team-models ai-lsp`"):
        key_of(RING)
    ring.key = "locked"
    with pytest.raises(ProviderError, match="the keyring cannot be read: locked; use key_env instead"):
        key_of(RING)
