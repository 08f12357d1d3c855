"""One question: what is sent of it, with a model that answers what it is told to."""

from pathlib import Path

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.actions.fitting import tokens_of
from ai_lsp.chat.conversation import Conversation
from ai_lsp.chat.lookup import Block, Lookup
from ai_lsp.chat.talk import system, talk, wish_for
from ai_lsp.providers.chat import Part
from tests.scripted import ScriptedModel

SECRET = "AKIA" + "Z7Q4M2X9C5V8B3N6"
PART = Part("other_files", "/r/a.py")


def block(text, name="a.py"):
    return Block(name, text, "python", Part("other_files", f"/r/{name}"))


def used(wish):
    return sum(tokens_of(message.content) for message in wish.messages) + wish.max_tokens


async def test_the_way_of_a_question(tmp_path):
    (tmp_path / "a.py").write_text(f'x = "{SECRET}"\n')
    model, pieces = ScriptedModel(["<think>hm</think>It is x."]), []
    lookup = Lookup(tmp_path, lambda path: path.read_text().splitlines(keepends=True))
    answer = await talk(f"What is @file:a.py? {SECRET}", Conversation("c"), lookup, model, pieces.append)
    assert (answer.text, answer.model) == ("It is x.", "scripted")
    assert answer.question == "What is @file:a.py? <secret>"
    assert answer.parts == (Part("other_files", str(tmp_path / "a.py")),)
    [wish] = model.wishes
    assert SECRET not in repr(wish)
    assert [message.role for message in wish.messages] == ["system", "user"]
    assert wish.messages[1].content == ('a.py:\n```python\nx = "<secret>"\n```\n\nWhat is @file:a.py? <secret>')
    assert wish.repository == str(tmp_path)


async def test_what_is_named_and_not_there():
    with pytest.raises(Refused, match="there is no file"):
        await talk("@file:a.py", Conversation("c"), Lookup(Path("/nowhere")), ScriptedModel([""]))


def test_what_was_said_before_goes_with_it():
    conversation = Conversation("c").with_turn("one", "two").with_turn("three", "four")
    wish = wish_for("five", conversation, [], 4000, "")
    assert [message.content for message in wish.messages] == [system(), "one", "two", "three", "four", "five"]


def test_the_oldest_goes_first_where_it_does_not_fit():
    conversation = Conversation("c")
    for number in range(40):
        conversation = conversation.with_turn(f"question {number}", "answer " * 50)
    wish = wish_for("now", conversation, [], 2000, "")
    assert used(wish) <= 2000
    kept = [message.content for message in wish.messages if message.content.startswith("question")]
    assert kept and kept[-1] == "question 39" and "question 0" not in kept
    assert wish.messages[1].role == "user"


def test_long_blocks_are_cut_and_short_ones_are_not():
    short, long = block("y = 2\n", "b.py"), block("x = 1\n" * 5000)
    wish = wish_for("what?", Conversation("c"), [long, short], 2000, "")
    assert used(wish) <= 2000
    assert "y = 2" in wish.messages[-1].content
    assert wish.messages[-1].content.count("x = 1") > 200
    assert wish.parts == (long.part, short.part)


def test_a_block_for_which_there_is_no_room_is_not_declared():
    wish = wish_for("word " * 200, Conversation("c"), [block("x = 1\n" * 100)], 620, "")
    assert wish.parts == ()


def test_a_question_that_is_too_long():
    with pytest.raises(Refused, match="too long for the model, which can read 1000 tokens"):
        wish_for("word " * 2000, Conversation("c"), [], 1000, "")


def test_fences_in_a_block():
    wish = wish_for("what?", Conversation("c"), [block("```\nx\n```\n")], 2000, "")
    assert "````python\n```\nx\n```\n````" in wish.messages[-1].content


async def test_secrets_in_what_is_selected_are_replaced():
    model = ScriptedModel(["ok"])
    await talk("Why?", Conversation("c"), Lookup(), model, shown=[block(f'x = "{SECRET}"\n')])
    assert SECRET not in repr(model.wishes) and "<secret>" in model.wishes[0].messages[-1].content
