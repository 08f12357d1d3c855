import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ai_lsp.models import bench, machine, store, tuning
from ai_lsp.models import optimise as module
from ai_lsp.models.bench import BenchError, Judgement, Settings
from ai_lsp.models.optimise import optimise
from ai_lsp.models.recipes import Recipe
from ai_lsp.models.store import InstalledModel, Manifest, ModelError
from tests.models.fake_hub import make_gguf


class FakeBench:
    """Plays the child processes: what each file predicts and how fast it is, from two tables."""

    def __init__(self) -> None:
        self.agreement = {"Q8_0-gate4": 0.95, "Q8_0": 0.97, "Q8_0-ffn4": 0.9, "IQ4_NL": 0.8}
        self.speed = {"original": 1.0, "Q8_0-gate4": 0.5, "Q8_0": 0.6, "Q8_0-ffn4": 0.4, "IQ4_NL": 0.3}
        self.factor = {(512, True): 1.0}
        self.failing: dict[str, Exception] = {}
        self.made: list[str] = []
        self.now = 0.0
        self.cpu_share = 1.0
        self.turns = 0

    def quantise(self, source: Path, target: Path, recipe: Recipe, timeout: float) -> None:
        self.made.append(recipe.name)
        self.now += 1
        if recipe.name in self.failing:
            target.write_bytes(b"half a file")
            raise self.failing[recipe.name]
        target.write_bytes(make_gguf(1000 + len(self.made)))

    def judge(self, model: Path, threads: int, gpu_layers: int, timeout: float) -> Judgement:
        alike = round(1000 * self.agreement.get(model.stem, 1.0))
        return Judgement((0,) * (16 + alike) + (1,) * (1000 - alike), 0.5)

    def time_rounds(
        self, model: Path, settings: Sequence[Settings], prompt: int, rounds: int, gpu: int, seconds: float
    ) -> list[list[list[float]]]:
        if trouble := self.failing.get(f"{model.stem} with {len(settings)}"):
            raise trouble
        self.turns += model.stem == "Q8_0-gate4" and len(settings) == 1
        base = self.speed.get(model.stem, self.speed["original"])
        factors = [base * self.factor.get((s.ubatch, s.flash_attn), 1.1) / min(s.threads, 2) for s in settings]
        return [[[0.002 * factor, 0.02 * factor, 0.006 * factor, self.cpu_share]] * rounds for factor in factors]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeBench:
    played = FakeBench()
    for name in ("quantise", "judge", "time_rounds"):
        monkeypatch.setattr(bench, name, getattr(played, name))
    monkeypatch.setattr(machine, "usable_cores", lambda: 4)
    return played


@pytest.fixture
def model() -> InstalledModel:
    folder = store.models_dir() / "tiny"
    folder.mkdir(parents=True)
    content = make_gguf(900).replace(b"\x04\x00\x00\x00\x02\x00\x00\x00", b"\x04\x00\x00\x00\x03\x00\x00\x00")
    (folder / "tiny.gguf").write_bytes(content)
    return store.register(Manifest("tiny", "tiny.gguf", "pip:x==1", "MIT", "ab"))


def files(model: InstalledModel) -> list[str]:
    return sorted(path.name for path in model.original.parent.iterdir())


def verdicts(found: tuning.Tuning) -> dict[str, str]:
    return {row["file"]: row["verdict"] for row in found.measured if "file" in row}


def test_quickest_that_agrees_is_kept(fake: FakeBench, model: InstalledModel) -> None:
    fake.agreement["Q4_0"] = 0.5
    found = optimise(model)
    assert (found.quant, found.file) == ("Q8_0-gate4", "tiny.Q8_0-gate4.ai-lsp.gguf")
    assert found.agreement == pytest.approx(0.95)
    assert verdicts(found) == {
        "Q4_1": "original",
        "Q8_0-gate4": "chosen",
        "Q8_0": "not worth it beside the chosen one",
        "Q8_0-ffn4": "refused: agrees with the original at 90.0% of the places only",
        "Q4_0": "refused: agrees with the original at 50.0% of the places only",
        "IQ4_NL": "refused: agrees with the original at 80.0% of the places only",
    }
    assert files(model) == ["model.json", "tiny.Q8_0-gate4.ai-lsp.gguf", "tiny.gguf", "tuning.json"]
    loaded = store.resolve("tiny")
    assert loaded.path.name == found.file
    assert loaded.tuning == found


def test_fewest_threads_among_equals(fake: FakeBench, model: InstalledModel) -> None:
    found = optimise(model)
    assert (found.threads, found.threads_batch) == (2, 2)


def test_plain_settings_win_a_tie_and_lose_to_better_ones(fake: FakeBench, model: InstalledModel) -> None:
    fake.factor = {(512, True): 1.0, (128, False): 0.98}
    found = optimise(model)
    assert (found.ubatch, found.flash_attn) == (512, True)
    fake.factor = {(512, True): 1.0, (128, False): 0.9}
    found = optimise(model, force=True)
    assert (found.ubatch, found.flash_attn) == (128, False)
    assert found.prefill_tps == pytest.approx(1 / 0.002 / 0.5 / 0.9 * 2, abs=0.1)


