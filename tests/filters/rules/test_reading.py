"""Rules from files and settings, and what is told about those that cannot be used."""

import pytest

from ai_lsp.filters.insecure import FOLDER, shipped
from ai_lsp.filters.own_rules import read_own
from ai_lsp.filters.rules.reading import read_file, read_tables
from ai_lsp.filters.rules.rule import Rule
from ai_lsp.option import Table

GOOD = {"id": "no-eval", "message": "use a table of functions", "regex": r"\beval\("}


def problem(**changes):
    table = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    reading = read_tables([table], "team.toml")
    assert reading.rules == ()
    return reading.problems[0]


def test_a_rule():
    table = {**GOOD, "languages": ["Python"], "unless": "safe", "severity": "high", "action": "veto"}
    assert read_tables([table], "team.toml").rules == (
        Rule(
            id="no-eval",
            message="use a table of functions",
            origin="team.toml",
            languages=frozenset({"python"}),
            severity="high",
            action="veto",
            regex=r"\beval\(",
            unless="safe",
        ),
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"regex": "(a"}, "rule `no-eval`: `regex` cannot be used: missing ): (a"),
        ({"regex": "a(?!b)"}, "say what must not be there as `unless`"),
        ({"regex": r"(a)\1"}, "no back references"),
        ({"regex": "(?:a{1000}){1000}"}, "`regex` cannot be used: invalid repetition size"),
        ({"regex": "[a-z]{1,900}" * 4}, "it is too large"),
        ({"regex": "a*"}, "it is found in any text"),
        ({"unless": "(a"}, "`unless` cannot be used: missing )"),
        ({"regex": None}, 'says not what to look for: write `regex`, `query` or `denied = ["a.name"]`'),
        ({"denied": ["a"]}, "make two rules of it"),
        ({"regex": None, "denied": "a"}, 'a list of texts: denied = ["a"]'),
        ({"regex": None, "denied": [""]}, "must be a list of texts"),
        ({"query": "(call) @match"}, 'has a `query` and no `languages`: write languages = ["python"]'),
        ({"query": "(cal) @match", "languages": ["python"]}, "cannot be used for python: Invalid node type"),
        ({"query": "(call)", "languages": ["python"]}, "captures nothing: write @match"),
        ({"query": "(call) @match", "languages": ["klingon"]}, "there is no grammar `klingon`"),
        ({"query": '((call) @m (#match? @m "a"))', "languages": ["python"]}, "must do without #match?"),
        ({"query": '((call) @m (#any-not-match? @m "a"))', "languages": ["python"]}, "must do without"),
        ({"regexp": "a"}, "unknown key `regexp`; did you mean `regex`?"),
        ({"origin": "elsewhere"}, "unknown key `origin`; the keys are id, message, languages"),
        ({"severity": "critical"}, "`severity` must be one of low, medium, high, not 'critical'"),
        ({"action": "keep"}, "`action` must be one of cut, veto"),
        ({"where": "comments"}, "`where` must be one of code, anywhere"),
        ({"message": None}, "has no `message`"),
        ({"message": "a\x1b[31m"}, "`message` must be one line"),
        ({"message": "a" * 3000}, "`message` is longer than 2000 characters"),
        ({"id": None}, "rule number 1: has no `id`"),
        ({"id": "No Eval"}, "`id` is made of"),
        ({"id": "a\x1bb"}, r"rule `a\x1bb`"),
        ({"regex": 5}, "`regex` must be a text"),
    ],
)
def test_what_is_wrong_is_told_with_file_rule_and_mend(changes, said):
    told = problem(**changes)
    assert told.startswith("team.toml: rule ")
    assert said in told


@pytest.mark.parametrize("tables", [{}, "a", 5, None])
def test_rules_are_a_list(tables):
    assert "write [[rules]] over each rule" in read_tables(tables, "team.toml").problems[0]


def test_the_others_hold():
    reading = read_tables([5, GOOD, GOOD, {**GOOD, "id": "other"}], "team.toml")
    assert [rule.id for rule in reading.rules] == ["no-eval", "other"]
    assert [told.partition(": ")[2] for told in reading.problems] == [
        "rule number 1: is no table: write [[rules]] over it",
        "rule `no-eval`: there is another one with this `id`: give it one of its own",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rules]\n", "is not valid TOML"),
        ("", "there is nothing in it; write [[rules]] over each rule"),
        ('[[rule]]\nid = "a"\n', "unknown `rule`; write [[rules]]"),
        ("rules = 5\n", "`rules` is no list"),
    ],
)
def test_a_file_that_is_none(tmp_path, text, said):
    file = tmp_path / "team.toml"
    file.write_text(text)
    assert read_file(file).problems[0].startswith(str(file))
    assert said in read_file(file).problems[0]


def test_a_file_that_cannot_be_read(tmp_path):
    assert "No such file" in read_file(tmp_path / "none.toml").problems[0]
    (tmp_path / "big.toml").write_bytes(b"#" * 600_000)
    assert "make several files of it" in read_file(tmp_path / "big.toml").problems[0]


def test_settings_of_several_places_hold_together():
    reading = read_own([Table("mine", GOOD), Table("repository", GOOD), Table("mine", {"id": "x"})])
    assert [(rule.id, rule.origin) for rule in reading.rules] == [("no-eval", "mine"), ("no-eval", "repository")]
    assert [told.partition(":")[0] for told in reading.problems] == ["mine"]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.name)
def test_our_own_rules_can_be_used(file):
    reading = read_file(file)
    assert reading.problems == ()
    assert reading.rules


def test_our_own_rules_have_ids_of_their_own():
    assert len({rule.id for rule in shipped()}) == len(shipped()) > 90
