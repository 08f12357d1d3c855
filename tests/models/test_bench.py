import json
from pathlib import Path

import pytest

from ai_lsp.models import bench, bench_one, recipes
from ai_lsp.models.bench import BenchError, CrashError, Judgement, Settings, Speed
from ai_lsp.models.gguf import check_whole
from ai_lsp.models.store import InstalledModel


def test_score_is_a_keystroke_a_suggestion_and_a_share_of_a_cold_prompt() -> None:
    speed = Speed(prefill_tps=500.0, warm_ms=20.0, decode_ms=10.0)
    assert speed.score_ms == pytest.approx(20 + 12 * 10 + 0.1 * 768 / 500 * 1000)


def test_speed_takes_medians_so_that_one_stall_does_not_count() -> None:
    rounds = [[0.002, 0.02, 0.006, 1.0], [0.002, 0.02, 0.006, 1.0], [0.9, 0.9, 0.9, 1.0]]
    speed = bench.speed(rounds)
    assert (speed.prefill_tps, speed.warm_ms, speed.decode_ms) == pytest.approx((500, 20, 6))


def test_speed_leaves_out_disturbed_rounds_while_there_are_others() -> None:
    disturbed = [[0.9, 0.9, 0.9, 0.5], [0.8, 0.8, 0.8, 0.6], [0.7, 0.7, 0.7, 0.5]]
    assert bench.speed([*disturbed, [0.002, 0.02, 0.006, 0.99]]).prefill_tps == pytest.approx(500)
    assert bench.speed(disturbed).cpu_share == 0.5


def test_agreement_leaves_out_the_first_positions() -> None:
    one = Judgement(tuple(range(26)), 0.5)
    other = Judgement((*[0] * 16, *range(16, 24), 0, 0), 0.5)
    assert one.agreement(one) == 1.0
    assert one.agreement(other) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("cores", "counts"),
    [(1, [1]), (2, [1, 2]), (6, [1, 2, 3, 4, 6]), (20, [1, 2, 3, 4, 6, 8, 10, 12, 16, 20])],
)
def test_thread_counts(cores: int, counts: list[int]) -> None:
    assert bench.thread_counts(cores) == counts


def test_candidates_start_with_the_gentlest_for_few_bits_and_the_smallest_for_many() -> None:
    assert [recipe.name for recipe in recipes.candidates("Q4_1")][:2] == ["Q8_0-gate4", "Q8_0"]
    assert recipes.candidates("F16")[0] == recipes.IQ4_NL
    assert "Q8_0" not in [recipe.name for recipe in recipes.candidates("Q8_0")]


def test_requantised_copy_predicts_as_the_original(default_model: InstalledModel, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gguf"
    bench.quantise(default_model.path, copy, recipes.Q8_0, timeout=120)
    assert check_whole(copy).quant == "Q8_0"
    original = bench.judge(default_model.path, threads=2, gpu_layers=0, timeout=120)
    judgement = bench.judge(copy, threads=2, gpu_layers=0, timeout=120)
    assert judgement.agreement(original) > 0.95
    assert judgement.hits == pytest.approx(original.hits, abs=0.02)


def test_rounds_are_timed_for_each_setting(default_model: InstalledModel) -> None:
    settings = [Settings(1, 1, 64, True), Settings(2, 2, 64, False)]
    timings = bench.time_rounds(default_model.path, settings, 32, rounds=2, gpu_layers=0, seconds=30)
    assert [len(rounds) for rounds in timings] == [2, 2]
    assert all(value > 0 for rounds in timings for row in rounds for value in row)


def test_child_works_in_this_process_too(
    default_model: InstalledModel, capsys: pytest.CaptureFixture[str]
) -> None:
    request = {"verb": "time", "model": str(default_model.path), "settings": [[1, 1, 32, True]], "prompt": 16}
    bench_one.main(json.dumps({**request, "rounds": 3, "gpu_layers": 0, "seconds": 0}))
    ((rounds,),) = [json.loads(capsys.readouterr().out)]
    assert len(rounds) == 1, "without time left only the first round is run"


def test_model_that_cannot_be_loaded_is_an_error_of_the_child(gguf: Path) -> None:
    with pytest.raises(BenchError, match="ModelLoadError"):
        bench.judge(gguf, threads=1, gpu_layers=0, timeout=60)


def test_crash_of_the_child_is_told_from_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crash = tmp_path / "python"
    crash.write_text("#!/bin/sh\nkill -SEGV $$\n")
    crash.chmod(0o755)
    monkeypatch.setattr(bench.sys, "executable", str(crash))
    with pytest.raises(CrashError, match="crashed with signal 11"):
        bench.judge(tmp_path / "x.gguf", threads=1, gpu_layers=0, timeout=60)


def test_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hang = tmp_path / "python"
    hang.write_text("#!/bin/sh\nexec sleep 60\n")
    hang.chmod(0o755)
    monkeypatch.setattr(bench.sys, "executable", str(hang))
    with pytest.raises(BenchError, match="took longer"):
        bench.judge(tmp_path / "x.gguf", threads=1, gpu_layers=0, timeout=0.05)
