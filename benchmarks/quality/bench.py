"""The engine for the peers' recipes: our decoding, stop rules and filters, with room for their prompts."""

from __future__ import annotations

import time
from dataclasses import replace

from ai_lsp.completion import stop
from ai_lsp.completion.ending import ending
from ai_lsp.completion.fim import Texts, layout_for
from ai_lsp.completion.place import Place
from ai_lsp.completion.request import Settings, settings_from
from ai_lsp.completion.signals import Signals
from ai_lsp.completion.trigger import Action, trigger
from ai_lsp.engine.generate import Generator, Limits
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.llama import LlamaContext, LlamaModel
from ai_lsp.engine.model_info import ModelInfo
from ai_lsp.engine.prompt import Prompt, PromptChoice
from ai_lsp.engine.speed import Speed
from ai_lsp.filters import confidence
from ai_lsp.host import engine_settings
from ai_lsp.models.store import resolve
from ai_lsp.options import ModelOptions, Options
from benchmarks.quality.recipes.view import Parts

_CELLS = 8192


class Bench:
    """A model in this thread. It decides and decodes as `Pipeline` does, but the prompt is somebody else's."""

    def __init__(self, name: str) -> None:
        found = resolve(name)
        options = Options(model=ModelOptions(name=name, context_tokens=_CELLS, sequences=1))
        settings = engine_settings(options.model, found).context
        self._model = LlamaModel(found.path, gpu_layers=settings.gpu_layers)
        self._generator = Generator(self._model, LlamaContext(self._model, settings), Speed())
        self._info = ModelInfo.read(self._generator, found.name)
        self._generator.vocabulary.ends |= set(self._info.fim.values())
        self._settings: Settings = settings_from(options)
        self.prompt_tokens: list[int] = []
        self.seconds: list[float] = []

    @property
    def fim(self) -> bool:
        """Whether the model fills in the middle."""
        return bool(self._info.fim)

    def count(self, text: str) -> int:
        """Return how many tokens `text` has."""
        return len(self._generator.vocabulary.tokens(text))

    def suggest(self, place: Place, signals: Signals, parts: Parts) -> str:
        """Return what would be shown for `place` with this prompt; empty for nothing."""
        settings = self._settings
        if trigger(place, signals, manual=False, rules=settings.trigger).action is Action.SILENT:
            return ""
        begin = time.perf_counter()
        generation = self._generate(place, parts)
        self.seconds.append(time.perf_counter() - begin)
        self.prompt_tokens.append(generation.counts.prompt)
        raw = stop.safe_prefix(generation.text, generation.finished)
        text, _ = settings.filters.run(raw, place)
        doubt = confidence.doubt(generation.first_logprob, settings.min_first_probability)
        return "" if doubt is not None else text

    def _generate(self, place: Place, parts: Parts) -> Generation:
        settings = self._settings
        stop_at = ending(
            place, multiline=settings.multiline, max_lines=settings.max_lines, least=settings.min_probability
        )
        generation = Generation()
        choice = PromptChoice(self._layout(parts), lambda chars: self._layout(shortened(parts, chars)))
        self._generator.generate(choice, Limits(stop_at, settings.max_tokens), generation)
        return generation

    def _layout(self, parts: Parts) -> Prompt:
        return layout_for(self._info)(Texts(parts.files, parts.prefix, parts.suffix), self._info.fim)

    def close(self) -> None:
        """Free the model."""
        self._generator.context.close()
        self._model.close()


def shortened(parts: Parts, chars: int) -> Parts:
    """Return the parts within `chars`: files go first, from their beginning on, then the prefix's start."""
    room, files = chars - len(parts.prefix), list(parts.files)
    while files and sum(map(len, files)) > max(0, room):
        over = sum(map(len, files)) - max(0, room)
        first = files.pop(0)
        if len(first) > over:
            files.insert(0, first[over:])
    return replace(parts, files=tuple(files), prefix=parts.prefix[max(0, len(parts.prefix) - chars) :])
