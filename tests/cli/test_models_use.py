"""`ai-lsp models use`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from gguf import PoolingType

from ai_lsp.cli import main
from ai_lsp.config import load
from tests.ranking.bert import write_bert

TEAM = '[[providers]]\nname = "team"\nurl = "https://models.example.com/v1"\n'


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AI_LSP_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text(TEAM)
    return tmp_path / "config.toml"


def use(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["models", "use", *arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize("model", ["smollm2-135m", "local:smollm2-135m", "local", "team:qwen3"])
def test_it_is_written(model: str, file: Path) -> None:
    assert use("edit", model) == f"edit = {model} ({file})\n"
    assert load().options.roles.edit == model
    assert file.read_text().startswith(TEAM)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("qwen2.5-coder-7b", "ai-lsp models pull qwen2.5-coder-7b"),
        ("taem:qwen3", "no provider is called 'taem'; there are local, team"),
        ("/nowhere/a.gguf", "cannot read the model file"),
    ],
)
def test_what_cannot_be_used_is_not_written(model: str, message: str, file: Path) -> None:
    assert message in use("chat", model, code=1)
    assert file.read_text() == TEAM


def test_a_role_that_is_not_there() -> None:
    assert "'paint' is not one of" in use("paint", "local", code=2)


def test_what_is_stronger_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_LSP_ROLES_CHAT", "local")
    assert "but environment says otherwise, which wins" in use("chat", "team:qwen3")


def test_a_role_that_needs_no_model(file: Path) -> None:
    assert use("embed", "local") == f"embed = local ({file})\n"
    assert use("rerank", "team:bge-reranker") == f"rerank = team:bge-reranker ({file})\n"
    assert load().options.roles.rerank == "team:bge-reranker"
    assert use("embed", "none") == f"embed = none ({file})\n"
    assert load().options.roles.embed == ""
    assert "no model is called 'none'" in use("chat", "none", code=1)


def test_only_a_reranker_orders_and_only_orders(file: Path, tmp_path: Path) -> None:
    assert "smollm2-135m does not compare texts: choose a reranker" in use("rerank", "local", code=1)
    reranker = write_bert(tmp_path / "reranker.gguf", PoolingType.RANK)
    assert "reranker only compares texts: it can be the model of rerank" in use("embed", str(reranker), code=1)
    assert file.read_text() == TEAM
    assert use("rerank", str(reranker)) == f"rerank = {reranker} ({file})\n"
    embedder = write_bert(tmp_path / "embedder.gguf", PoolingType.CLS)
    assert use("embed", str(embedder)) == f"embed = {embedder} ({file})\n"
