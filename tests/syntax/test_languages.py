from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest
import tree_sitter_language_pack

from ai_lsp.syntax.languages import UNFIT, grammar, grammar_of, language_of, new_parser, parser_for


@pytest.mark.parametrize(
    ("name", "language"),
    [("a/b.py", "python"), ("B.TSX", "typescriptreact"), ("Makefile", "makefile"), ("Rakefile", "ruby"),
     ("a.unknown", "plaintext"), ("a", "plaintext")],
)  # fmt: skip
def test_language_of(name, language):
    assert language_of(Path(name)) == language


@pytest.mark.parametrize(
    ("language", "name"),
    [("typescriptreact", "tsx"), ("javascriptreact", "javascript"), ("Python", "python"),
     ("cuda-cpp", "cuda"), ("gleam", "gleam")],
)  # fmt: skip
def test_grammar_of(language, name):
    assert grammar_of(language) == name
    assert grammar(name) is not None


def test_every_language_that_a_file_name_stands_for_has_a_grammar_but_for_a_few():
    from ai_lsp.syntax import languages

    known = {*languages._BY_SUFFIX.values(), *languages._BY_NAME.values()}
    assert {language for language in known if grammar(grammar_of(language)) is None} == {
        "markdown",
        "perl",
        "shellscript",
    }


def test_every_grammar_of_the_pack_makes_a_tree():
    broken = []
    for name in get_args(tree_sitter_language_pack.SupportedLanguage):
        parser = new_parser(name)
        if parser is None or parser.parse(b"a (b) {\n").root_node is None:
            broken.append(name)
    assert set(broken) == UNFIT


@pytest.mark.parametrize(
    "language",
    ["", "plaintext", "../python", "__init__", "a.b", "é", "x" * 999, "markdown", "shellscript", "perl"],
)
def test_no_grammar(language):
    assert parser_for(language) is None


def test_each_thread_has_one_parser():
    assert parser_for("python") is parser_for("python")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(parser_for, "python").result() is not parser_for("python")
    assert new_parser("python") is not new_parser("python")


def test_a_grammar_that_cannot_be_loaded_is_logged(monkeypatch, caplog):
    def broken(name: str) -> None:
        raise ValueError("of another version")

    monkeypatch.setattr(tree_sitter_language_pack, "get_language", broken)
    assert grammar.__wrapped__("python") is None
    assert caplog.messages == ["the grammar of python cannot be loaded: of another version"]
