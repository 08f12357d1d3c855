"""Language ids by file name, for files that no client has named."""

from __future__ import annotations

from pathlib import Path

_BY_SUFFIX = {
    "c": "c", "h": "c", "cc": "cpp", "cpp": "cpp", "cxx": "cpp", "hpp": "cpp", "hh": "cpp",
    "cs": "csharp", "css": "css", "dart": "dart", "ex": "elixir", "exs": "elixir", "erl": "erlang",
    "go": "go", "hs": "haskell", "html": "html", "java": "java", "jl": "julia", "js": "javascript",
    "mjs": "javascript", "cjs": "javascript", "jsx": "javascriptreact", "json": "json", "kt": "kotlin",
    "lua": "lua", "m": "objective-c", "md": "markdown", "ml": "ocaml", "php": "php", "pl": "perl",
    "py": "python", "pyi": "python", "r": "r", "rb": "ruby", "rs": "rust", "scala": "scala",
    "sh": "shellscript", "bash": "shellscript", "sql": "sql", "swift": "swift", "toml": "toml",
    "ts": "typescript", "tsx": "typescriptreact", "vue": "vue", "xml": "xml", "yaml": "yaml", "yml": "yaml",
    "zig": "zig",
}  # fmt: skip
_BY_NAME = {"makefile": "makefile", "dockerfile": "dockerfile", "cmakelists.txt": "cmake"}


def language_of(path: Path) -> str:
    """Return the LSP language id of a file by its name, ``plaintext`` when it is not known."""
    return _BY_NAME.get(path.name.lower()) or _BY_SUFFIX.get(path.suffix.lower().lstrip("."), "plaintext")
