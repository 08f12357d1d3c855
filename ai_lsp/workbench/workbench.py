"""One client's actions: what is offered, and what is done when one is chosen. Belongs to the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path

from ai_lsp.actions.action import Action, Refused
from ai_lsp.actions.catalogue import Catalogue, load
from ai_lsp.actions.forms.form import Result, Surroundings
from ai_lsp.actions.gathering import Gathering
from ai_lsp.actions.offer import choice_of
from ai_lsp.actions.running import Outcome, Services, run
from ai_lsp.actions.subject import Instruction, Subject
from ai_lsp.actions.whereabouts import moved_to
from ai_lsp.config import exists
from ai_lsp.documents import Document
from ai_lsp.providers.chat import ChatModels, Part, ProviderError
from ai_lsp.workbench import models, reports, scratch, sights
from ai_lsp.workbench.abilities import Abilities, abilities
from ai_lsp.workbench.menu import Menu
from ai_lsp.workbench.order import Order
from ai_lsp.workbench.why import explained
from ai_lsp.workbench.work import Work
from ai_lsp.workbench.workspace_edit import CannotEdit, Place, workspace_edit

if TYPE_CHECKING:
    from ai_lsp.server import Server

log = logging.getLogger(__name__)

_SECONDS = 600.0
"""How long a client may take to apply an edit: some show the user a preview first."""


class Workbench:
    """Offers actions for a server's documents and runs them."""

    def __init__(self, server: Server, models: ChatModels, tell: Callable[[Sequence[str]], None]) -> None:
        """`tell` shows problems to the user, each once."""
        self.models = models
        self._server = server
        self._tell = tell
        self._catalogues: Mapping[Path | None, Catalogue] = {}
        """Read when they are wanted, in a thread: the first templates take 50 ms with their library."""

    async def reload(self) -> None:
        """Read all prompt files again, and tell what is wrong with some."""
        trusted = self._server.options.repository_file
        roots = tuple(self._server.documents.roots) if trusted else ()
        self._catalogues = await asyncio.to_thread(load, roots)
        self._tell([f"ai-lsp: {one}" for catalogue in self._catalogues.values() for one in catalogue.problems])

    async def actions_for(self, uri: str) -> Mapping[str, Action]:
        """Return the actions that there are for a document, by name."""
        if not self._catalogues:
            await self.reload()
        root = self._server.documents.root_for(uri) if self._server.options.repository_file else None
        return self._catalogues.get(root, self._catalogues[None]).actions

    @property
    def able(self) -> Abilities:
        """What the client can do."""
        return abilities(self._server.client_capabilities, self._server.client.name)

    async def offer(self, params: types.CodeActionParams) -> list[types.CodeAction | types.Command] | None:
        """Answer ``textDocument/codeAction``."""
        server, uri = self._server, params.text_document.uri
        document = server.open_document(uri)
        if document is None or not server.options.enabled:
            return None
        sight = await sights.sight_of(server, document, params)
        latest = server.history.latest_of(uri)
        menu = Menu(
            sight,
            document,
            params.context,
            self.able,
            self._title,
            str(server.documents.file_of(uri) or ""),
            latest.trace.id if latest is not None else None,
            tuple(models.entries(server)),
        )
        return menu.entries((await self.actions_for(uri)).values())

    def _title(self, action: Action, language: str, path: str) -> str:
        """Return what the model of an action is called. Raises ProviderError."""
        return self.models.model(action.role, language=language, path=path).title

    async def edit_for(self, order: Order) -> types.WorkspaceEdit | None:
        """Return the edit of an action; None where there is none, and the user has been told why."""
        async with await self._work(order) as work:
            try:
                subject, outcome = await self._run(order, work.add)
                return await self._edit(subject, outcome)
            except (Refused, ProviderError) as error:
                self._complain(str(error))
                return None

    async def run(self, order: Order) -> dict[str, object]:
        """Run an action, apply its edit or show its text; return what came of it, for clients with a view."""
        async with await self._work(order) as work:
            try:
                subject, outcome = await self._run(order, work.add)
                edit = await self._edit(subject, outcome)
            except (Refused, ProviderError) as error:
                self._complain(str(error))
                return {"applied": False, "error": str(error)}
        applied = await self._apply(edit, order.action) if edit is not None else False
        return {
            "applied": applied,
            "text": outcome.result.text,
            "error": outcome.failure,
            "model": outcome.model,
            "used": used(outcome.parts),
        }

    async def work_out(
        self, order: Order, on_text: Callable[[str], None]
    ) -> tuple[types.WorkspaceEdit | None, Outcome]:
        """Return the edit of an action, if it has one, and what came of it; nothing is applied or shown.

        Raises Refused and ProviderError.
        """
        subject, outcome = await self._run(order, on_text)
        if outcome.failure or outcome.result.text:
            return None, outcome
        try:
            return await self._workspace_edit(subject, outcome), outcome
        except CannotEdit:
            return None, outcome

    async def show_why(self, number: int | None) -> None:
        """Show how a suggestion came about."""
        outcome = self._server.history.get(number)
        if outcome is None:
            self._complain("there is no suggestion to explain yet")
        else:
            await self._show("why", explained(outcome.trace))

    async def report(self, number: int | None, comment: str) -> str | None:
        """Keep a suggestion and what is said of it; return the file that it is in."""
        outcome = self._server.history.get(number)
        if outcome is None:
            self._complain("there is no suggestion to report yet")
            return None
        model = self._server.options.model.name
        try:
            path = await asyncio.to_thread(reports.keep, reports.report_of(outcome, model, comment))
        except OSError as error:
            self._complain(f"the report cannot be written: {error}")
            return None
        told = f"ai-lsp: the suggestion is in {path}; nothing was sent"
        self._server.window_show_message(types.ShowMessageParams(types.MessageType.Info, told))
        return str(path)

    async def _work(self, order: Order) -> Work:
        action = (await self.actions_for(order.uri)).get(order.action)
        return Work(self._server, action.title if action else order.action, shown=self.able.progress)

    async def _run(self, order: Order, on_text: Callable[[str], None]) -> tuple[Subject, Outcome]:
        action = (await self.actions_for(order.uri)).get(order.action)
        if action is None:
            raise Refused(f"there is no action `{order.action}`")
        subject = await self._subject(action, order)
        return subject, await run(action, subject, self._services(), on_text)

    async def _subject(self, action: Action, order: Order) -> Subject:
        server = self._server
        document = server.open_document(order.uri)
        if document is None:
            raise Refused(f"{order.uri} is not open")
        if order.version is not None and order.version != (document.version or 0):
            raise Refused("the text has changed since this was offered: ask again")
        sight = await sights.sight_again(server, document, order)
        text = sights.text_of(server, document)
        if order.instruction and "instruction" in action.scopes:
            said = Instruction(order.instruction, -1, -1)
            last = min(order.last, len(text.lines) - 1)
            return Subject(
                text, "instruction", min(order.first, last), last, sight.around.definition, instruction=said
            )
        choice = choice_of(action, order.scope, sight)
        return Subject(
            text,
            choice.scope,
            choice.first,
            choice.last,
            sight.around.definition,
            sight.around.comment,
            choice.instruction,
            choice.diagnostics,
        )

    def _services(self) -> Services:
        server = self._server
        language = sights.language_of_user(server.client.locale)
        around = Surroundings(server.knowledge.may_be_read, self.lines_of, language)
        return Services(self.models, server.licences.copied, around, self._gathering())

    def _gathering(self) -> Gathering:
        server, knowledge = self._server, self._server.knowledge
        return Gathering(
            knowledge.definitions,
            knowledge.similar,
            knowledge.index_of,
            knowledge.may_be_read,
            lambda language, path: server.roles.ranker(language=language, path=path),
            server.options.context.off,
        )

    def lines_of(self, path: Path) -> Sequence[str] | None:
        """Return the lines of a document that is open, else of the file; called in a thread."""
        uri = from_fs_path(str(path)) or ""
        document = self._server.open_document(uri) or (Document(uri) if exists(path) else None)
        return list(document.lines) if document is not None else None

    async def _edit(self, subject: Subject, outcome: Outcome) -> types.WorkspaceEdit | None:
        """Return the edit for the document as it is now, or show what there is to read."""
        title = subject.definition.name if subject.definition else subject.text.path
        if outcome.failure:
            await self._show(title, f"ai-lsp: {outcome.failure}. This is what it wrote:\n\n{outcome.answer}")
            return None
        result = outcome.result
        if result.text:
            await self._show(title, result.text)
            return None
        try:
            return await self._workspace_edit(subject, outcome)
        except CannotEdit as error:
            await self._show(title, f"ai-lsp: {error}:\n\n{_fenced(result)}")
            return None

    async def _workspace_edit(self, subject: Subject, outcome: Outcome) -> types.WorkspaceEdit:
        """Return the edit for the document as it is now. Raises Refused and CannotEdit."""
        document = self._server.open_document(subject.text.uri)
        if document is None:
            raise Refused(f"{subject.text.path} was closed meanwhile")
        result = outcome.result
        others = {path: await asyncio.to_thread(self._document, Path(path)) for path, _ in result.other}
        result = moved_to(document.lines, subject, result) if result.changes else result
        edited, label = Place(document, document.version), f"ai-lsp ({outcome.model})"
        return workspace_edit(result, edited, lambda path: others[str(path)], self.able, label)

    def _document(self, path: Path) -> Place:
        uri = from_fs_path(str(path)) or ""
        document = self._server.open_document(uri)
        return Place(document, document.version) if document is not None else Place(Document(uri), None)

    async def _apply(self, edit: types.WorkspaceEdit, label: str) -> bool:
        params = types.ApplyWorkspaceEditParams(edit, label=f"ai-lsp: {label}")
        try:
            answer = await asyncio.wait_for(self._server.workspace_apply_edit_async(params), _SECONDS)
        except Exception as error:
            log.info("the client did not apply the edit: %r", error)
            self._complain("the editor did not apply the edit")
            return False
        if answer is None or not answer.applied:
            reason = (answer.failure_reason if answer is not None else None) or "it gives no reason"
            self._complain(f"the editor did not apply the edit: {reason}")
            return False
        return True

    async def _show(self, name: str, text: str) -> None:
        await scratch.show(self._server, name, text, as_document=self.able.shows)

    def _complain(self, message: str) -> None:
        self._server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"ai-lsp: {message}"))


def used(parts: Sequence[Part]) -> list[dict[str, str]]:
    """Return what a model was shown, for clients."""
    return [{"kind": part.kind, "path": part.path} for part in parts]


def _fenced(result: Result) -> str:
    return "\n".join(f"```\n{file.text}```" for file in result.files)
