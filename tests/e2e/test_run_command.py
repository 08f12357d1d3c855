"""workspace/executeCommand with ai-lsp.run and what follows from it, with a model that is scripted."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest_asyncio

from tests.e2e.acting import FULL, LINES, TEXT, Acting, edited, started
from tests.e2e.conftest import Start
from tests.e2e.test_inline_completion import SOURCE

PLAIN = {
    **FULL,
    "textDocument": {
        "inlineCompletion": {},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
    },
}


@pytest_asyncio.fixture
async def acting(launch: Start, tmp_path: Path) -> Acting:
    one = Acting(tmp_path)
    one.client = await started(launch, one, capabilities=PLAIN)
    one.open()
    return one


async def test_an_explanation_is_shown_as_a_document(acting: Acting) -> None:
    acting.says("It adds **up**.")
    found = await acting.run("Explain", LINES["total"])
    assert acting.shown == ["It adds **up**."]
    used = [{"kind": "code", "path": str(acting.folder / "shop.py")}]
    assert found == {"applied": False, "text": "It adds **up**.", "error": "", "model": "scripted", "used": used}
    assert acting.asked[0]["parts"] == [{"kind": "code", "path": str(acting.folder / "shop.py")}]


async def test_an_explanation_without_documents_is_a_message(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    one.client = await started(launch, one, capabilities={})
    one.open()
    one.says("It adds up.")
    entry = next(one for one in await one.actions(LINES["total"]) if one["title"].startswith("Explain"))
    await one.client.command(entry["command"], *entry["arguments"])
    assert one.client.messages() == "It adds up."


async def test_an_edit_is_applied(acting: Acting) -> None:
    acting.says("return max(numbers)")
    assert (await acting.run("Complete", LINES["largest"]))["applied"] is True
    [params] = acting.applied
    assert params["label"] == "ai-lsp: complete"
    assert edited(TEXT, params["edit"]) == TEXT.replace("    ...", "    return max(numbers)")


async def test_a_client_that_does_not_apply(acting: Acting) -> None:
    acting.applies = False
    acting.says("return max(numbers)")
    assert (await acting.run("Complete", LINES["largest"]))["applied"] is False
    await acting.client.until(lambda: acting.client.messages() == "ai-lsp: the editor did not apply the edit: no")


async def test_cancelling_the_request_ends_the_work(acting: Acting) -> None:
    acting.says("return max(<slow>numbers)")
    command = (await acting.action("Complete", LINES["largest"]))["command"]
    future = acting.client.send("workspace/executeCommand", {k: command[k] for k in ("command", "arguments")})
    await acting.client.until(lambda: acting.progress("report"))
    acting.client.cancel(future)
    assert (await future).code == -32800
    await acting.client.until(lambda: acting.progress("end"))
    await acting.client.until(lambda: acting.progress("end") == [{"kind": "end", "message": "cancelled"}])
    assert acting.applied == []


async def test_cancelling_the_progress_answers_the_request(acting: Acting) -> None:
    acting.says("return max(<slow>numbers)")
    command = (await acting.action("Complete", LINES["largest"]))["command"]
    future = acting.client.send("workspace/executeCommand", {k: command[k] for k in ("command", "arguments")})
    await acting.client.until(lambda: acting.progress("report"))
    token = next(n["params"]["token"] for n in acting.client.notifications if n["method"] == "$/progress")
    acting.client.notify("window/workDoneProgress/cancel", {"token": token})
    assert (await future).result is None
    assert acting.applied == []


async def test_a_client_that_stands_still_is_answered_at_once(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    one.client = await started(launch, one, name="Emacs")
    one.open()
    one.says("return max(<slow>numbers)")
    assert await one.run("Complete", LINES["largest"]) is None
    assert one.applied == []
    one.go_on()
    await one.client.until(lambda: one.applied)


async def test_an_instruction_from_the_clients_own_input(acting: Acting) -> None:
    acting.says("y = 7")
    order = {"action": "rewrite", "uri": acting.document.uri, "first": 19, "instruction": "make it 7"}
    await acting.client.command("ai-lsp.run", order)
    assert edited(TEXT, acting.applied[0]["edit"]) == TEXT.replace("y = opn(2)", "y = 7")
    assert "make it 7" in acting.asked[0]["messages"][0]["content"]


async def test_a_commit_message(acting: Acting) -> None:
    acting.says("Sell fruit")
    await acting.run("Write a commit message", 0)
    assert "nothing is staged in" in acting.client.messages()
    subprocess.run(["git", "add", "shop.py"], cwd=acting.folder, check=True)
    await acting.run("Write a commit message", 0)
    assert acting.shown == ["```gitcommit\nSell fruit\n```"]
    assert acting.asked[0]["parts"] == [{"kind": "git", "path": str(acting.folder / "shop.py")}]
    acting.open("\n# Please enter the commit message\n", ".git/COMMIT_EDITMSG", "git-commit")
    await acting.run("Write a commit message", 0)
    assert edited("\n#", acting.applied[0]["edit"]) == "Sell fruit\n\n#"


async def test_why_and_report(launch: Start, tmp_path: Path) -> None:
    acting = Acting(tmp_path)
    acting.client = client = await started(launch, acting, {"ENGINE": "1"}, capabilities=PLAIN)
    acting.open()
    assert "Why this suggestion?" not in [one["title"] for one in await acting.actions(0)]
    await client.ready()
    acting.open(SOURCE + "ret", "why.py")
    reply = await client.suggest(acting.document)
    assert reply.text
    await acting.run("Why this suggestion?", 0)
    assert reply.text in acting.shown[0] and "## Filters" in acting.shown[0]
    path = Path(str(await acting.run("Report this suggestion", 0)))
    number = (await client.why(reply))["id"]
    await client.command("ai-lsp.report", number, "it is wrong")
    first, second = [json.loads(line) for line in path.read_text().splitlines()]
    assert first["suggested"] == second["suggested"] == reply.text
    assert (first["comment"], second["comment"]) == ("", "it is wrong")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.is_relative_to(tmp_path / "state")


async def test_nothing_to_explain_or_report(acting: Acting) -> None:
    await acting.client.command("ai-lsp.show-why")
    assert await acting.client.command("ai-lsp.report") is None
    assert acting.client.messages().count("there is no suggestion to") == 2
