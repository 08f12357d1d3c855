"""What the trigger is worth, counted over outcomes that are written out."""

from __future__ import annotations

from benchmarks.quality.cases import Case
from benchmarks.quality.outcomes import Outcome
from benchmarks.quality.triggering import perfect, rows

BEFORE = "import os\n\n\ndef size(path):\n    "


def case(kind: str, prefix: str, cut: str, shown: str) -> tuple[Case, Outcome]:
    one = Case("package", "a.py", "python", kind, BEFORE + prefix, "\n", cut)
    return one, Outcome.of(one, shown)


def test_each_step() -> None:
    pairs = [
        case("line_rest", "return os.", "stat(path)", "stat(path)"),  # asked and right
        case("line_rest", "return os.", "getcwd()", "stat(path)"),  # asked and wrong
        case("line_rest", "size(path)", ".real", ".real"),  # right, and lost where a statement looks whole
        case("finished", "size(path)", "", ".real"),
        case("finished", "size(path)", "", ""),
        case("comment", "# what the path ", "is", "has"),
    ]
    found = {row.step: row for row in rows([one for one, _ in pairs], [outcome for _, outcome in pairs])}
    assert list(found) == ["none", "manual", "calm", "normal", "eager"]
    assert [(row.quiet, row.silent) for row in found.values()] == [(1, 3), (3, 3), (3, 3), (3, 3), (2, 3)]
    assert [(row.asked, row.wanted) for row in found.values()] == [(3, 3), (0, 3), (2, 3), (2, 3), (3, 3)]
    assert [(row.kept, row.right) for row in found.values()] == [(2, 2), (0, 2), (1, 2), (1, 2), (2, 2)]
    assert found["normal"].quiet_rate == 1
    assert found["normal"].lost_rate == 0.5


def test_a_perfect_model_leaves_all_to_the_trigger() -> None:
    cases = [case("line_rest", "return os.", "stat(path)", "")[0], case("finished", "size(path)", "", "")[0]]
    found = {row.step: row for row in rows(cases, perfect(cases))}
    assert (found["none"].quiet_rate, found["none"].lost_rate) == (0, 0)
    assert (found["normal"].quiet_rate, found["normal"].lost_rate) == (1, 0)
