"""What may go where."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ai_lsp.config import Layer, merge
from ai_lsp.permissions.consent import REFUSED_SECONDS, Consent
from ai_lsp.permissions.errand import Errand
from ai_lsp.permissions.gate import Gate
from ai_lsp.permissions.table import KINDS, problems_in
from ai_lsp.providers.chat import NotAllowed, Part
from ai_lsp.providers.settings import ProviderSettings

TEAM = ProviderSettings("team", url="https://models.example.com/v1")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "inner").mkdir()
    return tmp_path / "repository"


async def yes(_question: str) -> bool:
    return True


async def refusal(tmp_path: Path, permissions: list[dict[str, object]], errand: Errand, **options: object) -> str:
    """Why the errand may not go to the team; empty when it may."""
    configuration = merge([Layer("config.toml", {"permissions": permissions, **options})])
    assert configuration.problems == ()
    assert problems_in(configuration.options.permissions) == []
    gate = Gate(Consent(tmp_path, yes), lambda path: path.name != ".env")
    gate.use(configuration.options)
    try:
        await gate.check(TEAM, errand)
    except NotAllowed as error:
        return str(error)
    return ""


def errand(repository: Path, *parts: Part) -> Errand:
    return Errand("chat", "qwen3", parts, str(repository))


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_is_allowed_by_default(kind, tmp_path, repository):
    told = await refusal(tmp_path, [], errand(repository, Part(kind)))
    assert told.startswith(f"not sent: nothing allows {kind} of {repository} to team: add to your own settings")
    assert f'provider = "team" and allow = ["{kind}"]' in told


async def test_what_the_user_types_needs_no_kind(tmp_path, repository):
    assert await refusal(tmp_path, [], errand(repository)) == ""


@pytest.mark.parametrize(
    ("permission", "sent"),
    [
        ({"provider": "team", "allow": ["code"]}, True),
        ({"provider": "team", "allow": ["all"]}, True),
        ({"provider": "team", "allow": ["git", "code"]}, True),
        ({"provider": "team", "allow": ["git"]}, False),
        ({"provider": "other", "allow": ["code"]}, False),
        ({"provider": "team", "allow": ["all"], "deny": ["code"]}, False),
        ({"provider": "team", "allow": ["all"], "deny": ["all"]}, False),
        ({"provider": "team", "allow": ["code"], "deny": ["git"]}, True),
    ],
)
async def test_one_table(permission, sent, tmp_path, repository):
    part = Part("code", str(repository / "a.py"))
    assert (await refusal(tmp_path, [permission], errand(repository, part)) == "") == sent


async def test_every_kind_must_be_allowed(tmp_path, repository):
    both = errand(repository, Part("code"), Part("git"))
    code = {"provider": "team", "allow": ["code"]}
    assert "nothing allows git" in await refusal(tmp_path, [code], both)
    assert await refusal(tmp_path, [code, {"provider": "team", "allow": ["git"]}], both) == ""


async def test_a_denial_is_stronger_wherever_it_stands(tmp_path, repository):
    tables = [{"deny": ["git"]}, {"provider": "team", "allow": ["all"]}]
    for written in (tables, tables[::-1]):
        assert "deny git" in await refusal(tmp_path, written, errand(repository, Part("git")))


async def test_by_repository(tmp_path, repository):
    inside, outside = Part("code", str(repository / "a.py")), Part("other_files", str(tmp_path / "lib" / "b.py"))
    here = [{"provider": "team", "allow": ["all"], "repositories": [str(repository)]}]
    assert await refusal(tmp_path, here, errand(repository, inside)) == ""
    assert await refusal(tmp_path, here, errand(tmp_path / "elsewhere", Part("code"))) != ""
    # A file of no repository, such as an installed package, belongs to the one that uses it.
    assert await refusal(tmp_path, here, errand(repository, outside)) == ""
    (tmp_path / "lib" / ".git").mkdir(parents=True)
    assert f"{outside.path} to team" in await refusal(tmp_path, here, errand(repository, outside))
    denied = [{"provider": "team", "allow": ["all"]}, {"deny": ["all"], "repositories": [f"{repository}/in*"]}]
    assert await refusal(tmp_path, denied, errand(repository, inside)) == ""
    assert "deny code" in await refusal(
        tmp_path, denied, errand(repository, Part("code", f"{repository}/inner/a"))
    )


async def test_all_denied_keeps_even_what_is_typed(tmp_path, repository):
    written = [{"provider": "team", "allow": ["all"]}, {"deny": ["all"], "repositories": [str(repository)]}]
    assert "deny team everything" in await refusal(tmp_path, written, errand(repository))


async def test_files_that_must_not_be_read_stay(tmp_path, repository):
    written = [{"provider": "team", "allow": ["all"]}]
    told = await refusal(tmp_path, written, errand(repository, Part("other_files", str(repository / ".env"))))
    assert "must not be read" in told


class TestTheRepositorysFile:
    ALL = ({"provider": "team", "allow": ["all"]},)

    @pytest.mark.parametrize(
        ("text", "sent"),
        [
            ('[[permissions]]\ndeny = ["code"]', False),
            ('[[permissions]]\nprovider = "team"\ndeny = ["all"]', False),
            ('[[permissions]]\nprovider = "other"\ndeny = ["all"]', True),
            ('[[permissions]]\ndeny = ["git"]', True),
            ('[[permissions]]\nprovider = "team"\nallow = ["code"]', True),
            ("permissions = 3", False),
            ('[[permissions]]\ndeny = ["kode"]', False),
            ("this is no TOML", False),
        ],
    )
    async def test_it_tightens(self, text, sent, tmp_path, repository):
        (repository / ".ai-lsp.toml").write_text(text)
        one = errand(repository, Part("code", str(repository / "inner" / "a.py")))
        assert (await refusal(tmp_path, list(self.ALL), one) == "") == sent

    async def test_it_cannot_loosen(self, tmp_path, repository):
        text = '[[permissions]]\nprovider = "team"\nallow = ["all"]'
        (repository / ".ai-lsp.toml").write_text(text)
        assert "nothing allows code" in await refusal(tmp_path, [], errand(repository, Part("code")))
        shared = Layer(
            str(repository / ".ai-lsp.toml"), {"permissions": [{"provider": "team", "allow": ["all"]}]}, False
        )
        configuration = merge([shared])
        assert [problem.name for problem in configuration.problems] == ["permissions.allow"]
        assert "only a user's own settings may set it" in configuration.problems[0].message
        assert configuration.options.permissions[0].values == {"provider": "team"}

    async def test_one_further_in_takes_nothing_back(self, tmp_path, repository):
        (repository / ".ai-lsp.toml").write_text('[[permissions]]\ndeny = ["code"]')
        (repository / "inner" / ".ai-lsp.toml").write_text("")
        assert "deny code" in await refusal(tmp_path, list(self.ALL), errand(repository / "inner", Part("code")))

    async def test_of_another_repository_from_which_something_is_sent(self, tmp_path, repository):
        other = tmp_path / "other"
        (other / ".git").mkdir(parents=True)
        (other / ".ai-lsp.toml").write_text('[[permissions]]\ndeny = ["other_files"]')
        one = errand(repository, Part("code", str(repository / "a.py")), Part("other_files", str(other / "b.py")))
        assert "deny other_files" in await refusal(tmp_path, list(self.ALL), one)

    async def test_it_is_left_alone_where_it_is_not_to_be_read(self, tmp_path, repository):
        (repository / ".ai-lsp.toml").write_text('[[permissions]]\ndeny = ["code"]')
        one = errand(repository, Part("code"))
        assert await refusal(tmp_path, list(self.ALL), one, repository_file=False) == ""


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"provider": "team", "allow": ["kode"]}, "'kode' is no kind of data; there are code, other_files"),
        ({"allow": ["code"]}, "allows something to nobody"),
        ({"provider": "team", "alow": ["code"]}, "unknown key `alow`; did you mean `allow`?"),
    ],
)
def test_what_is_wrong_is_told(table, problem):
    (told,) = problems_in(merge([Layer("config.toml", {"permissions": [table]})]).options.permissions)
    assert told.startswith("config.toml: [[permissions]] number 1: ")
    assert problem in told


class TestConsent:
    def consent(self, folder: Path, answers: list[bool], clock=lambda: 0.0) -> Consent:
        self.questions: list[str] = []

        async def ask(question: str) -> bool:
            self.questions.append(question)
            await asyncio.sleep(0)
            return answers.pop(0)

        return Consent(folder, ask, clock)

    async def test_a_yes_is_remembered(self, tmp_path):
        assert await self.consent(tmp_path, [True]).given(TEAM)
        assert "team (https://models.example.com/v1)" in self.questions[0]
        assert await self.consent(tmp_path, []).given(TEAM)

    async def test_another_url_is_another_question(self, tmp_path):
        consent = self.consent(tmp_path, [True, False])
        assert await consent.given(TEAM)
        assert not await consent.given(ProviderSettings("team", url="https://other.example.com/v1"))
        assert len(self.questions) == 2

    async def test_a_no_holds_for_a_while(self, tmp_path):
        now = 0.0
        consent = self.consent(tmp_path, [False, True], lambda: now)
        assert not await consent.given(TEAM)
        assert not await consent.given(TEAM)
        assert len(self.questions) == 1
        now = REFUSED_SECONDS + 1
        assert await consent.given(TEAM)

    async def test_many_at_once_are_one_question(self, tmp_path):
        consent = self.consent(tmp_path, [True])
        assert await asyncio.gather(*(consent.given(TEAM) for _ in range(10))) == [True] * 10
        assert len(self.questions) == 1

    async def test_it_stands_though_whoever_asked_has_gone(self, tmp_path):
        consent = self.consent(tmp_path, [True])
        first = asyncio.create_task(consent.given(TEAM))
        second = asyncio.create_task(consent.given(TEAM))
        while not self.questions:
            await asyncio.sleep(0)
        first.cancel()
        assert await second
        assert len(self.questions) == 1

    @pytest.mark.parametrize("text", ["", "{}", "[1]", "nonsense"])
    async def test_a_file_that_is_damaged_is_no_yes(self, text, tmp_path):
        (tmp_path / "confirmed.json").write_text(text)
        assert not await self.consent(tmp_path, [False]).given(TEAM)
