"""What went wrong at a provider, in one line that says how to mend it."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any

from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import ProviderError
from ai_lsp.providers.settings import ProviderSettings

if TYPE_CHECKING:
    import httpx

_SHOWN_CHARS = 200


class Refused(ProviderError):
    """An answer that is no success."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def of_status(provider: ProviderSettings, status: int, headers: Any, body: bytes, key: str) -> Refused:
    """Return the error for an answer that is no success; `key` is in none of it."""
    return Refused(_of_status(provider, status, headers, body, key), status)


def _of_status(provider: ProviderSettings, status: int, headers: Any, body: bytes, key: str) -> str:
    said = _said(body, key)
    because = f": {said}" if said else ""
    where = f"{provider.name} ({provider.host})"
    if 300 <= status < 400:
        target = one_line(str(headers.get("location", "")), key)
        return f"{where} sends on to {target or 'elsewhere'}, which is not followed: set its `url` to where it is"
    if status in (401, 403):
        source = provider.key_env or (provider.keyring and f"{provider.keyring} in the keyring")
        mend = f"check the key in {source}" if source else "it wants a key: name its variable as `key_env`"
        return f"{where} refuses access ({status}){because}; {mend}"
    if status == 404:
        return f"{where} has nothing there ({status}){because}; check `url` (must it end in /v1?) and the model"
    if status == 413:
        return f"{where} finds the request too large{because}; select or mention less"
    if status == 429:
        after = one_line(str(headers.get("retry-after", "")), key)
        wait = f"try again in {after} s" if after.isdigit() else "try again later"
        return f"{where} has too much to do, or your quota is used up{because}; {wait}"
    if status >= 500:
        return f"{where} failed ({status}){because}; look at its log, or try again later"
    return f"{where} does not accept the request ({status}){because}; check the model and its limits"


def of_transport(provider: ProviderSettings, error: httpx.HTTPError | httpx.InvalidURL) -> ProviderError:
    """Return the error for a connection that was not made, or broke."""
    import httpx

    where = f"{provider.name} ({provider.host})"
    certificate = _certificate(error)
    if certificate:
        return ProviderError(
            f"{where} has a certificate that is not trusted: {certificate}; if it is your own, set `ca_file`"
        )
    if isinstance(error, httpx.ConnectTimeout):
        return ProviderError(
            f"{where} could not be reached within {provider.connect_seconds:g} s: is `url` right, the network up?"
        )
    if isinstance(error, httpx.TimeoutException):
        return silent(provider)
    if isinstance(error, httpx.ConnectError):
        return ProviderError(
            f"{where} could not be reached ({one_line(str(error))}): is it running, is `url` right?"
        )
    if isinstance(error, (httpx.RemoteProtocolError, httpx.DecodingError)):
        return malformed(provider, one_line(str(error)), "HTTP")
    return ProviderError(
        f"{where}: the connection broke ({one_line(str(error)) or type(error).__name__}); try again"
    )


def silent(provider: ProviderSettings) -> ProviderError:
    """Return the error for a provider that says nothing."""
    return ProviderError(
        f"{provider.name} ({provider.host}) said nothing for {provider.silence_seconds:g} s: it may be loading or "
        "busy; try again, or set `silence_seconds` higher"
    )


def slow(provider: ProviderSettings) -> ProviderError:
    """Return the error for an answer that takes too long altogether."""
    return ProviderError(
        f"{provider.name} ({provider.host}) took more than {provider.total_seconds:g} s: ask for less, or set "
        "`total_seconds` higher"
    )


def malformed(provider: ProviderSettings, what: str, wanted: str = "completion") -> ProviderError:
    """Return the error for an answer that makes no sense where something was `wanted`."""
    return ProviderError(
        f"{provider.name} ({provider.host}) answered with something that is no {wanted} ({what}): check "
        "`url` and `kind`"
    )


def of_answer(provider: ProviderSettings, error: Any) -> ProviderError:
    """Return the error for one that came as an answer."""
    said = _message(error) or "no reason given"
    return ProviderError(f"{provider.name} ({provider.host}) stopped: {one_line(said)}")


def one_line(text: str, key: str = "") -> str:
    """Return what a server said so that it can be shown: short, printable, without secrets."""
    if key:
        text = text.replace(key, "<key>")
    plain = "".join(character if character.isprintable() else " " for character in redact(text[:2000]))
    return " ".join(plain.split())[:_SHOWN_CHARS]


def _said(body: bytes, key: str) -> str:
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.lstrip().startswith("<") else one_line(text, key)  # a page of HTML says nothing here
    return one_line(_message(found.get("error", found) if isinstance(found, dict) else ""), key)


def _message(error: Any) -> str:
    if isinstance(error, dict):
        error = error.get("message") or error.get("detail") or ""
    return error if isinstance(error, str) else ""


def _certificate(error: BaseException | None) -> str:
    """Return what is wrong with a certificate, by the causes of an error."""
    for _ in range(10):
        if isinstance(error, ssl.SSLError):
            return one_line(getattr(error, "verify_message", "") or error.reason or str(error))
        if error is None:
            return ""
        error = error.__cause__ or error.__context__
    return ""
