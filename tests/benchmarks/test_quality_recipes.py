"""What the peers' recipes put into a prompt. A token is a word here."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.quality.bench import shortened
from benchmarks.quality.cases import Case
from benchmarks.quality.recipes import PEERS
from benchmarks.quality.recipes.continue_dev import continue_dev
from benchmarks.quality.recipes.llama_vim import llama_vim
from benchmarks.quality.recipes.lsp_ai import lsp_ai
from benchmarks.quality.recipes.view import Parts, View, first_lines, last_lines
from benchmarks.quality.run import place_of
from benchmarks.quality.visits import Visit


def words(text: str) -> int:
    return len(text.split())


def numbered(name: str, count: int) -> str:
    return "".join(f"{name}_{n} = other_{n}\n" for n in range(count))


def view(
    prefix: str,
    suffix: str = "\n",
    visits: tuple[Visit, ...] = (),
    files: tuple[Visit, ...] = (),
    fim: bool = False,
) -> View:
    case = Case("p", "src/own/a.py", "python", "line_rest", prefix, suffix, "x")
    return View(case, place_of(case), visits, lambda: files, words, fim)


def visit(path: str, text: str, line: int = 0) -> Visit:
    return Visit(path, "python", text, line)


def test_lines_by_tokens() -> None:
    assert last_lines("a b\nc\nd e", 3, words) == "c\nd e"
    assert last_lines("a b", 1, words) == ""
    assert first_lines("a b\nc\nd e", 3, words) == "a b\nc\n"


def test_llama_vim_has_its_window_of_256_and_64_lines() -> None:
    found = llama_vim(view(numbered("above", 300) + "x = ", "\n" + numbered("below", 100)))
    assert len(found.prefix) == 2_300 + len("x = ")
    assert found.prefix.endswith("above_299 = other_299\nx = ")
    assert len(found.suffix) == 768


def test_llama_vims_ring_has_chunks_of_visited_files_and_of_far_off_lines() -> None:
    seen = (visit("b.py", numbered("b", 400), 200), visit("c.py", numbered("c", 20)))
    found = llama_vim(view(numbered("above", 400) + "x = ", "\n" + numbered("below", 400), seen))
    (header,) = found.files
    assert header.count("--- snippet ---") >= 4
    assert "b_200 = other_200\n" in header or "b_190 = other_190\n" in header
    assert "c_7 = other_7\n" in header
    assert "above_399" not in header
    assert any(f"below_{n} = " in header for n in range(64, 130))


def test_llama_vim_keeps_the_indentation_that_is_there() -> None:
    assert llama_vim(view("def f():\n    x = 1\n    ")).prefix == "def f():\n    x = 1\n    "


def test_lsp_ai_has_4096_characters_before_or_half_of_them_on_each_side() -> None:
    case = view("a" * 9_000, "b" * 9_000)
    assert lsp_ai(case) == Parts((), "a" * 4_096, "")
    assert lsp_ai(replace(case, fim=True)) == Parts((), "a" * 2_048, "b" * 2_048)


def test_lsp_ai_has_heads_of_other_files_before_a_short_one() -> None:
    found = lsp_ai(view("own = 1", "\n", (visit("b.py", "b" * 5_000), visit("c.py", "c"))))
    assert found.prefix == "b" * (1024 - len("own = 1\n") - 1) + "\nown = 1"


def test_continue_has_small_opened_files_whole_and_as_comments_under_their_paths() -> None:
    seen = (visit("x/y/b.py", "one\ntwo\n"), visit("x/y/c.py", "three\n"))
    found = continue_dev(view("own = ", "\n", seen))
    assert found.files == (
        "# Path: y/c.py\n# three\n",
        "# Path: y/b.py\n# one\n# two\n",
        "# own/a.py\n",
    )
    assert (found.prefix, found.suffix) == ("own = ", "\n")


def test_continue_cuts_the_text_to_30_percent_before_and_20_percent_after() -> None:
    found = continue_dev(view(numbered("above", 300) + "x = ", "\n" + numbered("below", 300)))
    assert words(found.prefix) <= 307 < words(found.prefix) + 6
    assert words(found.suffix) <= 204 < words(found.suffix) + 6
    assert found.prefix.endswith("\nx = ")


def test_continue_trims_large_files_to_what_is_left() -> None:
    seen = tuple(visit(f"{name}.py", numbered(name, 400)) for name in "abcdefg")
    found = continue_dev(view(numbered("above", 300) + "x = ", "\n" + numbered("below", 300), seen))
    used = words(found.prefix) + words(found.suffix)
    assert 2 <= len(found.files) - 1 <= 4
    # The comment sign and the path are what Continue does not count.
    assert sum(words(text.replace("# ", "")) - 2 for text in found.files[:-1]) + used <= 1024
    assert found.files[0].startswith("# Path: g.py\n# g_0 = other_0\n")


def test_continue_has_definitions_of_imported_names_near_the_cursor() -> None:
    other = visit(
        "lib/shapes.py", "x = 1\n\nclass Square:\n    side = 1\n\n    def area(self):\n        pass\n\ny = 2\n"
    )
    found = continue_dev(view("from lib.shapes import Square, Circle\n\nbox = Square(", ")\n", files=(other,)))
    assert found.files == (
        "# Path: lib/shapes.py\n# class Square:\n#     side = 1\n# \n#     def area(self):\n#         pass\n",
        "# own/a.py\n",
    )
    assert continue_dev(view("box = Square(", ")\n", files=(other,))).files == ("# own/a.py\n",)


def test_a_prompt_that_is_too_long_loses_its_beginning() -> None:
    parts = Parts(("aaaa", "bbbb"), "prefix", "suffix")
    assert shortened(parts, 100) == parts
    assert shortened(parts, 12) == Parts(("aa", "bbbb"), "prefix", "suffix")
    assert shortened(parts, 9) == Parts(("bbb",), "prefix", "suffix")
    assert shortened(parts, 6) == Parts((), "prefix", "suffix")
    assert shortened(parts, 2) == Parts((), "ix", "suffix")
    assert shortened(parts, 0) == Parts((), "", "suffix")


def test_every_recipe_survives_an_empty_file() -> None:
    for recipe in PEERS.values():
        assert recipe(view("", "")).prefix in ("", "\n")
