import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ai_lsp.cli import main
from ai_lsp.models import optimise as optimise_module
from ai_lsp.models import store, tuning
from ai_lsp.models.store import ModelError
from ai_lsp.models.tuning import Tuning
from tests.models.fake_hub import FakeHub

SPEED = {"prefill_tps": 400.0, "warm_ms": 20.0, "decode_ms": 6.0, "score_ms": 240.0, "agreement": 1.0}
FAST = {**SPEED, "prefill_tps": 900.0, "decode_ms": 5.0, "score_ms": 150.0, "agreement": 0.95}
TUNING = Tuning(
    threads=2,
    threads_batch=4,
    ubatch=256,
    flash_attn=True,
    prefill_tps=900.0,
    decode_ms=5.0,
    quant="Q8_0",
    agreement=0.95,
    measured=(
        {"file": "Q4_1", "verdict": "original", **SPEED},
        {"file": "Q8_0", "verdict": "chosen", **FAST},
        {"file": "Q4_0", "verdict": "failed: crashed with signal 11"},
        {"threads": 1, **SPEED},
    ),
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["models", *arguments])


def test_list_of_nothing_says_what_to_do() -> None:
    done = run("list")
    assert done.exit_code == 0
    assert "no model is installed; run: ai-lsp models pull" in done.output
    assert "qwen2.5-coder-3b" in done.output
    assert "Qwen-Research (non-commercial use only)" in done.output


def test_list_shows_what_is_installed(gguf: Path) -> None:
    run("pull", str(gguf), "--name", "mine", "--no-optimise")
    assert "not measured" in run("list").output
    tuning.save(store.model_dir("mine") / "tuning.json", TUNING)
    assert "900 tokens/s" in run("list").output
    gguf.unlink()
    assert "gone:" in run("list").output


def test_list_as_json(gguf: Path) -> None:
    run("pull", str(gguf), "--name", "mine", "--no-optimise")
    (row,) = json.loads(run("list", "--json").output)
    assert (row["name"], row["path"], row["tuning"]) == ("mine", str(gguf), None)


def test_path_prints_nothing_but_the_path(gguf: Path) -> None:
    run("pull", str(gguf), "--name", "mine", "--no-optimise")
    assert run("path", "MINE").stdout == f"{gguf}\n"


def test_path_of_what_is_not_installed() -> None:
    done = run("path", "smollm2-135m")
    assert done.exit_code == 1
    assert "run: ai-lsp models pull smollm2-135m" in done.output
    assert "Traceback" not in done.output


def test_pull_twice_fetches_once(hub: FakeHub) -> None:
    assert run("pull", hub.url, "--no-optimise").exit_code == 0
    done = run("pull", hub.url, "--no-optimise")
    assert "already installed" in done.output
    assert len(hub.asked) == 1
    run("pull", hub.url, "--no-optimise", "--force")
    assert len(hub.asked) == 2


def test_failed_pull_is_one_clear_message(hub: FakeHub) -> None:
    hub.statuses = [404]
    done = run("pull", hub.url)
    assert done.exit_code == 1
    assert done.output.startswith("Error: there is nothing at")


def test_remove_keeps_a_file_of_ones_own(gguf: Path) -> None:
    run("pull", str(gguf), "--name", "mine", "--no-optimise")
    assert run("remove", "Mine").output == "removed mine (0 MB freed)\n"
    assert gguf.exists()
    assert run("remove", "mine").exit_code == 1


def test_pull_optimises_once(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, bool]] = []

    def fake(model: object, *, gpu_layers: int, force: bool, say: object) -> Tuning:
        calls.append((gpu_layers, force))
        return TUNING

    monkeypatch.setattr(optimise_module, "optimise", fake)
    done = run("pull", hub.url, "--gpu-layers", "5")
    assert calls == [(5, True)]
    assert "Q8_0 answers in 150 ms instead of 240 ms" in done.output
    assert "prefill 400 -> 900 tokens/s, decode 6.0 -> 5.0 ms/token" in done.output
    assert "same next token at 95.0% of the places" in done.output
    assert "crashed with signal 11" in done.output


def test_failed_optimise_does_not_undo_the_pull(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ModelError("cannot measure it")

    monkeypatch.setattr(optimise_module, "optimise", fail)
    done = run("pull", hub.url)
    assert done.exit_code == 0
    assert "was not optimised: cannot measure it" in done.output
    assert len(store.installed()) == 1


def test_nothing_gained_is_said() -> None:
    from ai_lsp.cli.models import _gain

    same = Tuning(1, 1, 512, False, 400.0, 6.0, "Q4_1", measured=TUNING.measured[:1])
    assert _gain(same).startswith("the file as it is (Q4_1) is the best here; threads 1 (prefill 1)")


def test_import_is_quick_because_it_is_light() -> None:
    heavy = "{'httpx', 'llama_cpp', 'numpy', 'rich'}"
    code = f"import sys, ai_lsp.cli.models; print([*{heavy}.intersection(sys.modules)])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pull_tells_other_programs_how_far_it_is(hub: FakeHub, models_home: Path) -> None:
    done = run("pull", hub.url, "--no-optimise", "--json")
    assert done.exit_code == 0
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert told[-1]["done"] == told[-1]["total"] == len(hub.content)
    assert {tuple(one) for one in told} == {("what", "done", "total")}


def test_optimising_tells_other_programs_what_it_does(
    gguf: Path, models_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def optimise(*_model: object, say: Callable[[str], None], **_rest: object) -> Tuning:
        say("measuring")
        return TUNING

    monkeypatch.setattr(optimise_module, "optimise", optimise)
    done = run("pull", str(gguf), "--json")
    assert '{"step": "measuring"}' in done.stderr.splitlines()
    assert "Q8_0 answers in 150 ms" in done.stdout


def test_the_catalogue_as_json() -> None:
    rows = json.loads(run("list", "--json", "--catalogue").output)
    assert rows[0]["name"] == "smollm2-135m"
    assert {"name", "title", "size_mb", "ram_mb", "licence", "licence_note", "fim", "good_for"} <= set(rows[0])
