from pathlib import PurePosixPath

import pytest

from ai_lsp.context.kin import kin, subject_stem

PAIRS = [
    ("pkg/a/b.py", "tests/a/test_b.py"),
    ("pkg/a/b.py", "tests/pkg/a/test_b.py"),
    ("pkg/b.py", "pkg/tests/test_b.py"),
    ("src/pkg/a/b.py", "tests/a/test_b.py"),
    ("pkg/b.py", "tests/unit/test_b.py"),
    ("b.py", "test_b.py"),
    ("src/app/x.ts", "src/app/x.test.ts"),
    ("src/app/x.tsx", "src/app/__tests__/x.test.tsx"),
    ("src/x.ts", "test/x.spec.ts"),
    ("cmd/x.go", "cmd/x_test.go"),
    ("src/main/java/org/Foo.java", "src/test/java/org/FooTest.java"),
    ("Shop/Prices/Bar.cs", "Shop.Tests/Prices/BarTests.cs"),
    ("lib/shop/x.rb", "spec/shop/x_spec.rb"),
    ("app/models/x.rb", "test/models/x_test.rb"),
    ("lib/shop/x.ex", "test/shop/x_test.exs"),
    ("src/x.rs", "tests/x.rs"),
    ("src/Foo.php", "tests/FooTest.php"),
    ("src/x.cc", "test/x_unittest.cc"),
    ("src/x.c", "src/x.h"),
    ("src/x.cpp", "include/x.hpp"),
    ("lib/x.ml", "lib/x.mli"),
]


@pytest.mark.parametrize(("subject", "other"), PAIRS)
def test_each_is_found_from_the_other(subject: str, other: str) -> None:
    tops = ("app", "lib", "pkg", "spec", "src", "test", "tests", "src/pkg")
    assert PurePosixPath(other) in kin(PurePosixPath(subject), tops)
    assert PurePosixPath(subject) in kin(PurePosixPath(other), tops)


STEMS = [
    ("test_x", "x"),
    ("x_test", "x"),
    ("x.spec", "x"),
    ("FooTest", "Foo"),
    ("FooTests", "Foo"),
    ("TestFoo", "Foo"),
    ("contest", None),
    ("testing", None),
    ("x", None),
    ("Test", None),
]


@pytest.mark.parametrize(("stem", "expected"), STEMS)
def test_what_a_test_is_called_after(stem: str, expected: str | None) -> None:
    assert subject_stem(stem) == expected


def test_a_file_without_a_suffix_has_no_kin() -> None:
    assert kin(PurePosixPath("Makefile")) == []


def test_there_are_no_more_than_200_places() -> None:
    assert len(kin(PurePosixPath("tests/x.test.ts"), [f"top{n}" for n in range(50)])) == 200
