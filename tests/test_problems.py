"""What is wrong with the settings is told once."""

from ai_lsp.config import Layer, merge
from ai_lsp.problems import Problems


async def test_options_and_rules_that_cannot_be_used_are_told_once():
    told: list[str] = []
    problems = Problems(told.append)
    rule = {"id": "broken", "regex": "(a", "message": "a"}
    configuration = merge([Layer("team.toml", {"filters": {"rules": [rule]}, "enable": True})])
    for _ in range(2):
        await problems.tell(configuration)
    assert len(told) == 2
    assert "unknown option `enable` in team.toml" in told[0]
    assert told[1].startswith("ai-lsp: team.toml: rule `broken`: `regex` cannot be used")


async def test_a_check_whose_program_is_not_there_is_told_once():
    told: list[str] = []
    problems = Problems(told.append)
    checks = [{"name": "tsc", "command": ["no-such-program-as-this"]}, {"name": "rufff"}]
    configuration = merge([Layer("mine.toml", {"filters": {"checks": checks}})])
    for _ in range(2):
        await problems.tell(configuration)
    assert len(told) == 2
    assert told[0].startswith("ai-lsp: mine.toml: check `rufff`: has no `command`")
    assert told[1].startswith("ai-lsp: check `tsc`: there is no program no-such-program-as-this on the PATH")
