"""What the options say of servers that models run on."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ai_lsp import tables
from ai_lsp.option import Table

LOCAL = "local"
"""The provider that is this process."""
KINDS = ("openai", "llama-server")


@dataclass(frozen=True)
class ProviderSettings:
    """One table of `providers`."""

    name: str = ""
    """What roles and permissions call it."""
    kind: str = "openai"
    """``openai`` for whatever has `/chat/completions`, ``llama-server`` for llama.cpp's own."""
    url: str = ""
    """The base URL; of an OpenAI-compatible server up to and with `/v1`."""
    model: str = ""
    """The model where a role names none."""
    key_env: str = ""
    """The environment variable that has the key."""
    keyring: str = ""
    """The service under whose name the system's keyring has the key, for the user `ai-lsp`."""
    ca_file: str = ""
    """Certificates of authorities, in PEM, to trust besides those of the system."""
    connect_seconds: float = 5.0
    silence_seconds: float = 30.0
    """How long it may say nothing."""
    total_seconds: float = 120.0
    """How long an answer may take altogether."""
    context_tokens: int = 16_384
    """What messages and answer may have together."""
    fim: str = ""
    """How an ``openai`` server is given what follows the cursor, for suggestions: empty for not at all, ``suffix``
    for the parameter of that name, or the model's own layout, with ``{prefix}`` and ``{suffix}`` in it."""
    plain_http: bool = False
    """Whether a key may go over a connection that is not encrypted, to another machine."""

    @property
    def host(self) -> str:
        """Host and port, as people know it."""
        return urlsplit(self.url).netloc


def read_providers(written: Iterable[Table]) -> tuple[Mapping[str, ProviderSettings], list[str]]:
    """Return the providers by name, and a line about each that cannot be used."""
    found, problems = tables.read(written, "providers", ProviderSettings, _check)
    named: dict[str, ProviderSettings] = {}
    for provider in found:
        if provider.name in named:
            problems.append(f"two [[providers]] are called {provider.name!r}: the first holds")
        named.setdefault(provider.name, provider)
    return named, problems


def _check(provider: ProviderSettings) -> None:
    if not provider.name or provider.name == LOCAL or ":" in provider.name:
        raise ValueError('needs a `name` that is not "local" and has no colon: name = "team"')
    if provider.kind not in KINDS:
        raise ValueError(f"`kind` must be one of {', '.join(KINDS)}")
    try:
        url = urlsplit(provider.url)
        usable = url.scheme in ("http", "https") and bool(url.hostname) and (url.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError('needs a `url` with http or https: url = "https://models.example.com/v1"')
    if url.username or url.password or url.query or url.fragment:
        raise ValueError(
            "`url` must have no user, password, query or fragment: keys come by `key_env` or `keyring`"
        )
    if provider.fim not in ("", "suffix") and not ("{prefix}" in provider.fim and "{suffix}" in provider.fim):
        raise ValueError('`fim` must be "suffix" or a layout with {prefix} and {suffix} in it')
    keyed = provider.key_env or provider.keyring
    if keyed and url.scheme == "http" and not (provider.plain_http or is_this_machine(url.hostname or "")):
        raise ValueError("would send its key unencrypted: use https, or say plain_http = true")


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
