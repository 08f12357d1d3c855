"""One conversation in the terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from ai_lsp import config
from ai_lsp.actions.action import Action, Refused
from ai_lsp.actions.catalogue import load
from ai_lsp.actions.forms.form import Surroundings
from ai_lsp.actions.running import Services, run
from ai_lsp.actions.subject import Subject, Text
from ai_lsp.chat.conversation import Conversation, Conversations, NoConversation
from ai_lsp.chat.differences import diff, write
from ai_lsp.chat.lookup import Lookup
from ai_lsp.chat.mentions import slash
from ai_lsp.chat.places import spot, subject_at
from ai_lsp.chat.talk import talk
from ai_lsp.cli.roles import readable_in, roles_for
from ai_lsp.config import exists
from ai_lsp.documents import Document
from ai_lsp.index.reader import Index
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import ChatModels


@dataclass
class Chatter:
    """Answers questions on standard output, and keeps what was said."""

    root: Path | None
    models: ChatModels
    actions: Mapping[str, Action]
    lookup: Lookup
    kept: Conversations
    conversation: Conversation

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, root: Path | None, resume: str | None) -> AsyncIterator[Chatter]:
        """Begin a conversation about the folder `root`, or go on with one. Raises NoConversation."""
        kept = Conversations()
        conversation = _resumed(kept, resume) if resume else kept.new(str(root or ""))
        configuration = config.load(root)
        for problem in configuration.problems:
            click.echo(problem.message, err=True)
        trusted = root is not None and configuration.options.repository_file
        catalogue = load([root] if trusted and root is not None else [])[root if trusted else None]
        for told in catalogue.problems:
            click.echo(f"ai-lsp: {told}", err=True)
        may_be_read = readable_in(root, configuration.options)
        index = Index.open(root) if root is not None else None
        async with roles_for(configuration.options, may_be_read) as models:
            lookup = Lookup(root, _lines_of, may_be_read, index, ranker=models.ranker())
            yield cls(root, models, catalogue.actions, lookup, kept, conversation)

    async def answer(self, question: str) -> None:
        """Answer one question. Raises Refused, ProviderError and OSError."""
        if (action := slash(question)) is not None:
            await self._act(question, *action)
            return
        model = self.models.model("chat")
        answer = await talk(question.strip(), self.conversation, self.lookup, model, _print)
        click.echo()
        self.conversation = self.kept.add(self.conversation, answer.question, answer.text)

    async def _act(self, question: str, name: str, words: str) -> None:
        """Run an action; its changes are shown, and written when the user says so."""
        if name not in self.actions:
            raise Refused(
                f"there is no /{name}; there are " + ", ".join(f"/{one}" for one in sorted(self.actions))
            )
        action = self.actions[name]
        subject = self._subject(action, words)
        services = Services(self.models, surroundings=Surroundings(self.lookup.may_be_read, _lines_of))
        on_text: Callable[[str], None] = _print if action.answer == "message" else lambda _piece: None
        outcome = await run(action, subject, services, on_text)
        if outcome.failure:
            raise Refused(f"{outcome.failure}:\n{outcome.answer}")
        text = outcome.result.text or diff(subject, outcome.result)
        click.echo("" if action.answer == "message" else text)
        self.conversation = self.kept.add(self.conversation, redact(question.strip()), redact(text))
        if not outcome.result.text and sys.stdin.isatty() and click.confirm("Write this?", err=True):
            for path in write(subject, outcome.result):
                click.echo(f"wrote {path}", err=True)

    def _subject(self, action: Action, words: str) -> Subject:
        if "repository" in action.scopes:
            text = Text("", "", "", str(self.root or ""), "", 0, [""])
            return Subject(text, "repository", 0, 0)
        return subject_at(action, spot(words), self.root)


def _resumed(kept: Conversations, name: str) -> Conversation:
    if name != "last":
        return kept.read(name)
    latest = next(iter(kept.all()), None)
    if latest is None:
        raise NoConversation("there is no conversation yet")
    return latest


def _lines_of(path: Path) -> list[str] | None:
    return list(Document(path.absolute().as_uri()).lines) if exists(path) and path.is_file() else None


def _print(piece: str) -> None:
    click.echo(piece, nl=False)
    sys.stdout.flush()
