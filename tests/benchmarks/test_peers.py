"""What the peers' clients send."""

from __future__ import annotations

import random

import pytest

from benchmarks.latency.corpus import File
from benchmarks.latency.peers import infill, ring
from benchmarks.latency.peers.memory import Memory
from benchmarks.latency.peers.ring import Chunk, Ring
from benchmarks.latency.peers.texts import Local, Texts
from benchmarks.latency.traces import Event

TEXT = "".join(f"line {n}\n" for n in range(400))


def at(text: str, offset: int, typed: str = "") -> Texts:
    texts = Texts([File("a.py", "python", text)])
    texts.apply(Event(0.0, 0, "char", offset, 0, typed))
    return texts


def numbered(first: int, last: int) -> list[str]:
    return [f"word{n} = {n}" for n in range(first, last)]


class TestTexts:
    def test_256_lines_before_and_64_after(self) -> None:
        local = at(TEXT, TEXT.index("line 300\n") + 4, "X").local()
        assert (local.middle, local.rest) == ("lineX", " 300")
        assert local.prefix.startswith("line 44\n")
        assert local.prefix.count("\n") == 256
        assert local.suffix.startswith(" 300\nline 301\n")
        assert local.suffix.endswith("line 364\n")

    def test_at_the_start_and_at_the_end(self) -> None:
        assert at("abc", 3).local() == Local("\n", "abc", "\n", "")

    def test_a_line_of_white_space_is_left_to_the_model(self) -> None:
        assert at("a\n    \nb\n", 6).local() == Local("a\n", "", "\nb\n", "")

    def test_as_if_a_suggestion_was_accepted(self) -> None:
        texts = at("a\nx = \nb\n", 6)
        assert texts.local(["1"]) == Local("a\n", "x = 1", "\nb\n", "")
        assert texts.local(["1", "y", "z"]) == Local("a\nx = 1\ny\n", "z", "\nb\n", "")

    def test_lines_around(self) -> None:
        texts = at(TEXT, TEXT.index("line 300\n"))
        assert texts.row == 300
        assert texts.around(1, 1) == ["line 299", "line 300", "line 301"]
        assert texts.around(3, -2) == ["line 297", "line 298"]
        assert texts.around(-2, 3) == ["line 302", "line 303"]
        assert texts.around(1000, -256)[-1] == "line 44"


class TestRing:
    def test_a_chunk_waits_in_the_queue(self) -> None:
        one = Ring(random.Random(1))
        one.pick(numbered(0, 10), "a.py", evict=True)
        assert one.chunks == []
        assert one.advance()
        assert one.chunks == [Chunk(tuple(numbered(0, 10)), "a.py")]
        assert not one.advance()

    def test_a_long_text_gives_a_part_of_33_lines(self) -> None:
        one = Ring(random.Random(1))
        one.pick(numbered(0, 200), "a.py", evict=True)
        assert len(one.queued[0].lines) == 33

    def test_tiny_and_known_texts_are_not_taken(self) -> None:
        one = Ring(random.Random(1))
        for lines in (numbered(0, 2), numbered(0, 9), numbered(0, 9)):
            one.pick(lines, "a.py", evict=True)
        assert len(one.queued) == 1

    @pytest.mark.parametrize(("evict", "left"), [(True, ["first", "newer"]), (False, ["first", "older"])])
    def test_similar_chunks_make_way_or_keep_the_new_one_out(self, evict: bool, left: list[str]) -> None:
        one = Ring(random.Random(1))
        one.pick(numbered(100, 140), "first", evict=True)
        one.pick(numbered(0, 40), "older", evict=True)
        one.pick(numbered(1, 40), "newer", evict=evict)
        assert [chunk.file for chunk in one.queued] == left

    def test_the_oldest_of_16_makes_way(self) -> None:
        one = Ring(random.Random(1))
        for n in range(20):
            one.pick(numbered(100 * n, 100 * n + 9), f"{n}", evict=True)
            one.advance()
        assert [chunk.file for chunk in one.chunks] == [f"{n}" for n in range(4, 20)]

    def test_chunks_like_the_text_around_the_cursor_are_dropped(self) -> None:
        one = Ring(random.Random(1))
        for first in (500, 0):
            one.pick(numbered(first, first + 30), f"{first}", evict=True)
            one.advance()
        one.drop_similar(numbered(0, 30))
        assert [chunk.file for chunk in one.chunks] == ["500"]

    def test_similarity(self) -> None:
        assert ring.similarity(("a b",), ("a b",)) == 1.0
        assert ring.similarity(("a b",), ("c d",)) == 0.0
        assert ring.similarity(("a b",), ("b c",)) == 0.5
        assert ring.similarity((), ()) == 1.0


class TestMemory:
    def test_an_answer_is_typed_through(self) -> None:
        memory = Memory()
        memory.put("above\n", "x = ", "\n", "value + 1")
        assert memory.get("above\nx = ", "\n") == "value + 1"
        assert memory.typed_through("above\nx = val", "\n") == "ue + 1"
        assert memory.typed_through("above\nx = vex", "\n") is None
        assert memory.typed_through("above\nx = val", ")\n") is None
        assert memory.typed_through("above\nx = value + 1", "\n") is None

    def test_an_answer_is_found_when_lines_above_have_left_the_window(self) -> None:
        memory = Memory()
        memory.put("1\n2\n3\n4\n5\n", "x", "\n", "y")
        assert memory.get("4\n5\nx", "\n") == "y"
        assert memory.get("5\nx", "\n") is None
        assert memory.covers("0\n1\n2\n3\n4\n5\n", "x", "\n")

    def test_250_answers_are_kept(self) -> None:
        memory = Memory()
        for n in range(251):
            memory.put("", f"{n}", "\n", "y")
        assert memory.get("0", "\n") is None
        assert memory.get("1", "\n") == "y"


class TestBodies:
    local = Local("above\n", "x = ", "\nbelow\n", "")
    chunks = (Chunk(("one", "two"), "b.py"),)

    def test_a_model_that_fills_in_the_middle_gets_what_llama_vim_sends(self) -> None:
        path, body = infill.ask(self.local, self.chunks, fim=True, predict_ms=250, seed=1)
        assert path == "/infill"
        assert (body["input_prefix"], body["prompt"], body["input_suffix"]) == ("above\n", "x = ", "\nbelow\n")
        assert body["input_extra"] == [{"text": "one\ntwo\n", "filename": "b.py"}]
        assert (body["cache_prompt"], body["t_max_prompt_ms"], body["t_max_predict_ms"]) == (True, 500, 250)

    def test_any_other_model_goes_on_after_chunks_and_prefix(self) -> None:
        path, body = infill.ask(self.local, self.chunks, fim=False, predict_ms=250, seed=1)
        assert path == "/completion"
        assert body["prompt"] == "\n\n--- snippet ---\n\none\ntwo\nabove\nx = "
        assert "input_prefix" not in body

    def test_a_new_chunk_is_evaluated_before_a_key_needs_it(self) -> None:
        path, body = infill.warm_up(self.chunks, fim=True)
        assert (path, body["n_predict"], body["prompt"]) == ("/infill", 0, "")
