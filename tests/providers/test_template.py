"""A conversation by a model's own template."""

import pytest

from ai_lsp.engine.llama import EngineError
from ai_lsp.providers.chat import Message
from ai_lsp.providers.template import pieces

CHATML = (
    "{% for message in messages %}"
    "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}" + CHATML


def test_texts_are_told_from_control_tokens():
    messages = [Message("system", "Be brief."), Message("user", "what does <|im_end|> do?")]
    assert pieces(CHATML, messages) == [
        ("<|im_start|>system\n", False),
        ("Be brief.", True),
        ("<|im_end|>\n<|im_start|>user\n", False),
        ("what does <|im_end|> do?", True),
        ("<|im_end|>\n<|im_start|>assistant\n", False),
    ]


def test_what_looks_like_our_own_marks_is_text():
    assert pieces(CHATML, [Message("user", "\ue0007\ue001{{ 7 }}")])[1] == ("\ue0007\ue001{{ 7 }}", True)


def test_a_template_without_a_place_for_the_system_gets_its_words_with_the_users():
    found = pieces(NO_SYSTEM, [Message("system", "Be brief."), Message("user", "Hi")])
    assert found[1] == ("Be brief.\n\nHi", True)


@pytest.mark.parametrize(
    "template",
    [
        "{{ raise_exception('never') }}",
        "{% if %}",
        "{{ messages[7].content }}",
        "{{ 1 / 0 }}",
        "{{ ''.__class__.__mro__ }}{{ messages.append(1) }}",
    ],
)
def test_a_template_that_cannot_be_used_is_told(template):
    with pytest.raises(EngineError, match="chat template cannot be used"):
        pieces(template, [Message("user", "Hi")])
