"""`ai-lsp filters`: what is on, and what rules find in files."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ai_lsp.cli import main
from ai_lsp.filters.ledger import Ledger
from ai_lsp.filters.tallies import Count

RULES = """
[[{table}]]
id = "acme-no-print"
languages = ["python"]
denied = ["print"]
message = "use the log"
severity = "low"
"""
BROKEN = """
[[{table}]]
id = "broken"
regex = "(a"
message = "a"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".ai-lsp.toml").write_text(RULES.format(table="filters.rules"))
    return tmp_path


def run(*arguments: str | Path):
    return CliRunner().invoke(main, ["filters", *map(str, arguments)], env={"AI_LSP_CONFIG": ""})


def test_every_filter_is_listed(root):
    lines = run("list", "--root", root).stdout.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["fim_tokens", "fence"]
    assert any(line.startswith("insecure       on   Cuts before insecure code") for line in lines)


def test_checks_are_listed(root, tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text("""
[[filters.checks]]
name = "tsc"
command = ["no-such-program-as-this"]

[[filters.checks]]
name = "rufff"
""")
    arguments = ["filters", "list", "--root", str(root)]
    result = CliRunner().invoke(main, arguments, env={"AI_LSP_CONFIG": str(settings)})
    lines = [line for line in result.stdout.splitlines() if line.startswith("check ")]
    assert lines[0] == (
        "check tsc      on   Orders what is asked for by hand in typescript, typescriptreact. "
        "(there is no program no-such-program-as-this on the PATH)"
    )
    assert lines[1].startswith("check ruff     off  Orders what is asked for by hand in python.")
    assert f"{settings}: check `rufff`: has no `command`" in result.stderr


def test_what_filters_did_lately_is_listed(root, tmp_path, monkeypatch):
    monkeypatch.setattr("ai_lsp.filters.ledger.default_path", lambda: tmp_path / "filters.sqlite")
    Ledger().add({"blank": Count(1200, 3, 40), "gate": Count(7, vetoed=2, failed=1), "check ruff": Count(5, 1)})
    lines = run("list", "--root", root).stdout.splitlines()
    ends = {line[:14].strip(): line.partition(" [")[2] for line in lines}
    assert ends["blank"] == "7 days: saw 1,200, changed 3, kept 40 back]"
    assert ends["gate"] == "7 days: saw 7, changed 0, kept 2 back, failed at 1]"
    assert ends["check ruff"] == "7 days: saw 5, changed 1, kept 0 back]"
    assert ends["fence"] == ""


def test_rules_are_listed_with_where_they_come_from(root):
    output = run("list", "--root", root, "--rules").stdout
    assert "  python-eval                  on   high    python: eval and exec run" in output
    assert f"  acme-no-print                on   low     python: use the log ({root / '.ai-lsp.toml'})" in output


def test_a_rule_that_cannot_be_used_is_told(root):
    with (root / ".ai-lsp.toml").open("a") as file:
        file.write(BROKEN.format(table="filters.rules"))
    assert f"{root / '.ai-lsp.toml'}: rule `broken`: `regex` cannot be used" in run("list", "--root", root).stderr


@pytest.mark.parametrize(("name", "table"), [(".ai-lsp.toml", "filters.rules"), ("team.toml", "rules")])
def test_check_shows_what_rules_find(tmp_path, name, table):
    (tmp_path / name).write_text(RULES.format(table=table))
    (tmp_path / "a.py").write_text("# print\nx = 1; print(x)\n")
    (tmp_path / "b.js").write_text("print(x)\n")
    (tmp_path / "c.py").write_bytes(b"\xff\x00print(x)")
    result = run("check", tmp_path / name, tmp_path)
    assert result.stdout == f"{tmp_path / 'a.py'}:2:8: low: acme-no-print: use the log\n"
    assert result.stderr == "1 rules can be used, 0 problems\n"
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BROKEN.format(table="rules"), "rule `broken`: `regex` cannot be used"),
        (BROKEN.format(table="filters.rules"), "rule `broken`: `regex` cannot be used"),
        ("[filters]\nrules = 5\n", "must be a list of tables, not 5"),
        ("[filters]\n", "there is no rule in it"),
        ("[[rules]\n", "is not valid TOML"),
    ],
)
def test_check_fails_when_a_rule_cannot_be_used(tmp_path, text, said):
    (tmp_path / "team.toml").write_text(text)
    result = run("check", tmp_path / "team.toml")
    assert said in result.stderr
    assert result.exit_code == 1
