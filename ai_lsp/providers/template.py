"""A conversation as the tokens that a model was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NoReturn

from jinja2 import Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ai_lsp.engine.llama import EngineError, LlamaModel
from ai_lsp.engine.model_info import token_text
from ai_lsp.providers.chat import Message

_START, _END = "\ue000", "\ue001"
"""Private characters around the number of a message, which stands for its text while the template is rendered."""


def prompt_tokens(model: LlamaModel, messages: Sequence[Message]) -> list[int]:
    """Return the tokens by the template in the model's own file, up to where the answer begins.

    What is in messages is never read as control tokens, so that no file that is quoted can end the user's turn.
    Raises EngineError for a model without a template, or one that cannot be used.
    """
    template = model.chat_template
    if not template:
        raise EngineError(
            f"{model.path.name} has no chat template: choose an instruction-tuned model for edit and chat"
        )
    bos = token_text(model, model.bos) if model.bos >= 0 else ""
    tokens: list[int] = []
    for piece, is_text in pieces(template, messages, bos):
        tokens += model.tokenize(piece, special=not is_text)
    if model.add_bos and model.bos >= 0 and tokens[:1] != [model.bos]:
        tokens.insert(0, model.bos)
    return tokens


def pieces(template: str, messages: Sequence[Message], bos: str = "") -> list[tuple[str, bool]]:
    """Return the rendered conversation in pieces, and of each whether it is the text of a message.

    Raises EngineError.
    """
    try:
        rendered = _render(template, messages, bos)
    except TemplateError as error:
        joined = _without_system(messages)
        if joined == list(messages):
            raise EngineError(f"the model's chat template cannot be used: {error}") from error
        return pieces(template, joined, bos)
    found: list[tuple[str, bool]] = []
    before, *others = rendered.split(_START)
    found.append((before, False))
    for other in others:
        number, _, after = other.partition(_END)
        found += [(messages[int(number)].content, True), (after, False)]
    return [(piece, is_text) for piece, is_text in found if piece]


def _render(template: str, messages: Sequence[Message], bos: str) -> str:
    """Render the template with numbers for texts. Raises TemplateError, also for whatever it does wrong."""
    turns = [
        {"role": message.role, "content": f"{_START}{number}{_END}"} for number, message in enumerate(messages)
    ]
    try:
        return _compiled(template).render(messages=turns, add_generation_prompt=True, bos_token=bos, eos_token="")
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise TemplateError(f"{type(error).__name__}: {error}") from error


@lru_cache(maxsize=4)
def _compiled(template: str) -> Template:
    # As in Hugging Face's apply_chat_template, for which the templates are written.
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals |= _GLOBALS
    return environment.from_string(template)


def _refuse(message: str) -> NoReturn:
    raise TemplateError(message)


def _without_system(messages: Sequence[Message]) -> list[Message]:
    """Put the system's words before the user's first: some templates have no place for them."""
    words = "\n\n".join(message.content for message in messages if message.role == "system")
    rest = [message for message in messages if message.role != "system"]
    if words and rest:
        rest[0] = Message(rest[0].role, f"{words}\n\n{rest[0].content}")
    return rest


_GLOBALS: Mapping[str, object] = {"raise_exception": _refuse}
