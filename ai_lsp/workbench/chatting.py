"""Chat over LSP: the request ``ai-lsp/chat``, its streamed text, and the conversations that are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.uris import to_fs_path

from ai_lsp.actions.action import Refused
from ai_lsp.actions.subject import Told
from ai_lsp.chat.conversation import Conversation, Conversations, NoConversation
from ai_lsp.chat.lookup import Block, Lookup
from ai_lsp.chat.mentions import slash
from ai_lsp.chat.talk import talk
from ai_lsp.documents import Document
from ai_lsp.privacy.secrets import redact
from ai_lsp.providers.chat import Part, ProviderError
from ai_lsp.ranking.ranker import Ranker
from ai_lsp.workbench.order import Order
from ai_lsp.workbench.work import Work
from ai_lsp.workbench.workbench import used

if TYPE_CHECKING:
    from ai_lsp.server import Server

CHAT = "ai-lsp/chat"
_EMPTY = "a chat needs a `message`: what you want to know"


@dataclass(frozen=True)
class Question:
    """The parameters of ``ai-lsp/chat``."""

    message: str
    conversation: str = ""
    uri: str = ""
    lines: tuple[int, int] | None = None
    """The selected lines, zero-based and inclusive; None without a place in the document."""
    selected: bool = False
    partial: types.ProgressToken | None = None
    work: types.ProgressToken | None = None


def question_from(value: Any) -> Question:
    """Return the question in a client's JSON. Raises Refused for what is none."""
    table: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    message = table.get("message")
    if not isinstance(message, str) or not message.strip():
        raise Refused(_EMPTY)
    document, span = table.get("textDocument"), table.get("range")
    uri = document.get("uri") if isinstance(document, Mapping) else None
    try:
        ends = (
            [(int(span[end]["line"]), int(span[end]["character"])) for end in ("start", "end")] if span else None
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("`range` of a chat must be a range") from error
    name = table.get("conversation")
    return Question(
        message,
        name if isinstance(name, str) else "",
        uri if isinstance(uri, str) else "",
        (max(0, ends[0][0]), max(0, ends[1][0])) if ends else None,
        bool(ends and ends[0] != ends[1]),
        _token(table.get("partialResultToken")),
        _token(table.get("workDoneToken")),
    )


def _token(value: Any) -> types.ProgressToken | None:
    return value if isinstance(value, (int, str)) else None


class Chatting:
    """Answers one client's questions. Belongs to the event loop."""

    def __init__(self, server: Server, conversations: Conversations | None = None) -> None:
        """`conversations` are by default those in the user's state folder."""
        self._server = server
        self._kept = conversations or Conversations()

    async def ask(self, params: Any) -> dict[str, Any]:
        """Answer ``ai-lsp/chat``; what goes wrong is in the result's `error`, in one line."""
        try:
            question = question_from(params)
            async with Work(self._server, "chat", shown=False, token=question.work) as work:
                conversation = await self._conversation(question)

                def on_text(piece: str) -> None:
                    work.add(piece)
                    self._stream(question.partial, piece)

                if (action := slash(question.message)) is not None:
                    return await self._act(question, conversation, *action, on_text)
                return await self._talk(question, conversation, on_text)
        except (Refused, ProviderError, NoConversation, OSError) as error:
            return {"error": str(error)}

    async def conversations(self) -> list[dict[str, Any]]:
        """Return what conversations there are, the newest first."""
        found = await asyncio.to_thread(self._kept.all)
        return [
            {"conversation": one.id, "title": one.title, "root": one.root, "messages": len(one.messages)}
            for one in found
        ]

    async def forget(self, name: str) -> bool:
        """Delete a conversation; whether there was one."""
        try:
            await asyncio.to_thread(self._kept.delete, name)
        except NoConversation:
            return False
        return True

    async def _talk(
        self, question: Question, conversation: Conversation, on_text: Callable[[str], None]
    ) -> dict[str, Any]:
        document = self._server.open_document(question.uri)
        language = (document.language_id or "") if document is not None else ""
        model = self._server.workbench.models.model("chat", language=language, path=self._file(question.uri))
        shown = self._selection(document, question)
        ranker = self._server.roles.ranker(language=language, path=self._file(question.uri))
        lookup = self._lookup(conversation, ranker)
        answer = await talk(question.message, conversation, lookup, model, on_text, shown)
        await asyncio.to_thread(self._kept.add, conversation, answer.question, answer.text)
        return {
            "conversation": conversation.id,
            "message": answer.text,
            "model": answer.model,
            "used": used(answer.parts),
        }

    async def _act(
        self,
        question: Question,
        conversation: Conversation,
        name: str,
        words: str,
        on_text: Callable[[str], None],
    ) -> dict[str, Any]:
        """Run the action that a slash names, where the client is; its edit is for the client to apply."""
        workbench = self._server.workbench
        actions = await workbench.actions_for(question.uri)
        if name not in actions:
            raise Refused(f"there is no /{name}; there are " + ", ".join(f"/{one}" for one in sorted(actions)))
        if question.lines is None and "repository" not in actions[name].scopes:
            raise Refused(f"/{name} needs a place: send `textDocument` and `range` with it")
        first, last = question.lines or (0, 0)
        told = self._told(question.uri, first, last, words) if "diagnostic" in actions[name].scopes else ()
        order = Order(name, question.uri, None, first, last, question.selected, "", told, words)
        edit, outcome = await workbench.work_out(order, on_text)
        text = outcome.result.text or outcome.answer
        if outcome.failure:
            text = f"{outcome.failure}:\n\n{text}"
        await asyncio.to_thread(self._keep, conversation, question.message, text)
        found = {
            "conversation": conversation.id,
            "message": text,
            "model": outcome.model,
            "used": used(outcome.parts),
        }
        return found if edit is None else {**found, "edit": edit}

    def _told(self, uri: str, first: int, last: int, words: str) -> tuple[Told, ...]:
        """Return what is wrong at some lines: in the user's words, else in those of language servers."""
        if words:
            return (Told(first, last, words),)
        known = self._server.knowledge.diagnostics.all()
        return tuple(
            Told(line, line, text) for where, line, text in known if where == uri and first <= line <= last
        )

    def _keep(self, conversation: Conversation, question: str, text: str) -> None:
        self._kept.add(conversation, redact(question), redact(text))

    async def _conversation(self, question: Question) -> Conversation:
        if question.conversation:
            return await asyncio.to_thread(self._kept.read, question.conversation)
        documents = self._server.documents
        root = documents.root_for(question.uri) if question.uri else None
        roots = documents.roots
        return self._kept.new(str(root or (roots[0] if roots else "")))

    def _lookup(self, conversation: Conversation, ranker: Ranker | None) -> Lookup:
        server, root = self._server, Path(conversation.root) if conversation.root else None
        told = [(to_fs_path(uri) or "", line, text) for uri, line, text in server.knowledge.diagnostics.all()]
        return Lookup(
            root,
            server.workbench.lines_of,
            server.knowledge.may_be_read,
            server.knowledge.index_of(root) if root is not None else None,
            tuple(one for one in told if one[0]),
            ranker,
        )

    def _selection(self, document: Document | None, question: Question) -> list[Block]:
        if document is None or question.lines is None or not question.selected:
            return []
        first, last = question.lines
        text = "".join(document.lines[first : last + 1]).replace("\r\n", "\n")
        path = self._server.documents.display_path(document.uri)
        title = f"{path}, lines {first + 1} to {min(last + 1, len(document.lines))}"
        return [Block(title, text, document.language_id or "", Part("code", self._file(document.uri)))]

    def _file(self, uri: str) -> str:
        file = self._server.documents.file_of(uri) if uri else None
        return str(file) if file is not None else ""

    def _stream(self, token: types.ProgressToken | None, piece: str) -> None:
        if token is not None and piece:
            self._server.protocol.notify(types.PROGRESS, types.ProgressParams(token, {"text": piece}))
