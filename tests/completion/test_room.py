from __future__ import annotations

from dataclasses import replace

import pytest

from ai_lsp.completion.room import Room
from ai_lsp.engine.generation import Generation
from ai_lsp.options import Options
from tests.fakes import FIM, PLAIN

OPTIONS = Options()


def learned(*densities: float) -> Room:
    room = Room()
    for chars_per_token in densities:
        room.learn("a", Generation(chars_per_token=chars_per_token))
    return room


@pytest.mark.parametrize(
    ("densities", "chars"),
    [
        ((), 2500),
        ((3.9,), 2500),
        ((2.0,), 1809),
        ((0.0,), 2500),
        ((2.0, 2.04), 1809),
        ((2.0, 2.2), 2190),
        ((1.0,), 1000),
    ],
)
def test_a_window_is_as_long_as_the_text_allows(densities: tuple[float, ...], chars: int) -> None:
    windows = learned(*densities).windows("a", OPTIONS, PLAIN)
    assert windows == replace(OPTIONS.completion, prefix_chars=chars)


def test_what_may_be_decoded_takes_room_too() -> None:
    options = replace(OPTIONS, completion=replace(OPTIONS.completion, max_tokens=348))
    assert learned(2.0).windows("a", options, PLAIN).prefix_chars == 1809 - int(0.96 * 300 * 2.0)


def test_other_documents_have_other_text() -> None:
    assert learned(2.0).windows("b", OPTIONS, PLAIN) is OPTIONS.completion


def test_what_is_wanted_while_there_is_no_model_or_one_that_reads_what_follows() -> None:
    assert learned(1.0).windows("a", OPTIONS, None) is OPTIONS.completion
    assert learned(1.0).windows("a", OPTIONS, FIM) is OPTIONS.completion
