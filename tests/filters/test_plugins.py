"""Filters of installed packages: found by their entry points, and passed over when they fail or are slow."""

import logging
import sys
import threading
from importlib.metadata import EntryPoint

import pytest

from ai_lsp.filters.decision import Decision
from ai_lsp.filters.plugins import Plugin, plugins
from ai_lsp.filters.standard import Services, chain_from, filters_from
from ai_lsp.options import FilterOptions
from tests.filters.texts import place

WHERE = place("python", "x = ", "\n")
MODULE = '''
from ai_lsp.filters.decision import Decision

def no_swearing(text, place):
    """Keeps back bad words."""
    if "damn" in text:
        return Decision("anything", "", f"bad word in {place.language}")
    return Decision("anything", text)
'''
ENTRY_POINTS = """
[ai_lsp.filters]
no_swearing = acme_filters:no_swearing
blank = acme_filters:no_swearing
missing = acme_filters:no_such_thing
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A distribution as pip leaves it."""
    (tmp_path / "acme_filters.py").write_text(MODULE)
    info = tmp_path / "acme_filters-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-filters\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("acme_filters", None)


def patient(name, value):
    """A plugin that is waited for, so that nothing depends on how busy the machine is."""
    return Plugin(name, EntryPoint(name, value, "ai_lsp.filters"), patience=60)


def test_an_installed_package_brings_filters(installed):
    found = filters_from(FilterOptions(), Services())
    assert list(found)[-3:] == ["acme-filters/blank", "missing", "no_swearing"]
    assert found["no_swearing"].origin == "acme-filters 1.2"
    assert found["no_swearing"].__doc__ == "A filter of acme-filters 1.2."
    assert "no_swearing" not in chain_from(FilterOptions(off=("no_swearing",))).filters


def test_nothing_is_imported_before_it_is_wanted(installed):
    filters_from(FilterOptions(), Services())
    assert "acme_filters" not in sys.modules


def test_they_are_the_same_after_a_change_of_options(installed):
    assert plugins(frozenset())["no_swearing"] is plugins(frozenset())["no_swearing"]


def test_its_decision_counts_under_its_own_name(installed):
    plugin = patient("no_swearing", "acme_filters:no_swearing")
    assert plugin("damn", WHERE) == Decision("no_swearing", "", "bad word in python")
    assert plugin("fine", WHERE) == Decision("no_swearing", "fine")


def raising(text, where):
    raise ValueError("broken")


def returning(text, where):
    return text


WENT_ON = threading.Event()


def hanging(text, where):
    WENT_ON.wait()
    return Decision("hanging", "")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (f"{__name__}:raising", "failed with ValueError('broken')"),
        (f"{__name__}:returning", "returned 'a' and no Decision"),
        (f"{__name__}:no_such_thing", "failed with AttributeError"),
        ("no_such_module:f", "failed with ModuleNotFoundError"),
    ],
)
def test_one_that_fails_is_passed_over_and_told_once(value, said, caplog):
    plugin = patient("mine", value)
    with caplog.at_level(logging.WARNING):
        assert [plugin("a", WHERE) for _ in range(3)] == [Decision("mine", "a")] * 3
    assert caplog.text.count(said) == 1
    assert caplog.text.count("was passed over") == 1


def test_one_that_hangs_is_passed_over_and_told_once(caplog):
    plugin = patient("hanging", f"{hanging.__module__}:hanging")
    plugin.load = lambda: hanging
    with caplog.at_level(logging.WARNING):
        plugin._loaded, plugin._patience = True, 0.0
        assert [plugin("a", WHERE) for _ in range(3)] == [Decision("hanging", "a")] * 3
    WENT_ON.set()
    assert caplog.text.count("took longer than 0 ms") == 1
