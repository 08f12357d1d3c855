"""The language server: one client's documents, options, engine and pipeline. The handlers are in `features`."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from ai_lsp import __version__, config, wishes
from ai_lsp.actions.catalogue import REPOSITORY_FOLDER
from ai_lsp.client import Client
from ai_lsp.documents import Document
from ai_lsp.engine.worker import EngineState
from ai_lsp.filters.ledger import Ledger
from ai_lsp.filters.standard import Services
from ai_lsp.history import History
from ai_lsp.host import EngineHost
from ai_lsp.idle import Idle
from ai_lsp.knowledge import Knowledge
from ai_lsp.licences.watch import Licences
from ai_lsp.loop import settle, spare, tidy
from ai_lsp.options import Options
from ai_lsp.problems import Problems
from ai_lsp.protocol import Protocol
from ai_lsp.rehearsal import rehearse
from ai_lsp.relay import Relay
from ai_lsp.roles.roles import roles
from ai_lsp.status import Status
from ai_lsp.typist import Typist
from ai_lsp.userfile import Watched
from ai_lsp.workbench.chatting import Chatting
from ai_lsp.workbench.workbench import Workbench
from ai_lsp.workspace import DocumentWorkspace

log = logging.getLogger(__name__)

SECTION = "ai-lsp"
_SETTINGS_SECONDS = 0.3
"""How long loading the model waits for the client's settings."""
_AWAY_SECONDS = 600.0
"""Without a sign of life for so long, nobody is there to be held up."""


