from __future__ import annotations

from pathlib import Path

from ai_lsp.completion.fim import layout_for, prefix_suffix_middle
from ai_lsp.engine.generate import Generator, Limits
from ai_lsp.engine.generation import Generation
from ai_lsp.engine.llama import ContextSettings, LlamaContext, LlamaModel
from ai_lsp.engine.model_info import ModelInfo, fim_tokens
from ai_lsp.engine.prompt import Prompt, PromptChoice
from ai_lsp.engine.speed import Speed


def test_a_model_without_fim_tokens(model: LlamaModel) -> None:
    assert fim_tokens(model) == {}


def test_fim_tokens_from_the_metadata(model_path: Path) -> None:
    names = {"pre": 7, "suf": 8, "mid": 9}
    overrides = {f"tokenizer.ggml.fim_{name}_token_id": token for name, token in names.items()}
    model = LlamaModel(model_path, overrides=overrides)
    context = LlamaContext(model, ContextSettings(sequences=1))
    generator = Generator(model, context, Speed())
    info = ModelInfo.read(generator, "default")
    assert {name: info.fim[name] for name in names} == names
    assert layout_for(info) is prefix_suffix_middle
    encoded = generator.encoder.encode(Prompt((7, "a = 1\n", 8, "\nb = 2\n", 9, "c"), " ="))
    assert [token for token in encoded.head.tolist() if token in (7, 8, 9)] == [7, 8, 9]
    out = Generation()
    prompt = Prompt((7, "a = 1\n", 8, "\nb = 2\n", 9))
    generator.generate(PromptChoice(prompt, lambda _chars: prompt), Limits(lambda _generation: None, 4), out)
    assert out.reason in ("end", "length")
    context.close()
    model.close()
