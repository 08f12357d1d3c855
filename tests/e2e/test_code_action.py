"""textDocument/codeAction, with a model that is scripted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.acting import CODE_ACTION, FULL, LINES, TEXT, Acting, edited, started
from tests.e2e.conftest import Start

DIAGNOSTIC = {
    "range": {"start": {"line": 19, "character": 4}, "end": {"line": 19, "character": 7}},
    "message": '"opn" is not defined',
    "severity": 1,
    "source": "pyright",
}


ASKS = {"experimental": {"commands": {"commands": ["ai-lsp.ask-instruction"]}}}


def titles(actions: list[dict[str, Any]]) -> list[str]:
    return [one["title"].removesuffix(" (scripted)") for one in actions if "disabled" not in one]


async def test_what_is_offered_where(acting: Acting) -> None:
    assert titles(await acting.actions(LINES["total"])) == [
        "Document `total`",
        "Explain `total`",
        "Simplify `total`",
        "Write a test for `total`",
        "Write a commit message",
    ]
    assert titles(await acting.actions(LINES["largest"]))[0] == "Complete the body of `largest`"
    assert titles(await acting.actions(LINES["instruction"]))[0] == "Rewrite as told: double it"
    assert titles(await acting.actions(LINES["comment"]))[0] == "Translate the comment"
    assert "Explain the selection" in titles(await acting.actions(4, 6))


@pytest.mark.parametrize(
    ("start", "end", "selected"),
    [
        ((4, 4), (4, 5), False),
        ((4, 14), (5, 0), False),
        ((4, 4), (4, 6), True),
        ((4, 13), (5, 0), True),
        ((4, 14), (6, 0), True),
    ],
)
async def test_one_character_is_the_cursor_of_helix(
    acting: Acting, start: tuple[int, int], end: tuple[int, int], selected: bool
) -> None:
    ends = [{"line": line, "character": column} for line, column in (start, end)]
    params = {
        "textDocument": {"uri": acting.document.uri},
        "range": {"start": ends[0], "end": ends[1]},
        "context": {"diagnostics": [], "triggerKind": 1},
    }
    found = (await acting.client.request("textDocument/codeAction", params)).result
    assert ("Explain the selection" in titles(found)) is selected
    assert ("Explain `total`" in titles(found)) is not selected


async def test_an_entry_in_full(acting: Acting) -> None:
    entry = await acting.action("Complete", LINES["largest"])
    assert entry == {
        "title": "Complete the body of `largest` (scripted)",
        "kind": "refactor.rewrite",
        "isPreferred": True,
        "data": {
            "action": "complete",
            "uri": acting.document.uri,
            "version": 1,
            "first": 12,
            "last": 12,
            "selected": False,
            "scope": "stub",
            "diagnostics": [],
            "instruction": "",
        },
    }


async def test_a_diagnostic_has_its_fix_first(acting: Acting) -> None:
    entry, *_ = await acting.actions(LINES["error"], diagnostics=[DIAGNOSTIC])
    assert (entry["title"], entry["kind"]) == ('Fix: "opn" is not defined (scripted)', "quickfix")
    assert [one["message"] for one in entry["diagnostics"]] == [DIAGNOSTIC["message"]]
    assert "isPreferred" not in entry


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (["quickfix"], {"quickfix"}),
        (["refactor.rewrite"], {"refactor.rewrite"}),
        (["refactor"], {"refactor", "refactor.rewrite"}),
        (["source"], {"source"}),
        (["source.organizeImports"], set()),
        ([""], {"quickfix", "refactor", "refactor.rewrite", "source"}),
    ],
)
async def test_only_the_kinds_that_are_wanted(acting: Acting, only: list[str], kinds: set[str]) -> None:
    found = await acting.actions(LINES["total"], only=only, diagnostics=[DIAGNOSTIC])
    assert {one["kind"] for one in found} == kinds


async def test_no_source_actions_unasked(acting: Acting) -> None:
    assert "source" not in {one["kind"] for one in await acting.actions(LINES["total"], triggerKind=2)}


async def test_why_not_for_a_user_who_asks_for_the_kind(acting: Acting) -> None:
    found = await acting.actions(LINES["largest"], only=["refactor"])
    assert [(one["title"], one["disabled"]["reason"]) for one in found if "disabled" in one] == [
        ("Document `largest` (scripted)", "`largest` is documented already")
    ]


async def test_a_client_without_resolve_gets_commands_in_its_actions(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    plain = {key: CODE_ACTION[key] for key in ("codeActionLiteralSupport",)}
    one.client = await started(launch, one, capabilities={"textDocument": {"codeAction": plain}})
    one.open()
    entry = await one.action("Document", LINES["total"])
    assert entry["command"]["command"] == "ai-lsp.run"
    assert "data" not in entry


async def test_a_client_without_literals_gets_commands(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    one.client = await started(launch, one, capabilities={})
    one.open()
    found = await one.actions(LINES["total"])
    assert {entry["command"] for entry in found} == {"ai-lsp.run"}


@pytest.mark.parametrize("name", ["helix", "Emacs", "eglot"])
async def test_clients_that_stand_still_get_commands(launch: Start, tmp_path: Path, name: str) -> None:
    one = Acting(tmp_path)
    one.client = await started(launch, one, name=name)
    one.open()
    assert "command" in await one.action("Document", LINES["total"])


async def test_a_client_that_can_ask_gets_rewrite_anywhere(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    one.client = await started(launch, one, capabilities={**FULL, **ASKS})
    one.open()
    assert titles(await one.actions(LINES["total"]))[2] == "Rewrite as told: `total`…"
    entry = await one.action("Rewrite", 4, 6)
    assert entry["title"] == "Rewrite as told: the selection… (scripted)"
    assert "data" not in entry and "isPreferred" not in entry
    assert entry["command"]["command"] == "ai-lsp.ask-instruction"
    one.says("def total(prices, tax):\n    return sum(prices) * (1 + tax)\n")
    [order] = (await one.action("Rewrite", LINES["total"]))["command"]["arguments"]
    await one.client.command("ai-lsp.run", order | {"instruction": "use sum"})
    assert "    return sum(prices) * (1 + tax)\n\n\ndef largest" in edited(TEXT, one.applied[0]["edit"])
    assert "use sum" in one.asked[0]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("text", "line", "asked", "expected"),
    [
        ("", 0, "Write python code: set y", "y = 1"),
        ("import os\n\n\n\nx = 2\n", 2, "Write python code: set y", "import os\n\ny = 1\n\nx = 2\n"),
        ("y = 2\nx = 2\n", 0, "Change this python code: set y", "y = 1\nx = 2\n"),
    ],
)
async def test_an_instruction_for_a_line(
    launch: Start, tmp_path: Path, text: str, line: int, asked: str, expected: str
) -> None:
    one = Acting(tmp_path)
    one.client = await started(launch, one, capabilities={**FULL, **ASKS})
    one.open(text)
    one.says("y = 1")
    entry = await one.action("Rewrite as told: this line…", line)
    await one.client.command("ai-lsp.run", entry["command"]["arguments"][0] | {"instruction": "set y"})
    assert edited(text, one.applied[0]["edit"]) == expected
    assert asked in one.asked[0]["messages"][-1]["content"]


async def test_an_order_without_its_instruction_is_refused(acting: Acting) -> None:
    order = {"action": "rewrite", "uri": acting.document.uri, "first": 3, "last": 7, "scope": "instruction"}
    assert (await acting.client.command("ai-lsp.run", order))["error"] == "there is no instruction here"


async def test_own_actions_of_the_repository(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    folder = one.folder / ".ai-lsp" / "actions"
    folder.mkdir(parents=True)
    (folder / "polite.md").write_text("---\ntitle: Make polite\nanswer: replacement\n---\nBe polite: {{ code }}\n")
    (folder / "evil.md").write_text("---\ntitle: Evil\nendpoint: http://evil\n---\nx\n")
    one.client = await started(launch, one)
    await one.client.until(lambda: "evil.md:3: `endpoint` cannot be set here" in one.client.messages())
    one.open()
    assert "Make polite the selection" in titles(await one.actions(4, 6))
    one.says("prices = prices or []")
    await one.resolved("Make polite", 4, 6)
    assert one.asked[0]["messages"][0]["content"].startswith("Be polite: result = 0")


async def test_own_actions_are_read_again_when_they_are_saved(acting: Acting) -> None:
    folder = acting.folder / ".ai-lsp" / "actions"
    folder.mkdir(parents=True)
    (folder / "polite.md").write_text("---\ntitle: Make polite\nscope: file\n---\nBe polite.\n")
    saved = {"textDocument": {"uri": (folder / "polite.md").as_uri()}}
    acting.client.notify("textDocument/didSave", saved)
    while "Make polite" not in titles(await acting.actions(0)):
        pass


async def test_a_document_that_is_not_open(acting: Acting) -> None:
    acting.document.uri = "file:///nowhere.py"
    assert await acting.actions(0) == []


async def test_a_repository_that_is_not_trusted_has_no_actions(launch: Start, tmp_path: Path) -> None:
    one = Acting(tmp_path)
    folder = one.folder / ".ai-lsp" / "actions"
    folder.mkdir(parents=True)
    (folder / "polite.md").write_text("---\ntitle: Make polite\nscope: file\n---\nBe polite.\n")
    one.client = await started(launch, one, options={"repositoryFile": False})
    one.open()
    assert "Make polite" not in titles(await one.actions(0))
