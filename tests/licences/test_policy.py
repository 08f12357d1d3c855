from __future__ import annotations

import pytest

from ai_lsp.licences.policy import Policy, normal
from ai_lsp.options import LICENCES_ALLOWED


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("mit", True),
        ("GPL-3.0-or-later", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-2.0-only) AND (Apache-2.0 OR LGPL-3.0-only)", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("MPL-2.0", False),
        ("LicenseRef-Proprietary", False),
        ("LicenseRef-Public-Domain", True),
        ("unknown", True),
        ("whatever I like", False),
        ("", False),
    ],
)
def test_the_default_list(expression: str, allowed: bool) -> None:
    assert Policy(LICENCES_ALLOWED).allows(expression) == allowed


def test_patterns_and_older_names() -> None:
    policy = Policy(("LGPL-*", "gpl-2.0+"))
    assert policy.allows("LGPL-2.1-or-later")
    assert policy.allows("GPL-2.0-or-later")
    assert not policy.allows("GPL-2.0-only")
    assert not policy.allows("unknown")


def test_normal() -> None:
    assert normal("mit or gpl-2.0+") == "MIT OR GPL-2.0-or-later"
    assert normal("no licence at all, (really") == "no licence at all, (really"


def test_of_several_lists_all_must_allow() -> None:
    policy = Policy(("MIT", "GPL-*", "&", "MIT", "Apache-2.0"))
    assert policy.allows("MIT")
    assert not policy.allows("GPL-3.0-only")
    assert not policy.allows("Apache-2.0")
    assert policy.allows("Apache-2.0 OR MIT")


def test_an_empty_list_allows_nothing() -> None:
    assert not Policy(()).allows("MIT")