def test_original_stays_when_no_copy_is_worth_it(fake: FakeBench, model: InstalledModel) -> None:
    fake.speed = dict.fromkeys(fake.speed, 0.97) | {"original": 1.0, "Q4_0": 0.97}
    found = optimise(model)
    assert (found.quant, found.file) == ("Q4_1", "")
    assert files(model) == ["model.json", "tiny.gguf", "tuning.json"]
    assert store.resolve("tiny").path == model.original


def test_among_those_about_as_quick_the_most_faithful_wins(fake: FakeBench, model: InstalledModel) -> None:
    fake.speed["Q8_0-gate4"] = 0.55
    assert optimise(model).quant == "Q8_0"


def test_candidate_that_crashes_is_passed_over(fake: FakeBench, model: InstalledModel) -> None:
    fake.failing["Q8_0-gate4"] = BenchError("crashed with signal 11")
    found = optimise(model)
    assert found.quant == "Q8_0"
    assert verdicts(found)["Q8_0-gate4"] == "failed: crashed with signal 11"


def test_candidate_that_crashes_while_it_is_timed_is_passed_over(fake: FakeBench, model: InstalledModel) -> None:
    fake.failing["Q8_0-gate4 with 1"] = BenchError("crashed with signal 4")
    found = optimise(model)
    assert found.quant == "Q8_0"
    assert verdicts(found)["Q8_0-gate4"] == "failed: crashed with signal 4"


def test_settings_that_crash_are_not_used(fake: FakeBench, model: InstalledModel) -> None:
    fake.failing["Q8_0-gate4 with 6"] = BenchError("crashed with signal 6")
    found = optimise(model)
    assert (found.quant, found.ubatch, found.flash_attn) == ("Q8_0-gate4", 512, True)
    assert {"settings": "failed: crashed with signal 6"} in found.measured


def test_original_that_cannot_be_timed_is_an_error(fake: FakeBench, model: InstalledModel) -> None:
    fake.failing["tiny with 1"] = BenchError("crashed with signal 4")
    with pytest.raises(ModelError, match="signal 4"):
        optimise(model)
    assert files(model) == ["model.json", "tiny.gguf"]


def test_measured_once_unless_forced_or_on_another_machine(
    fake: FakeBench, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = optimise(model)
    fake.made.clear()
    assert optimise(store.resolve("tiny")) == found
    assert fake.made == []
    optimise(store.resolve("tiny"), gpu_layers=7)
    assert fake.made
    fake.made.clear()
    monkeypatch.setattr(machine, "cpu_name", lambda: "another")
    optimise(store.resolve("tiny"))
    assert fake.made


def test_second_run_replaces_the_copy_of_the_first(fake: FakeBench, model: InstalledModel) -> None:
    optimise(model)
    fake.speed["Q8_0"] = 0.2
    assert optimise(store.resolve("tiny"), force=True).quant == "Q8_0"
    assert files(model) == ["model.json", "tiny.Q8_0.ai-lsp.gguf", "tiny.gguf", "tuning.json"]


def test_disturbed_files_are_timed_again_and_it_is_said(fake: FakeBench, model: InstalledModel) -> None:
    optimise(model)
    assert fake.turns == 3
    fake.turns, fake.cpu_share = 0, 0.5
    assert optimise(model, force=True).cpu_share == 0.5
    assert fake.turns == 6


@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), BenchError("crashed"), OSError(28, "disk full")])
def test_what_was_there_outlives_any_end(
    fake: FakeBench, model: InstalledModel, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    optimise(model)
    before = store.resolve("tiny")

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(module, "_best_settings", fail)
    with pytest.raises((ModelError, KeyboardInterrupt)):
        optimise(before, force=True)
    assert store.resolve("tiny") == before
    assert files(model) == ["model.json", "tiny.Q8_0-gate4.ai-lsp.gguf", "tiny.gguf", "tuning.json"]


def test_no_new_candidate_once_half_the_time_is_gone(fake: FakeBench, model: InstalledModel) -> None:
    found = optimise(model, clock=lambda: fake.now * 36)
    assert verdicts(found)["Q8_0"] == "not tried: no time left"
    assert fake.made == ["Q8_0-gate4"]
    assert found.quant == "Q8_0-gate4"


def test_no_candidate_without_disk_space(
    fake: FakeBench, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    found = optimise(model)
    assert (found.quant, fake.made) == ("Q4_1", [])


def test_recipe_that_changes_nothing_is_not_measured_twice(
    fake: FakeBench, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "quantise", lambda _, target, *__: target.write_bytes(make_gguf(1000)))
    assert verdicts(optimise(model))["Q8_0"] == "not tried: the same as another"


def test_file_of_ones_own_gets_its_copy_in_the_models_folder(fake: FakeBench, gguf: Path) -> None:
    mine = store.register(Manifest("mine", str(gguf), "file", "MIT", "ab"))
    found = optimise(mine)
    assert store.resolve("mine").path == store.models_dir() / "mine" / found.file
    assert [path.name for path in gguf.parent.glob("*.gguf")] == [gguf.name]
    store.remove("mine")
    assert gguf.exists()


def test_only_registered_models(fake: FakeBench, gguf: Path) -> None:
    with pytest.raises(ModelError, match="only a registered model"):
        optimise(store.resolve(str(gguf)))


def test_damaged_model(fake: FakeBench, model: InstalledModel) -> None:
    model.original.write_bytes(make_gguf(900)[:-40])
    with pytest.raises(ModelError, match="cannot measure"):
        optimise(replace(model, tuning=None))
