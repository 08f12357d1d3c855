"""What a filter says is asked of it here, not how long it takes to find out."""

from __future__ import annotations

import math

import pytest


@pytest.fixture(autouse=True)
def _all_the_time_that_a_parse_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_lsp.filters.parses.SECONDS", math.inf)
    monkeypatch.setattr("ai_lsp.filters.whole.SECONDS", math.inf)
