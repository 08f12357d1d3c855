"""How a language writes a line comment, for the path line above a file's text in a prompt."""

from __future__ import annotations

_BY_SIGN = {
    "#": "python ruby shellscript perl r julia elixir yaml toml dockerfile makefile cmake powershell nix",
    "--": "lua sql haskell elm ada vhdl",
    ";": "clojure lisp emacs-lisp scheme racket ini asm",
    "%": "latex tex erlang matlab prolog",
    '"': "vim",
}
_SIGNS = {language: sign for sign, languages in _BY_SIGN.items() for language in languages.split()}
_MARKUP = frozenset({"html", "xml", "markdown", "vue", "svelte"})


def comment(language: str, text: str) -> str:
    """Return `text` as a one-line comment of the LSP language id `language`."""
    if language in _MARKUP:
        return f"<!-- {text} -->"
    return f"{_SIGNS.get(language, '//')} {text}"
