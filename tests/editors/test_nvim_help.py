"""The plugin's help file, options, commands and health check agree with its code."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.nvim import PLUGIN, PROGRAM, Editor
from tests.editors.settings import isolated, needs_neovim

pytestmark = needs_neovim

HELP = (PLUGIN / "doc" / "ai-lsp.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("help")
    with isolated(folder):
        editor = Editor(folder)
        yield editor
    editor.close()


def test_every_link_leads_somewhere(tmp_path: Path, editor: Editor) -> None:
    (tmp_path / "ai-lsp.txt").write_text(HELP)
    subprocess.run([*PROGRAM, "--headless", "--clean", "-c", f"helptags {tmp_path}", "-c", "qa!"], check=True)
    runtime = Path(str(editor.nvim.eval("$VIMRUNTIME"))) / "doc" / "tags"
    if not runtime.exists():
        pytest.skip("this Neovim was installed without its own help")
    tags = [line.split("\t")[0] for path in (tmp_path / "tags", runtime) for line in path.read_text().splitlines()]
    links = re.findall(r"\|([^|\s]+)\|", HELP)
    assert len(links) > 10
    assert set(links) <= set(tags)


def test_every_option_and_key_is_in_the_help(editor: Editor) -> None:
    options = editor.lua('return vim.tbl_keys(require("ai_lsp.config").get())')
    keys = editor.lua('return require("ai_lsp.config").defaults.keys')
    for name in (*options, *keys):
        assert re.search(rf"^ +{name} = ", HELP, re.MULTILINE), name
    for name, key in keys.items():
        assert re.search(rf"^    {re.escape(key)} +{name} ", HELP, re.MULTILINE), name


def test_every_command_is_in_the_help(editor: Editor) -> None:
    names = editor.nvim.funcs.getcompletion("AiLsp ", "cmdline")
    assert {"why", "stats", "log", "model", "toggle"} <= set(names)
    for name in names:
        assert re.search(rf"^:AiLsp {name}\b", HELP, re.MULTILINE), name
    assert editor.nvim.funcs.getcompletion("AiLsp to", "cmdline") == ["toggle"]
    assert editor.nvim.funcs.getcompletion("AiLsp toggle ", "cmdline") == ["all"]


def test_models_are_completed(editor: Editor) -> None:
    assert "smollm2-135m" in editor.nvim.funcs.getcompletion("AiLsp model ", "cmdline")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keyss": {}}, 'there is no option "keyss", but: automatic, cmd,'),
        ({"popup": "show"}, 'popup must be "hide" or "keep", not "show"'),
        ({"cmd": "ai-lsp serve"}, 'cmd must be a table, not "ai-lsp serve"'),
        ({"keys": {"acept": "<Tab>"}}, 'there is no key "acept"; see :help ai-lsp-keys'),
    ],
)
def test_a_wrong_option_is_said(editor: Editor, options: dict[str, object], message: str) -> None:
    said = editor.lua('local ok, err = pcall(require("ai_lsp").setup, ...) return ok or err', options)
    assert message in said


def test_health(editor: Editor) -> None:
    editor.nvim.command("checkhealth ai_lsp")
    report = "\n".join(editor.lines)
    for line in ("version", f"starts as: {sys.executable}", "accept: <Tab>", "model: smollm2-135m"):
        assert line in report, report
    assert "is not set up" not in report
    assert "ERROR" not in report, report


def test_an_unknown_subcommand_is_said(editor: Editor) -> None:
    editor.nvim.command("AiLsp wy")
    assert "there is no :AiLsp wy, but: disable, enable" in editor.messages
