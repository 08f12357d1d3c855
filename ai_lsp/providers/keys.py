"""Keys of providers, from the environment or the system's keyring; never from a file of settings."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ai_lsp.providers.chat import ProviderError
from ai_lsp.providers.settings import ProviderSettings

_USER = "ai-lsp"


def key_of(provider: ProviderSettings, env: Mapping[str, str] = os.environ) -> str:
    """Return the key, empty for a provider without one; the keyring may take a while.

    Raises ProviderError that says where it should be.
    """
    if provider.key_env:
        key = env.get(provider.key_env, "").strip()
        if not key:
            raise ProviderError(
                f"{provider.name}: the environment variable {provider.key_env} is not set: set it where your "
                "editor is started"
            )
        return _usable(key, f"the environment variable {provider.key_env}")
    if provider.keyring:
        return _usable(_from_keyring(provider), "the keyring")
    return ""


def _from_keyring(provider: ProviderSettings) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise ProviderError(
            f"{provider.name}: the package keyring is missing: install ai-lsp[keyring], or use key_env"
        ) from error
    try:
        key = keyring.get_password(provider.keyring, _USER)
    except KeyringError as error:
        raise ProviderError(
            f"{provider.name}: the keyring cannot be read: {error}; use key_env instead"
        ) from error
    if not key:
        raise ProviderError(
            f"{provider.name}: the keyring has no key: run `keyring set {provider.keyring} {_USER}`"
        )
    return key.strip()


def _usable(key: str, source: str) -> str:
    # Not with the key in the message, as httpx would.
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ProviderError(f"what {source} has is no key: it has spaces or characters that no key has")
    return key
