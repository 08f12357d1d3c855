"""Which files belong to a file by their names: its tests or their subject, its header or its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import PurePosixPath

_TEST_NAMES = (
    re.compile(r"(?:test_|tests_)(.+)"),
    re.compile(r"(.+?)(?:_test|_tests|_spec|_unittest|-test|-spec)"),
    re.compile(r"(.+)\.(?:test|spec|cy|stories|e2e)"),
    re.compile(r"([A-Z].*?)(?:Tests?|Spec|IT|TestCase)"),
    re.compile(r"Test([A-Z].*)"),
)
_SCRIPT = ("ts", "tsx", "js", "jsx", "mjs", "cjs", "vue", "svelte")
_TESTS_OF: dict[str, tuple[str, ...]] = {
    "py": ("test_{}", "{}_test"),
    "go": ("{}_test",),
    "rb": ("{}_spec", "{}_test", "test_{}"),
    "rs": ("{}", "{}_test", "test_{}"),
    "ex": ("{}_test",),
    "dart": ("{}_test",),
    "lua": ("{}_spec", "test_{}"),
    **dict.fromkeys(_SCRIPT, ("{}.test", "{}.spec", "{}-test")),
    **dict.fromkeys(
        ("java", "kt", "scala", "groovy", "cs", "php", "swift"), ("{}Test", "{}Tests", "{}Spec", "{}IT")
    ),
    **dict.fromkeys(("c", "cc", "cpp", "cxx"), ("test_{}", "{}_test", "{}_unittest", "{}Test")),
}
"""How the tests of a file are called, by its suffix."""
_TEST_SUFFIXES = {"ex": ("exs",), **dict.fromkeys(_SCRIPT, _SCRIPT[:4])}
_SUBJECT_SUFFIXES = {"exs": ("ex",), **dict.fromkeys(_SCRIPT, _SCRIPT)}
_HEADERS, _SOURCES = ("h", "hpp", "hh", "hxx"), ("c", "cc", "cpp", "cxx", "m", "mm", "cu")
_OTHER_HALF = {
    **dict.fromkeys(_HEADERS, _SOURCES),
    **dict.fromkeys(_SOURCES, _HEADERS),
    "ml": ("mli",),
    "mli": ("ml",),
    "py": ("pyi",),
    "pyi": ("py",),
}
_TEST_FOLDERS = ("tests", "test", "spec", "__tests__", "Tests")
_SUBJECT_FOLDERS = ("src", "lib", "app", "main")
_MOST = 200

Folder = tuple[str, ...]


def subject_stem(stem: str) -> str | None:
    """Return the stem of the file that a file of this stem tests; None when it is no test."""
    return next((found[1] for pattern in _TEST_NAMES if (found := pattern.fullmatch(stem))), None)


def kin(path: PurePosixPath, tops: Sequence[str] = ()) -> list[PurePosixPath]:
    """Return where the tests, the subject, the header or the source of a file may be, likely places first.

    `path` is relative to the workspace folder, `tops` are the folders in that which may hold code, such as `pkg`
    and `src/pkg`. Most of the places do not exist; there are no more than 200.
    """
    suffix, stem, folder = path.suffix[1:].lower(), path.stem, path.parent.parts
    found = list(_other_half(stem, suffix, folder))
    subject = subject_stem(stem)
    in_tests = any(part in _TEST_FOLDERS for part in folder)
    if subject is not None or (in_tests and suffix == "rs"):
        names = [f"{subject or stem}.{one}" for one in _SUBJECT_SUFFIXES.get(suffix, (suffix,))]
        found += _joined(_subject_folders(folder, tops), names)
    else:
        suffixes = _TEST_SUFFIXES.get(suffix, (suffix,))
        ordered = sorted(suffixes, key=lambda one: one != suffix)
        names = [f"{form.format(stem)}.{one}" for form, one in product(_TESTS_OF.get(suffix, ()), ordered)]
        found += _joined(_folders_of_tests(folder), names)
    return [one for one in dict.fromkeys(found) if one != path][:_MOST]


def _joined(folders: Iterable[Folder], names: Sequence[str]) -> Iterator[PurePosixPath]:
    for folder in dict.fromkeys(folders):
        for name in names:
            yield PurePosixPath(*folder, name)


def _other_half(stem: str, suffix: str, folder: Folder) -> Iterator[PurePosixPath]:
    names = [f"{stem}.{one}" for one in _OTHER_HALF.get(suffix, ())]
    yield from _joined([folder], names)
    if names and suffix in _HEADERS + _SOURCES:
        old, new = ("include", "src") if suffix in _HEADERS else ("src", "include")
        yield from _joined(
            [*_swapped(folder, old, (new, "source", "lib")), (*folder, new), (*folder[:-1], new)], names
        )
        at = folder.index(old) if old in folder else -1
        if at >= 0:
            # include/project/x.h and src/x.c, and the other way about.
            yield from _joined([(*folder[:at], new), (*folder[:at], new, *folder[at + 2 :])], names)


def _folders_of_tests(folder: Folder) -> Iterator[Folder]:
    yield folder
    for tests in _TEST_FOLDERS[:4]:
        yield (*folder, tests)
    yield from _swapped(folder, "main", ("test",))
    for subject in _SUBJECT_FOLDERS[:3]:
        yield from _swapped(folder, subject, _TEST_FOLDERS[:3])
    for tests, skipped in product(_TEST_FOLDERS[:3], range(3)):
        yield (tests, *folder[skipped:])
        yield (tests, "unit", *folder[skipped:])
    if folder:
        yield (*folder[:-1], "tests")
        yield (folder[0] + ".Tests", *folder[1:])
    yield from ((tests,) for tests in _TEST_FOLDERS[:3])


def _subject_folders(folder: Folder, tops: Sequence[str]) -> Iterator[Folder]:
    yield folder
    yield from _swapped(folder, "test", ("main",))
    if folder and folder[0].endswith(".Tests"):
        yield (folder[0].removesuffix(".Tests"), *folder[1:])
    for at, part in enumerate(folder):
        if part in _TEST_FOLDERS:
            rest = folder[at + 1 :]
            rests = [rest, rest[1:]] if rest[:1] in (("unit",), ("integration",)) else [rest]
            for inner in rests:
                yield (*folder[:at], *inner)
                yield from ((*folder[:at], subject, *inner) for subject in _SUBJECT_FOLDERS[:3])
                yield from ((*top.split("/"), *inner) for top in tops if at == 0 and top not in _TEST_FOLDERS)


def _swapped(folder: Folder, old: str, new: Sequence[str]) -> Iterator[Folder]:
    """Return `folder` with one part of that name replaced."""
    for at, part in enumerate(folder):
        if part == old:
            yield from ((*folder[:at], one, *folder[at + 1 :]) for one in new)
