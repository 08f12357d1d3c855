from __future__ import annotations

from pathlib import Path

import pytest

from ai_lsp.licences.evidence import own_names
from tests.licences.packages import SITE, Workspace, code, wheel

GPL_TEXT = "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n"
MIT_TEXT = "Permission is hereby granted, free of charge, to any person obtaining a copy\n"


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: MIT OR GPL-3.0-only\nLicense: Apache-2.0", "MIT OR GPL-3.0-only"),
        ("License: MIT", "MIT"),
        (
            "License: GPL\nClassifier: License :: OSI Approved :: GNU General Public License v2 (GPLv2)",
            "GPL-2.0-only",
        ),
        ("License: see the web\nClassifier: License :: OSI Approved :: MIT License", "MIT"),
        (
            "Classifier: License :: OSI Approved :: MIT License\n"
            "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
            "GPL-3.0-only OR MIT",
        ),
        ("License: LGPLv3+", "LGPL-3.0-or-later"),
        ("Classifier: Programming Language :: Python", "unknown"),
    ],
)
def test_metadata_of_python_packages(tmp_path: Path, metadata: str, licence: str) -> None:
    workspace = Workspace(tmp_path, wheel("one", metadata, {"one/a.py": code("a")}))
    workspace.build()
    assert workspace.licences() == {"one/a.py": licence}


def test_without_metadata_the_texts_beside_it_count(tmp_path: Path) -> None:
    one = wheel("one", "", {"one/a.py": code("a")}) | {f"{SITE}/one-1.0.dist-info/licenses/COPYING": GPL_TEXT}
    two = wheel("two", "", {"two/b.py": code("b")}) | {f"{SITE}/two/LICENSE.txt": GPL_TEXT}
    workspace = Workspace(tmp_path, one, two)
    workspace.build()
    assert workspace.licences() == {"one/a.py": "GPL-3.0-only", "two/b.py": "GPL-3.0-only"}


def test_what_is_nearest_to_a_file_counts(tmp_path: Path) -> None:
    files = {
        "one/a.py": code("a"),
        "one/b.py": "# SPDX-License-Identifier: GPL-2.0-only\n" + code("b"),
        "one/_vendor/two/c.py": code("c"),
    }
    package = wheel("one", "License: LGPL-3.0-only", files)
    texts = {f"{SITE}/one/LICENSE": GPL_TEXT, f"{SITE}/one/_vendor/two/LICENSE": MIT_TEXT}
    workspace = Workspace(tmp_path, package, texts)
    workspace.build()
    assert workspace.licences() == {
        "one/a.py": "LGPL-3.0-only",
        "one/b.py": "GPL-2.0-only",
        "one/_vendor/two/c.py": "MIT",
    }


def test_packages_of_other_languages(tmp_path: Path) -> None:
    files = {
        "node_modules/a/package.json": '{"name": "a", "version": "1.2", "license": "AGPL-3.0"}',
        "node_modules/a/dist/package.json": '{"type": "module"}',
        "node_modules/a/dist/a.js": code("a"),
        "node_modules/b/package.json": '{"name": "b", "licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]}',
        "node_modules/b/b.js": code("b"),
        "node_modules/c/package.json": "{broken",
        "node_modules/c/c.js": code("c"),
        "sub/vendor/d/Cargo.toml": '[package]\nname = "d"\nlicense = "MIT/Apache-2.0"\n',
        "sub/vendor/d/src/d.rs": code("d"),
        "vendor/e/composer.json": '{"name": "e", "license": ["LGPL-2.1-only", "GPL-3.0-only"]}',
        "vendor/e/e.php": code("e"),
        "third_party/f/COPYING": GPL_TEXT,
        "third_party/f/src/f.c": code("f"),
    }
    workspace = Workspace(tmp_path, files)
    workspace.build()
    assert workspace.licences() == {
        "node_modules/a/dist/a.js": "AGPL-3.0-only",
        "node_modules/b/b.js": "GPL-2.0-only OR MIT",
        "node_modules/c/c.js": "unknown",
        "sub/vendor/d/src/d.rs": "MIT OR Apache-2.0",
        "vendor/e/e.php": "GPL-3.0-only OR LGPL-2.1-only",
        "third_party/f/src/f.c": "GPL-3.0-only",
    }
    packages = {Path(source.path).name: source.package for source in workspace.table().sources}
    assert packages == {"a.js": "a 1.2", "e.php": "e", "f.c": "f"}


def test_older_metadata_without_a_record(tmp_path: Path) -> None:
    files = {
        f"{SITE}/one-1.0.egg-info/PKG-INFO": "Name: one\nVersion: 1.0\nLicense: GPLv3\n",
        f"{SITE}/one-1.0.egg-info/top_level.txt": "uno\n",
        f"{SITE}/uno/a.py": code("a"),
        f"{SITE}/due.py": code("b"),
    }
    workspace = Workspace(tmp_path, files)
    workspace.build()
    assert workspace.licences() == {"uno/a.py": "GPL-3.0-only", "due.py": "unknown"}


def test_own_names(tmp_path: Path) -> None:
    assert own_names(tmp_path) == set()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "My.Own_Thing"\n')
    (tmp_path / "package.json").write_text('{"name": "@me/thing"}')
    assert own_names(tmp_path) == {"my-own-thing", "@me/thing"}
