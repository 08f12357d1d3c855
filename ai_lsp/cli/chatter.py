"""One conversation in the terminal."""

from __future__ import annotations

import asyncio
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
from ai_lsp.actions.gathering import Gathering
from ai_lsp.actions.running import Services, run
from ai_lsp.actions.subject import Subject, Text
from ai_lsp.chat.conversation import Conversation, Conversations, NoConversation
from ai_lsp.chat.differences import diff, write
from ai_lsp.chat.lookup import Lookup
from ai_lsp.chat.mentions import mentions, slash
from ai_lsp.chat.places import spot, subject_at
from ai_lsp.chat.talk import talk
from ai_lsp.cli.roles import readable_in, roles_for
from ai_lsp.config import exists
from ai_lsp.documents import Document
from ai_lsp.index.status import Status
from ai_lsp.knowledge import Knowledge
from ai_lsp.options import Options
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import ChatModels

_SHORT_SECONDS, _INDEX_SECONDS = 1.0, 60.0


@dataclass
class Chatter:
    """Answers questions on standard output, and keeps what was said."""

    root: Path | None
    models: ChatModels
    actions: Mapping[str, Action]
    lookup: Lookup
    kept: Conversations
    conversation: Conversation
    gathering: Gathering
    indexed: asyncio.Event
    """Set once the folder's index is up to date, or will not be."""

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
        async with (
            roles_for(configuration.options, may_be_read) as models,
            _known(root, configuration.options) as (knowledge, indexed),
        ):
            gathering = Gathering(
                knowledge.definitions,
                knowledge.similar,
                knowledge.index_of,
                may_be_read,
                lambda language, path: models.ranker(language=language, path=path),
                configuration.options.context.off,
            )
            index = knowledge.index_of(root) if root is not None else None
            lookup = Lookup(root, _lines_of, may_be_read, index, ranker=models.ranker())
            yield cls(root, models, catalogue.actions, lookup, kept, conversation, gathering, indexed)

    async def answer(self, question: str) -> None:
        """Answer one question. Raises Refused, ProviderError and OSError."""
        if slash(question) or any(one.kind in ("repo", "symbol") for one in mentions(question)):
            await self._index()
        if (action := slash(question)) is not None:
            await self._act(question, *action)
            return
        model = self.models.model("chat")
        answer = await talk(question.strip(), self.conversation, self.lookup, model, _print)
        click.echo()
        self.conversation = self.kept.add(self.conversation, answer.question, answer.text)

    async def _index(self) -> None:
        """Wait until the index is up to date; of a large folder that is new for as long as somebody would."""
        if not await _comes(self.indexed, _SHORT_SECONDS):
            click.echo("indexing the folder ...", err=True)
            if not await _comes(self.indexed, _INDEX_SECONDS):
                click.echo("that takes longer; what is known so far is used", err=True)

    async def _act(self, question: str, name: str, words: str) -> None:
        """Run an action; its changes are shown, and written when the user says so."""
        if name not in self.actions:
            raise Refused(
                f"there is no /{name}; there are " + ", ".join(f"/{one}" for one in sorted(self.actions))
            )
        action = self.actions[name]
        subject = self._subject(action, words)
        surroundings = Surroundings(self.lookup.may_be_read, _lines_of)
        services = Services(self.models, surroundings=surroundings, gathering=self.gathering)
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


@contextlib.asynccontextmanager
async def _known(root: Path | None, options: Options) -> AsyncIterator[tuple[Knowledge, asyncio.Event]]:
    """Have the folder's index kept while the context lasts; the event is set once it is up to date."""
    indexed = asyncio.Event()

    def on_index(_root: Path, status: Status) -> None:
        if status.kind != "building":
            indexed.set()

    knowledge = Knowledge(on_index=on_index)
    knowledge.use(options.context)
    if root is not None and options.context.index:
        knowledge.open([root])
    else:
        indexed.set()
    try:
        yield knowledge, indexed
    finally:
        await knowledge.close()


async def _comes(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, so many seconds at most; tell whether it came."""
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


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
