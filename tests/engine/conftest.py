from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_lsp.engine.generate import Generator
from ai_lsp.engine.llama import ContextSettings, LlamaContext, LlamaModel
from ai_lsp.engine.speed import Speed
from ai_lsp.engine.vocabulary import Vocabulary
from ai_lsp.models.store import ModelNotFound, resolve


@pytest.fixture(scope="session")
def model_path() -> Path:
    try:
        return resolve("smollm2-135m").path
    except ModelNotFound as error:
        pytest.fail(f"the tests need the real default model; run: make model ({error})")


@pytest.fixture(scope="session")
def model(model_path: Path) -> Iterator[LlamaModel]:
    loaded = LlamaModel(model_path)
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def vocabulary(model: LlamaModel) -> Vocabulary:
    return Vocabulary(model)


@pytest.fixture
def generator(model: LlamaModel) -> Iterator[Generator]:
    context = LlamaContext(model, ContextSettings(cells=2048, sequences=3, threads=2))
    yield Generator(model, context, Speed())
    context.close()
