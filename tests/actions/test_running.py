"""One action from its subject to its edits, with a model that answers what it is told to."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.edits import applied
from ai_lsp.actions.forms.form import Surroundings
from ai_lsp.actions.running import Services, run
from ai_lsp.actions.subject import Told
from ai_lsp.licences.match import Match
from ai_lsp.providers.chat import NotAllowed, Part, ProviderError
from tests.actions.subjects import action, sight, subject
from tests.scripted import ScriptedModel

TEXT = "def even(n):\n    if n % 2 == 0:\n        return True\n    return False\n"
GOOD = "```python\ndef even(n):\n    return n % 2 == 0\n```\nThat is simpler, since it "
SECRET = "AKIA" + "Z7Q4M2X9C5V8B3N6"


async def simplified(model, text=TEXT, services=None, on_text=lambda _piece: None):
    about = subject("simplify", sight(text, 1), file="/r/a.py", root="/r")
    outcome = await run(action("simplify"), about, services or Services(model), on_text)
    return "".join(applied(about.text.lines, outcome.result.changes)), outcome


async def test_the_way_of_a_good_answer():
    model, pieces = ScriptedModel([GOOD + "and more " * 1000]), []
    text, outcome = await simplified(model, on_text=pieces.append)
    assert text == "def even(n):\n    return n % 2 == 0\n"
    assert (outcome.model, outcome.failure) == ("scripted", "")
    assert len("".join(pieces)) < len(GOOD)
    assert model.closed == 1
    [wish] = model.wishes
    assert wish.parts == (Part("code", "/r/a.py"),)
    assert (wish.repository, wish.temperature) == ("/r", 0.0)
    assert "if n % 2 == 0" in wish.messages[-1].content


async def test_another_try_is_told_why():
    model = ScriptedModel(["def odd(n):\n    return 1", GOOD])
    text, _outcome = await simplified(model)
    assert text == "def even(n):\n    return n % 2 == 0\n"
    assert "it no longer defines `even`." in model.wishes[1].messages[-1].content
    assert model.wishes[1].temperature > 0


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("def even(n):\n    return (n % 2", "is no python that can be parsed there"),
        (f'def even(n):\n    return "{SECRET}"', "looks like a password"),
        ("No, I am only a small model.", "has no code in it"),
    ],
)
async def test_two_bad_answers_are_shown_and_not_applied(answer, reason):
    model = ScriptedModel([answer])
    text, outcome = await simplified(model)
    assert text == TEXT and not outcome.result.changes
    assert len(model.wishes) == 2
    assert reason in outcome.failure and outcome.failure.startswith("the answer of scripted ")
    assert outcome.answer == answer


async def test_copied_code_is_not_applied():
    match = Match("gpl.py", "gpl", "GPL-3.0", 1, 9, 99)
    model = ScriptedModel([GOOD])
    _text, outcome = await simplified(
        model, services=Services(model, lambda text, _: match if "% 2 == 0" in text and "if" not in text else None)
    )
    assert "copies code that may not be copied: 9 lines (99 tokens) as in gpl.py:1" in outcome.failure


async def test_secrets_do_not_get_out_and_come_back():
    text = f'def key():\n    secret = "{SECRET}"\n    return secret\n'
    model = ScriptedModel(['def key():\n    return "<secret>"\n'])
    found, _outcome = await simplified(model, text)
    assert SECRET not in repr(model.wishes)
    assert found == f'def key():\n    return "{SECRET}"\n'


async def test_diagnostics_are_declared():
    model = ScriptedModel([GOOD])
    seen = sight(TEXT, 1, told=(Told(2, 2, "bad\n style"),))
    await run(action("fix"), subject("fix", seen, file="/r/a.py"), Services(model))
    assert model.wishes[0].parts == (Part("code", "/r/a.py"), Part("diagnostics", "/r/a.py"))
    assert "Line 3: bad style" in model.wishes[0].messages[-1].content


async def test_a_file_that_must_not_be_read_gets_no_further():
    model = ScriptedModel([GOOD])
    services = Services(model, surroundings=Surroundings(lambda path: path != Path("/r/a.py")))
    with pytest.raises(Refused, match="must not be read"):
        await simplified(model, services=services)
    assert model.wishes == []


async def test_a_model_that_fails():
    with pytest.raises(ProviderError, match="no route to host"):
        await simplified(ScriptedModel(["<error> no route to host"]))


async def test_cancelling_ends_the_models_work():
    begun = asyncio.Event()

    class Endless(ScriptedModel):
        async def wait(self):
            begun.set()
            await asyncio.Event().wait()

    model = Endless(["def even<slow>"])
    task = asyncio.create_task(simplified(model))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert model.closed == 1


async def test_a_new_file(tmp_path):
    told = replace(action("explain"), answer="file", file="docs/{{ name }}.md")
    about = subject("explain", sight(TEXT, 1), file=str(tmp_path / "a.py"), root=str(tmp_path))
    outcome = await run(told, about, Services(ScriptedModel(["# Even\nIt is."])))
    [file] = outcome.result.files
    assert (file.path, file.text) == (str(tmp_path / "docs" / "even.md"), "Even\nIt is.\n")


@pytest.mark.parametrize("name", ["../x.md", "/etc/x.md", ".git/x", "a.py"])
async def test_a_new_file_elsewhere_or_over_another(tmp_path, name):
    (tmp_path / "a.py").touch()
    told = replace(action("explain"), answer="file", file=name)
    about = subject("explain", sight(TEXT, 1), file=str(tmp_path / "a.py"), root=str(tmp_path))
    with pytest.raises(Refused):
        await run(told, about, Services(ScriptedModel(["text"])))


async def test_an_example_that_permissions_keep_back_is_left_out(tmp_path):
    class Strict(ScriptedModel):
        def stream(self, wish):
            if any(part.kind == "other_files" for part in wish.parts):
                raise NotAllowed("other files stay here")
            return super().stream(wish)

    (tmp_path / "tests").mkdir()
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "tests" / "test_other.py").write_text("def test_other():\n    assert other\n")
    about = subject("test", sight(TEXT, 1), file=str(tmp_path / "a.py"), root=str(tmp_path))
    model = Strict(["def test_even():\n    assert even(2)"])
    outcome = await run(action("test"), about, Services(model))
    assert outcome.result.files[0].path == str(tmp_path / "tests" / "test_a.py")
    [wish] = model.wishes
    assert wish.parts == (Part("code", str(tmp_path / "a.py")),)
    assert "other" not in wish.messages[-1].content
