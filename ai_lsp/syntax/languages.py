"""Language ids by file name, and the tree-sitter grammar of each language."""

from __future__ import annotations

import logging
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tree_sitter import Language, Parser

log = logging.getLogger(__name__)

_BY_SUFFIX = {
    "c": "c", "h": "c", "cc": "cpp", "cpp": "cpp", "cxx": "cpp", "hpp": "cpp", "hh": "cpp", "hxx": "cpp",
    "cs": "csharp", "css": "css", "cu": "cuda-cpp", "dart": "dart", "ex": "elixir", "exs": "elixir",
    "erl": "erlang", "fs": "fsharp", "go": "go", "hs": "haskell", "html": "html", "ipp": "cpp", "java": "java",
    "jl": "julia", "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "javascriptreact",
    "json": "json", "kt": "kotlin", "kts": "kotlin", "lua": "lua", "m": "objective-c", "md": "markdown",
    "ml": "ocaml", "nix": "nix", "php": "php", "pl": "perl", "proto": "proto", "py": "python",
    "pyi": "python", "pyw": "python", "r": "r", "rake": "ruby", "gemspec": "ruby", "rb": "ruby", "rs": "rust",
    "scala": "scala", "scss": "scss", "sh": "shellscript", "bash": "shellscript", "sql": "sql",
    "svelte": "svelte", "swift": "swift", "tf": "terraform", "toml": "toml", "ts": "typescript",
    "mts": "typescript", "cts": "typescript", "tsx": "typescriptreact", "vim": "vim", "vue": "vue",
    "xml": "xml", "yaml": "yaml", "yml": "yaml", "zig": "zig",
}  # fmt: skip
_BY_NAME = {
    "makefile": "makefile", "dockerfile": "dockerfile", "cmakelists.txt": "cmake", "gemfile": "ruby",
    "rakefile": "ruby", "go.mod": "gomod",
}  # fmt: skip

_GRAMMARS = {
    "typescriptreact": "tsx", "javascriptreact": "javascript", "shellscript": "bash", "sh": "bash",
    "zsh": "bash", "makefile": "make", "objective-c": "objc", "objective-cpp": "objc", "cuda-cpp": "cuda",
    "c++": "cpp", "cs": "csharp", "c_sharp": "csharp", "golang": "go", "py": "python", "jsonc": "json",
    "tex": "latex", "viml": "vim", "emacs-lisp": "elisp", "lisp": "commonlisp",
    "git-commit": "gitcommit", "ignore": "gitignore", "proto3": "proto", "protobuf": "proto",
    "go.mod": "gomod", "go.sum": "gosum", "docker": "dockerfile", "containerfile": "dockerfile",
    "jade": "pug", "erb": "embeddedtemplate", "ocaml.interface": "ocaml_interface",
}  # fmt: skip
"""The grammars of those LSP language ids, and names that editors use for them, that are called otherwise."""


UNFIT = frozenset({"bash", "cobol", "markdown", "perl"})
"""Grammars that are never used: on random text the scanners of bash and markdown crash the process, and those of
cobol and perl never end (tree-sitter-language-pack 0.13; each of the others took 24,000 such texts)."""


def language_of(path: Path) -> str:
    """Return the LSP language id of a file by its name, ``plaintext`` when it is not known."""
    return _BY_NAME.get(path.name.lower()) or _BY_SUFFIX.get(path.suffix.lower().lstrip("."), "plaintext")


def grammar_of(language: str) -> str:
    """Return the name that the grammar of an LSP language id has, if there is one."""
    return _GRAMMARS.get(language.lower(), language.lower())


@cache
def grammar(name: str) -> Language | None:
    """Return a grammar by its own name, None where there is none, it cannot be loaded or is not fit for use."""
    if not name.isidentifier() or name in UNFIT:  # it becomes part of a file's name
        return None
    # Both packages are imported when the first grammar is wanted: they take 30 ms.
    import tree_sitter_language_pack as pack

    wanted: Any = name
    try:
        return pack.get_language(wanted)
    except LookupError:
        return None
    except Exception as error:  # a grammar for another version of tree-sitter, or a damaged file
        log.warning("the grammar of %s cannot be loaded: %s", name, error)
        return None


@cache
def keywords(language: str) -> frozenset[str]:
    """Return the words that the grammar of an LSP language id knows as such; none without a grammar."""
    loaded = grammar(grammar_of(language))
    if loaded is None:
        return frozenset()
    kinds = range(loaded.node_kind_count)
    names = (loaded.node_kind_for_id(kind) or "" for kind in kinds if not loaded.node_kind_is_named(kind))
    return frozenset(name for name in names if name.isalpha())


class _Parsers(threading.local):
    """Those of one thread: in one that calls back into Python, another thread could begin a second text."""

    def __init__(self) -> None:
        self.by_language: dict[str, Parser | None] = {}


_parsers = _Parsers()


def parser_for(language: str) -> Parser | None:
    """Return the thread's parser for texts parsed at once; None for a language without a grammar."""
    found = _parsers.by_language
    if language not in found:
        found[language] = new_parser(language)
    return found[language]


def new_parser(language: str) -> Parser | None:
    """Return a parser of one's own, as it is needed where a parse is to be interrupted and resumed."""
    loaded = grammar(grammar_of(language))
    if loaded is None:
        return None
    from tree_sitter import Parser

    return Parser(loaded)
