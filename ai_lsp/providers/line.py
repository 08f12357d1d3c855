"""Connections to one provider."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from ai_lsp import __version__
from ai_lsp.providers.chat import ProviderError
from ai_lsp.providers.settings import ProviderSettings, is_this_machine

if TYPE_CHECKING:
    pass


class Line:
    """A client whose connections are used again, closed once it is retired and nothing goes over it."""

    def __init__(self, provider: ProviderSettings) -> None:
        """Import and read certificates, which takes 100 ms: not on the event loop. Raises ProviderError."""
        import httpx

        trust = _trust(provider)
        try:
            self.client = httpx.AsyncClient(
                verify=trust,
                timeout=httpx.Timeout(provider.silence_seconds, connect=provider.connect_seconds),
                # A redirect would take the key and the code to a place that nobody has confirmed.
                follow_redirects=False,
                # What is on this machine is not asked by way of a proxy.
                trust_env=not is_this_machine(httpx.URL(provider.url).host),
                # No compression: an answer is as long as it looks.
                headers={"user-agent": f"ai-lsp/{__version__}", "accept-encoding": "identity"},
            )
        except (ValueError, ImportError) as error:
            raise ProviderError(
                f"{provider.name}: the proxy that your environment names cannot be used: {error}"
            ) from error
        self.busy = 0
        self.retired = False

    async def end(self) -> None:
        """Take note that one request is over."""
        self.busy -= 1
        await self._close()

    async def retire(self) -> None:
        """Close it when what goes over it is over."""
        self.retired = True
        await self._close()

    async def _close(self) -> None:
        if self.retired and not self.busy:
            await self.client.aclose()


def _trust(provider: ProviderSettings) -> ssl.SSLContext:
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if provider.ca_file:
        try:
            context.load_verify_locations(provider.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ProviderError(
                f"{provider.name}: `ca_file` {provider.ca_file} cannot be used: {error}; it must be PEM"
            ) from error
    return context
