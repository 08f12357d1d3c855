"""What a question's mentions stand for: pieces of files, differences and diagnostics, each of a declared kind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ai_lsp.actions import git
from ai_lsp.actions.action import Refused
from ai_lsp.actions.forms.commit import readable
from ai_lsp.chat.mentions import Mention
from ai_lsp.index.hits import Hit
from ai_lsp.index.reader import Index
from ai_lsp.index.tokens import tokens
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import Kind, Part
from ai_lsp.ranking.ranker import CANDIDATES, Ranker
from ai_lsp.ranking.vectors import Passage
from ai_lsp.syntax.languages import language_of

_FILE_CHARS = 60_000
_DIFF_CHARS = 60_000
_SYMBOLS, _HITS = 3, 4
_SYMBOL_LINES = 120


@dataclass(frozen=True)
class Block:
    """Some text that goes to the model besides the question."""

    title: str
    """What it is, in one line."""
    text: str
    """Secrets are replaced in it."""
    language: str
    part: Part
    core: str = ""
    """The lines of it for which it was found; empty for all."""


def _nothing(_path: Path) -> Sequence[str] | None:
    return None


@dataclass(frozen=True)
class Lookup:
    """How mentions are looked up."""

    root: Path | None = None
    """The folder that the conversation is about."""
    lines_of: Callable[[Path], Sequence[str] | None] = _nothing
    """The lines of a file, those of an open document where it is one; None where there is none."""
    may_be_read: Callable[[Path], bool] = lambda _path: True
    index: Index | None = None
    diagnostics: tuple[tuple[str, int, str], ...] = field(default=())
    """File (absolute), zero-based line and message of what language servers say."""
    ranker: Ranker | None = None
    """What puts in order what the index found, where the options name a model for it."""

    async def find(self, mention: Mention, question: str) -> list[Block]:
        """Return what a mention stands for, as `blocks` does, put in order where a model does that."""
        found = await asyncio.to_thread(self.blocks, mention, question)
        if mention.kind == "repo" and self.ranker is not None:
            texts = [Passage(block.core or block.text, block.part) for block in found]
            order = await self.ranker.order(Passage(question), texts, str(self.root or ""))
            found = [found[number] for number in order]
        return found[:_HITS] if mention.kind == "repo" else found

    def blocks(self, mention: Mention, question: str) -> list[Block]:
        """Return what a mention stands for, of a search more than is wanted; called in a thread.

        Raises Refused where there is none, or it must not be read.
        """
        if mention.kind == "file":
            return [self._file(mention.name)]
        if mention.kind == "diagnostics":
            return self._diagnostics()
        if self.root is None:
            raise Refused(f"@{mention.kind} needs a folder: open one")
        if mention.kind == "diff":
            return [self._diff(self.root)]
        if self.index is None:
            raise Refused(f"@{mention.kind} needs the index: see `context.index` and `ai-lsp index`")
        if mention.kind == "symbol":
            return self._symbol(mention.name, self.root, self.index)
        return self._similar(question, self.root, self.index)

    def _file(self, name: str) -> Block:
        path = self._inside(name)
        lines = self.lines_of(path)
        if lines is None:
            raise Refused(f"there is no file {path}")
        return _code(name, "".join(lines)[:_FILE_CHARS], path)

    def _inside(self, name: str) -> Path:
        """Return the path of a file that is named, which must be in the folder and may be read."""
        path = Path(name) if self.root is None else self.root / name
        resolved = path.resolve()
        if self.root is not None and not resolved.is_relative_to(self.root.resolve()):
            raise Refused(f"{name} is not in {self.root}")
        if not self.may_be_read(path):
            raise Refused(f"{name} is a file that must not be read")
        return path

    def _diff(self, root: Path) -> Block:
        text = readable(git.working_diff(root)[:_DIFF_CHARS], root, self.may_be_read)
        if not text.strip():
            raise Refused(f"nothing has changed in {root} since the latest commit")
        return Block("Changes since the latest commit", redact(text), "diff", Part("git", str(root)))

    def _diagnostics(self) -> list[Block]:
        if not self.diagnostics:
            raise Refused("no language server says anything, or the editor does not pass it on")
        found: list[Block] = []
        for path in dict.fromkeys(path for path, _, _ in self.diagnostics):
            rows = [f"line {line + 1}: {message}" for file, line, message in self.diagnostics if file == path]
            text = redact("\n".join(rows))
            found.append(Block(f"Diagnostics of {self._shown(path)}", text, "", Part("diagnostics", path)))
        return found

    def _symbol(self, name: str, root: Path, index: Index) -> list[Block]:
        owner, _, last = name.rpartition(".")
        known = [one for one in index.definitions(last) if not owner or one.parent.endswith(owner)]
        found: list[Block] = []
        for one in known[:_SYMBOLS]:
            path = root / one.path
            lines = self.lines_of(path) if self.may_be_read(path) else None
            if lines is not None:
                stop = min(one.end_line + 1, one.line + _SYMBOL_LINES)
                text = "".join(lines[one.line : stop])
                found.append(_code(f"{one.path}, line {one.line + 1}", text, path, "index"))
        if not found:
            raise Refused(f"nothing in {root} is called {name}")
        return found

    def _similar(self, question: str, root: Path, index: Index) -> list[Block]:
        most = _HITS if self.ranker is None else CANDIDATES
        hits = index.similar(dict.fromkeys(tokens(question), 1.0), most)
        readable_hits = [hit for hit in hits if self.may_be_read(root / hit.path)]
        if not readable_hits:
            raise Refused(f"nothing in {root} has to do with the question")
        return [_found(f"{hit.path}, from line {hit.line + 1}", hit, root / hit.path) for hit in readable_hits]

    def _shown(self, path: str) -> str:
        if self.root is None or not Path(path).is_relative_to(self.root):
            return path
        return Path(path).relative_to(self.root).as_posix()


def _found(title: str, hit: Hit, path: Path) -> Block:
    block = _code(title, hit.before + hit.text + hit.after, path, "index")
    return replace(block, core=redact(hit.text))


def _code(title: str, text: str, path: Path, kind: Kind = "other_files") -> Block:
    return Block(title, redact(text.replace("\r\n", "\n")), language_of(path), Part(kind, str(path)))
