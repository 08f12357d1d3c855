"""Every action with the real default model, through pytest-lsp's own client.

Structure is asserted, never wording.
"""

from __future__ import annotations

import ast
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from tests.e2e.acting import FULL

SECONDS = 120
TEXT = '''import os


def total(prices, tax):
    result = 0
    for price in prices:
        result = result + price
    if tax > 0:
        return result * (1 + tax)
    else:
        return result


def largest(numbers):
    """Return the largest number."""
    ...


# ai: make it 2
x = 1

# Das ist die Summe von allem
y = opn("file")


def read(path):
    return opn(path).read()
'''
DIAGNOSTIC = types.Diagnostic(
    types.Range(types.Position(26, 11), types.Position(26, 14)),
    '"opn" is not defined',
    severity=types.DiagnosticSeverity.Error,
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "shop.py").write_text(TEXT)
    for arguments in (["init", "-q"], ["add", "shop.py"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


FOLDER = tempfile.TemporaryDirectory()
COMMAND = [sys.executable, "-m", "ai_lsp", "serve"]
ENV = {**os.environ, "XDG_CACHE_HOME": FOLDER.name, "XDG_STATE_HOME": FOLDER.name, "AI_LSP_CONFIG": os.devnull}


@pytest_lsp.fixture(config=ClientServerConfig(server_command=COMMAND, server_env=ENV))
async def lsp_client(lsp_client: LanguageClient, repository: Path) -> Any:
    lsp_client.applied = []

    @lsp_client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        lsp_client.applied.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    capabilities = lsp_client.protocol._converter.structure(FULL, types.ClientCapabilities)
    params = types.InitializeParams(capabilities=capabilities, root_uri=repository.as_uri())
    await lsp_client.initialize_session(params)
    item = types.TextDocumentItem((repository / "shop.py").as_uri(), "python", 1, TEXT)
    lsp_client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    yield
    await lsp_client.shutdown_session()


def shown(client: LanguageClient) -> list[str]:
    """The texts of the documents that were shown."""
    return [Path(one.uri.removeprefix("file://")).read_text("utf-8") for one in client.shown_documents]


async def chosen(client: LanguageClient, uri: str, word: str, line: int) -> types.CodeAction:
    context = types.CodeActionContext([DIAGNOSTIC], trigger_kind=types.CodeActionTriggerKind.Invoked)
    span = types.Range(types.Position(line, 0), types.Position(line, 0))
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), span, context)
    found = await client.text_document_code_action_async(params) or []
    actions = [one for one in found if isinstance(one, types.CodeAction) and one.title.startswith(word)]
    assert actions and actions[0].title.endswith("(smollm2-135m)")
    return actions[0]


def after(edit: types.WorkspaceEdit) -> str:
    """The one document after an edit."""
    assert edit.document_changes is not None
    [change] = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit) and change.text_document.version == 1
    lines = TEXT.split("\n")
    for one in sorted(change.edits, key=lambda edit: -edit.range.start.line):
        assert isinstance(one, types.TextEdit)
        start, end = one.range.start, one.range.end
        new = lines[start.line][: start.character] + one.new_text + lines[end.line][end.character :]
        lines[start.line : end.line + 1] = new.split("\n")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("word", "line", "start", "stop"),
    [
        ("Document", 4, "    result = 0\n", "    result = 0\n"),
        ("Simplify", 4, "def total", "\n\ndef largest"),
        ("Complete", 15, "    ...\n", "\n\n# ai: make"),
        ("Rewrite", 19, "# ai: make", "\n# Das ist"),
        ("Translate", 21, "# Das ist", "y = opn"),
        ("Fix", 26, "def read", ""),
    ],
)
async def test_edits_touch_what_was_asked_and_parse(
    lsp_client: LanguageClient, repository: Path, word: str, line: int, start: str, stop: str
) -> None:
    """What is before `start` and from `stop` on stays; or the answer is shown, and nothing changes."""
    uri = (repository / "shop.py").as_uri()
    action = await chosen(lsp_client, uri, word, line)
    resolved = await asyncio.wait_for(lsp_client.code_action_resolve_async(action), SECONDS)
    progress = lsp_client.progress_reports
    kinds = [type(value) for values in progress.values() for value in values]
    assert kinds.count(types.WorkDoneProgressBegin) == kinds.count(types.WorkDoneProgressEnd)
    if resolved.edit is None:
        assert "This is what it wrote" in shown(lsp_client)[0]
        return
    text = after(resolved.edit)
    ast.parse(text)
    assert text != TEXT
    assert text.startswith(TEXT[: TEXT.index(start)])
    assert text.endswith(TEXT[TEXT.index(stop) :] if stop else "\n")


