from __future__ import annotations

from tests.providers.conftest import audit, outlet, remote, user

__all__ = ["audit", "outlet", "remote", "user"]