class Server(LanguageServer):
    """State of one connection. Everything here runs on the event loop."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("ai-lsp", __version__, protocol_cls=Protocol)
        self.configuration = config.Configuration(Options(), {}, ())
        self.history = History()
        self.status = Status(self)
        self.host = EngineHost(self._engine_news)
        self.knowledge = Knowledge(
            lambda: self.documents.open_documents, lambda uri: self.documents.display_path(uri), self.status.index
        )
        self.roles = roles(
            self.host.precedence,
            lambda question: wishes.confirm(self, question),
            self.knowledge.may_be_read,
            self.status.ranked,
        )
        self.licences = Licences(self.status.licences)
        self.services = Services(
            self.knowledge.modules,
            lambda place: self.documents.lines_of(place),
            copied=self.licences.copied,
            before_copied=self.licences.look_before,
            whole_of=lambda place: self.knowledge.whole(place, self.documents.document_of(place)),
        )
        self._ledger = Ledger()
        self._idle = Idle(self.host.unload)
        self._pause = Idle(self._rest)
        self._away = Idle(tidy)
        self.client = Client()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.relay = Relay(
            self.host, self.roles.completer, lambda uri: self.documents.where(uri), self.status.relayed
        )
        self._problems = Problems(
            lambda message: self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
        )
        self.workbench = Workbench(self, self.roles, self._problems.say)
        self.chatting = Chatting(self)
        self._user_file = Watched(os.environ)
        self.typist = Typist(self)

    @property
    def options(self) -> Options:
        """The options in force."""
        return self.configuration.options

    @property
    def documents(self) -> DocumentWorkspace:
        """The open documents."""
        return cast(DocumentWorkspace, self.workspace)

    @property
    def left_properly(self) -> bool:
        """Whether the client asked for a shutdown before it left; LSP wants exit code 1 where it did not."""
        return self.protocol.shut_down

    def begin(self, params: types.InitializeParams) -> None:
        """Take up the client's parameters: workspace, name and options."""
        self._loop = asyncio.get_running_loop()
        workspace = self.protocol.use_own_workspace(params)
        workspace.on_open = self.typist.attention.then(self.knowledge.opened)
        workspace.on_close = self.knowledge.closed
        self.client = Client.told(params)
        self.configure()
        spare()
        rehearse(self.protocol)

    def configure(self, client_settings: Any = None) -> None:
        """Read all layers of the configuration again, with what the client says now where it says something."""
        if client_settings is not None:
            self.client.settings = client_settings
        root = next(iter(self.documents.roots), None)
        self.configuration = config.load(
            root, initialization=self.client.initialization, client=self.client.settings
        )
        logging.getLogger("ai_lsp").setLevel(self.options.log_level.upper())
        self.roles.use(self.options)
        self.typist.configure()
        self.knowledge.use(self.options.context)
        self.licences.use(self.options.filters)
        self._pause.limit(self.options.context.rest_ms / 1000)
        self._away.limit(_AWAY_SECONDS)
        self._idle.limit(self.options.model.unload_after_minutes * 60)

    def start_engine(self) -> None:
        """Load the model that the options ask for, in the background, and report what is wrong with them."""
        self.run(self._problems.tell(self.configuration))
        if self.options.enabled:
            self.host.use(self.roles.completes())
        self.status.configured(self.options.enabled, self.host.state)

    async def start_working(self) -> None:
        """Load the model, after a short wait for the client's settings, which may name another one."""
        asking = asyncio.ensure_future(self.ask_client_for_settings())
        await asyncio.wait({asking}, timeout=_SETTINGS_SECONDS)
        self.start_engine()
        self.open_folders()
        if self.options.context.index:
            await wishes.watch_files(self)
        await asking

    def open_folders(self) -> None:
        """Keep indexes of the workspace's folders, as they are now."""
        if self.options.enabled:
            self.knowledge.open(self.documents.roots)
            self.licences.open(self.documents.roots)
            self.run(self.workbench.reload())

    async def ask_client_for_settings(self) -> None:
        """Take up the client's settings for us, if it has any and answers in time."""
        settings = await wishes.settings(self, SECTION)
        if settings is not None:
            self.configure(settings)
            self.start_engine()

    def open_document(self, uri: str) -> Document | None:
        """Return the open document of that name; None when the client never opened it."""
        return cast("Document | None", self.documents.text_documents.get(unquote(uri)))

    def saved(self, uri: str) -> None:
        """Take note of a save: of options, or of what the index has."""
        if uri.endswith("/.ai-lsp.toml"):
            self.configure()
            self.start_engine()
        self.files_changed([uri])

    def files_changed(self, uris: list[str]) -> None:
        """Bring the indexes, and the actions, up to date with files that have come, changed or gone."""
        if any(f"/{REPOSITORY_FOLDER}/" in uri for uri in uris):
            self.run(self.workbench.reload())
        paths = [to_fs_path(uri) for uri in uris]
        self.knowledge.changed(Path(path) for path in paths if path)

    def leave(self) -> None:
        """End what runs beside the event loop: the client has asked for the shutdown."""
        self._pause.limit(0)  # nobody rests any more
        self._away.limit(0)
        self.run(self.knowledge.close())
        self.run(self.licences.close())
        self.run(self._ledger.keep(self.services.tallies, now=True))
        self.run(self.roles.close())

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in the background until it is done or the server ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def active(self) -> None:
        """Take note that somebody is there: a model that was unloaded is wanted again."""
        self._idle.note()
        self._pause.note()
        self._away.note()
        self.host.wake()
        if self._user_file.changed():
            self.configure()
            self.start_engine()

    def _rest(self) -> None:
        self.run(self._ledger.keep(self.services.tallies))
        self.typist.rest()
        self.knowledge.grammars.rest()
        settle()

    def _engine_news(self, state: EngineState) -> None:
        """Pass the engine's state on to the event loop; called on any thread."""
        if state.share in (0.0, 1.0):
            log.info("engine %s", state.message if state.kind == "loading" else f"{state.kind} {state.message}")
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._on_engine_state, state)

    def _on_engine_state(self, state: EngineState) -> None:
        self.status.engine(state)
        if state.kind == "ready":
            self.host.wake()
            self._idle.note()
            for uri in list(self.documents.text_documents)[-self.options.model.sequences :]:
                self.typist.focused(uri)
