"""Orders, which anybody can send."""

from typing import Any

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.subject import Told
from ai_lsp.workbench.order import Order, order_from


def test_there_and_back() -> None:
    order = Order("fix", "file:///a", 3, 1, 2, True, "diagnostic", (Told(1, 2, "bad"),), "be quick")
    assert order_from(order.as_json()) == order


def test_the_least() -> None:
    assert order_from({"action": "fix", "uri": "u", "first": 4}) == Order("fix", "u", None, 4, 4)


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        [],
        {},
        {"action": "a", "uri": "u"},
        {"action": 1, "uri": "u", "first": 1},
        {"action": "a", "uri": None, "first": 1},
        {"action": "a", "uri": "u", "first": True},
        {"action": "a", "uri": "u", "first": -1},
        {"action": "a", "uri": "u", "first": 1, "last": "x"},
        {"action": "a", "uri": "u", "first": 1, "scope": 3},
        {"action": "a", "uri": "u", "first": 1, "diagnostics": [3]},
        {"action": "a", "uri": "u", "first": 1, "diagnostics": [{"line": 1}]},
    ],
)
def test_what_is_none(value: Any) -> None:
    with pytest.raises(Refused):
        order_from(value)