async def test_a_docstring_is_the_only_change(lsp_client: LanguageClient, repository: Path) -> None:
    action = await chosen(lsp_client, (repository / "shop.py").as_uri(), "Document", 4)
    resolved = await asyncio.wait_for(lsp_client.code_action_resolve_async(action), SECONDS)
    assert resolved.edit is not None
    function = ast.parse(after(resolved.edit)).body[1]
    assert isinstance(function, ast.FunctionDef) and ast.get_docstring(function)
    bare = ast.unparse(ast.Module([*function.body[1:]], []))
    original = ast.parse(TEXT).body[1]
    assert isinstance(original, ast.FunctionDef)
    assert bare == ast.unparse(ast.Module([*original.body], []))


async def test_a_test_is_in_the_repositorys_folder(lsp_client: LanguageClient, repository: Path) -> None:
    action = await chosen(lsp_client, (repository / "shop.py").as_uri(), "Write a test", 4)
    resolved = await asyncio.wait_for(lsp_client.code_action_resolve_async(action), SECONDS)
    if resolved.edit is None:
        assert "This is what it wrote" in shown(lsp_client)[0]
        return
    create, write = resolved.edit.document_changes or []
    assert isinstance(create, types.CreateFile) and create.uri.endswith("/tests/test_shop.py")
    assert isinstance(write, types.TextDocumentEdit) and isinstance(write.edits[0], types.TextEdit)
    assert "test_" in write.edits[0].new_text and "from shop import total" in write.edits[0].new_text
    ast.parse(write.edits[0].new_text)


def running(client: LanguageClient, uri: str, action: str, line: int) -> asyncio.Future[Any]:
    """What `ai-lsp.run` returns; lsprotocol 2025 takes a code action with a command for the command itself."""
    params = types.ExecuteCommandParams("ai-lsp.run", [{"action": action, "uri": uri, "first": line}])
    return asyncio.ensure_future(client.workspace_execute_command_async(params))


@pytest.mark.parametrize("action", ["explain", "commit"])
async def test_texts_are_shown(lsp_client: LanguageClient, repository: Path, action: str) -> None:
    await asyncio.wait_for(running(lsp_client, (repository / "shop.py").as_uri(), action, 4), SECONDS)
    assert shown(lsp_client)[0].strip()
    assert lsp_client.applied == []


async def test_cancel_in_the_middle(lsp_client: LanguageClient, repository: Path) -> None:
    """The model stops, nothing is changed, and the next request is served."""
    uri = (repository / "shop.py").as_uri()
    explaining = running(lsp_client, uri, "explain", 4)

    def token() -> Any:
        written = types.WorkDoneProgressReport
        of_actions = [
            token
            for token, values in lsp_client.progress_reports.items()
            if str(token).startswith("ai-lsp-action") and any(isinstance(value, written) for value in values)
        ]
        return of_actions[0] if of_actions else None

    while token() is None:
        await asyncio.sleep(0.01)
    lsp_client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token()))
    assert await asyncio.wait_for(explaining, SECONDS) is None
    assert lsp_client.applied == lsp_client.shown_documents == []
    again = await chosen(lsp_client, uri, "Complete", 15)
    await asyncio.wait_for(lsp_client.code_action_resolve_async(again), SECONDS)
