from __future__ import annotations

import pytest

from ai_lsp.engine.speed import Speed


def test_learns_from_long_prefills_only() -> None:
    speed = Speed(prefill_ms=4.0)
    speed.prefilled(4, 400.0)
    assert speed.prefill_ms == 4.0
    speed.prefilled(100, 200.0)
    assert speed.prefill_ms == pytest.approx(4.0 + 0.3 * (2.0 - 4.0))


def test_learns_from_each_token() -> None:
    speed = Speed(decode_ms=20.0)
    speed.decoded(10.0)
    assert speed.decode_ms == pytest.approx(17.0)


@pytest.mark.parametrize(("ms", "tokens"), [(400.0, 60), (80.0, 0), (0.0, 0), (-50.0, 0)])
def test_affordable_prefill(ms: float, tokens: int) -> None:
    assert Speed(prefill_ms=4.0, decode_ms=20.0).affordable_prefill(ms, decode_tokens=8) == tokens
