"""KV on disk: what is found, what goes, and that it is the same KV."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from ai_lsp.engine.generate import Generator
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.llama import ContextSettings, LlamaContext, LlamaModel, Tokens
from ai_lsp.engine.shelf import Shelf, folder_for, shared
from ai_lsp.engine.speed import Speed
from tests.engine.test_generate import prompt, run

A, B = ("file:///a.py", ""), ("file:///b.py", "")


class Cells:
    """A context that writes its tokens in llama.cpp's format, without any KV."""

    def __init__(self) -> None:
        self.fails = False

    def save(self, sequence: int, tokens: Tokens, path: Path) -> bool:
        path.write_bytes(np.array([1, 2, len(tokens), *tokens], dtype=np.int32).tobytes())
        return not self.fails

    def load(self, sequence: int, path: Path) -> Tokens:
        if not path.exists():
            return np.empty(0, dtype=np.int32)
        return np.fromfile(path, dtype=np.int32)[3:]


def shelf(folder: Path, limit: int = 10**9, cells: Cells | None = None) -> Shelf:
    return Shelf(cast(LlamaContext, cells or Cells()), folder, limit)


def tokens(start: int, count: int = 200) -> Tokens:
    return np.arange(start, start + count, dtype=np.int32)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [([], [1], 0), ([1, 2, 3], [1, 2, 3], 3), ([1, 2, 3], [1, 2], 2), ([1, 9, 3], [1, 2, 3], 1)],
)
def test_shared(left: list[int], right: list[int], expected: int) -> None:
    assert shared(np.array(left, dtype=np.int32), np.array(right, dtype=np.int32)) == expected


def test_what_was_put_is_found_and_taken(tmp_path: Path) -> None:
    one = shelf(tmp_path / "kv" / "a")
    one.put(0, tokens(0))
    one.put(0, tokens(1000))
    found = one.find(np.concatenate([tokens(1000, 150), tokens(0)]), 64)
    assert found is not None
    assert one.take(found, 0).tolist() == tokens(1000).tolist()
    assert one.find(tokens(5000), 64) is None


def test_another_server_finds_it_too(tmp_path: Path) -> None:
    shelf(tmp_path / "kv" / "a").put(0, tokens(0))
    assert shelf(tmp_path / "kv" / "a").find(tokens(0), 200) is not None


def test_the_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    shelf(tmp_path / "kv" / "a")
    assert (tmp_path / "kv").stat().st_mode & 0o077 == 0
    assert (tmp_path / "kv" / "a").stat().st_mode & 0o077 == 0


def test_a_newer_form_of_a_prompt_replaces_the_older(tmp_path: Path) -> None:
    one = shelf(tmp_path / "kv" / "a")
    one.put(0, tokens(0, 200))
    one.put(0, tokens(0, 300))
    assert [path.stat().st_size for path in (tmp_path / "kv" / "a").iterdir()] == [4 * 303]


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    one = shelf(tmp_path / "kv" / "a")
    one.put(0, tokens(0, 200))
    before = list((tmp_path / "kv" / "a").iterdir())
    one.put(0, tokens(0, 205))
    assert list((tmp_path / "kv" / "a").iterdir()) == before


def test_what_is_wanted_again_makes_room_after_others(tmp_path: Path) -> None:
    one = shelf(tmp_path / "kv" / "a", limit=2000)
    for start in (0, 1000):
        one.put(0, tokens(start))
    for path in (tmp_path / "kv" / "a").iterdir():
        os.utime(path, (1, 1))
    one.put(0, tokens(0, 205))  # as good as what is there
    one.put(0, tokens(2000))
    assert one.find(tokens(0), 200) is not None
    assert one.find(tokens(1000), 200) is None


def test_of_one_window_two_prompts_are_kept(tmp_path: Path) -> None:
    one = shelf(tmp_path / "kv" / "a")
    for start, window in ((0, A), (1000, B), (2000, A), (3000, None), (4000, None), (5000, A)):
        one.put(0, tokens(start), window)
    kept = [start for start in range(0, 6000, 1000) if one.find(tokens(start), 200) is not None]
    assert kept == [1000, 2000, 3000, 4000, 5000]


def test_a_short_prompt_is_not_worth_it(tmp_path: Path) -> None:
    shelf(tmp_path / "kv" / "a").put(0, tokens(0, 100))
    assert list((tmp_path / "kv" / "a").iterdir()) == []


def test_the_oldest_files_of_all_models_make_room(tmp_path: Path) -> None:
    shelf(tmp_path / "kv" / "a").put(0, tokens(0))
    (old,) = (tmp_path / "kv" / "a").iterdir()
    os.utime(old, (1, 1))
    two = shelf(tmp_path / "kv" / "b", limit=2000)
    two.put(0, tokens(0))
    two.put(0, tokens(1000))
    assert not old.exists()
    assert two.find(tokens(0), 200) is not None
    two.put(0, tokens(2000))
    assert len(list((tmp_path / "kv" / "b").iterdir())) == 2


def test_what_is_about_to_be_taken_makes_no_room(tmp_path: Path) -> None:
    one = shelf(tmp_path / "kv" / "a", limit=2000)
    for start in (0, 1000):
        one.put(0, tokens(start))
    for at, path in enumerate(sorted((tmp_path / "kv" / "a").iterdir())):
        os.utime(path, (at + 1, at + 1))
    found = one.find(tokens(0), 200)
    assert found is not None
    one.touch(found)
    one.put(0, tokens(2000))
    assert one.take(found, 0).tolist() == tokens(0).tolist()
    assert one.find(tokens(1000), 200) is None
    one.put(0, tokens(0, 300))  # a newer form
    assert one.take(found, 0).tolist() == []


def test_a_file_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    one = shelf(tmp_path / "kv" / "a")
    one.put(0, tokens(0))
    found = one.find(tokens(0), 200)
    assert found is not None
    found.path.unlink()
    assert one.take(found, 0).tolist() == []
    assert one.find(tokens(0), 200) is None


def test_rubbish_in_the_folder_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "kv" / "a"
    folder.mkdir(parents=True)
    (folder / "empty.kv").touch()
    (folder / "cut.kv").write_bytes(np.array([1, 2, 100, 5], dtype=np.int32).tobytes())
    (folder / "half.part").write_bytes(b"x")
    assert shelf(folder).find(tokens(5), 1) is None


def test_what_a_killed_server_left_half_written_goes(tmp_path: Path) -> None:
    folder = tmp_path / "kv" / "a"
    folder.mkdir(parents=True)
    for name in ("old.part", "new.part"):
        (folder / name).write_bytes(b"x")
    os.utime(folder / "old.part", (1, 1))
    shelf(folder)
    assert [path.name for path in folder.iterdir()] == ["new.part"]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    cells = Cells()
    cells.fails = True
    one = shelf(tmp_path / "kv" / "a", cells=cells)
    one.put(0, tokens(0))
    assert list((tmp_path / "kv" / "a").iterdir()) == []
    assert one.find(tokens(0), 64) is None


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "kv").write_text("a file")
    one = shelf(tmp_path / "kv" / "a")
    one.put(0, tokens(0))
    assert one.find(tokens(0), 64) is None


def test_another_model_has_another_folder(tmp_path: Path) -> None:
    file = tmp_path / "x.gguf"
    file.write_bytes(b"GGUF")
    first = folder_for(tmp_path, file, ContextSettings())
    assert folder_for(tmp_path, file, ContextSettings()) == first
    assert folder_for(tmp_path, file, ContextSettings(flash_attention="on")) != first
    file.write_bytes(b"GGUF2")
    assert folder_for(tmp_path, file, ContextSettings()) != first


FILES = ["".join(f"def {name}_{n}(value):\n    return value + {n}\n\n" for n in range(20)) for name in "abc"]


@contextlib.contextmanager
def shelving(model: LlamaModel, tmp_path: Path) -> Iterator[Generator]:
    """A generator with room for one lasting prompt, whose others go to a folder."""
    context = LlamaContext(model, ContextSettings(cells=1024, sequences=2, threads=2))
    try:
        yield Generator(model, context, Speed(), shelf=Shelf(context, tmp_path / "kv" / "a", 10**9))
    finally:
        context.close()


def test_going_back_evaluates_next_to_nothing_and_gives_the_same_text(model: LlamaModel, tmp_path: Path) -> None:
    with shelving(model, tmp_path) as generator:
        first = run(generator, FILES[0] + "def ")
        for other in FILES[1:]:
            run(generator, other + "def ")
        again = run(generator, FILES[0] + "def ")
        assert first.counts.evaluated > 200
        assert again.counts.evaluated < 8
        assert again.text == first.text


def test_what_was_only_warmed_is_there_again_too(model: LlamaModel, tmp_path: Path) -> None:
    with shelving(model, tmp_path) as generator:
        evaluated = [generator.warm(prompt(FILES[at]), Generation()) for at in (0, 1, 0)]
        assert evaluated[0] > 200
        assert evaluated[2] < 8


def test_what_was_only_looked_at_is_not_worth_the_disk(model: LlamaModel, tmp_path: Path) -> None:
    folder = tmp_path / "kv" / "a"
    with shelving(model, tmp_path) as generator:
        generator.warm(prompt(FILES[0]), Generation(), passing=True)
        generator.warm(prompt(FILES[1]), Generation(), passing=True)
        assert list(folder.iterdir()) == []
        generator.warm(prompt(FILES[1]), Generation())
        generator.warm(prompt(FILES[2]), Generation(), passing=True)
        assert len(list(folder.iterdir())) == 1
        run(generator, FILES[2] + "def ")
        generator.warm(prompt(FILES[0]), Generation(), passing=True)
        assert len(list(folder.iterdir())) == 2


def test_a_new_context_takes_up_where_the_old_one_ended(model: LlamaModel, tmp_path: Path) -> None:
    texts, counts = [], []
    for _ in range(2):
        with shelving(model, tmp_path) as generator:
            found = run(generator, FILES[0] + "def ")
            texts.append(found.text)
            counts.append(found.counts.evaluated)
            generator.sequences.put_all_away()
    assert texts[0] == texts[1]
    assert counts[1] < 8 < counts[0]


def test_a_damaged_file_is_as_if_it_were_not_there(model: LlamaModel, tmp_path: Path) -> None:
    with shelving(model, tmp_path) as generator:
        first = run(generator, FILES[0] + "def ")
        run(generator, FILES[1] + "def ")
        for path in (tmp_path / "kv" / "a").iterdir():
            path.write_bytes(path.read_bytes()[:-10_000])
        again = run(generator, FILES[0] + "def ")
        assert again.counts.evaluated == first.counts.evaluated
        assert again.text == first.text


def test_renewed_context_takes_the_place_of_the_oldest(model: LlamaModel, tmp_path: Path) -> None:
    with shelving(model, tmp_path) as generator:
        for context in (0, 1, 2, 0):
            choice = replace(prompt(FILES[context] + FILES[2]), window=A)
            generator.warm(choice, Generation())
        assert len(list((tmp_path / "kv" / "a").iterdir())) == 2
