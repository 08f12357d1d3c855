"""From imports to files, a table a language; the tree of a case is all of its files, left empty."""

from pathlib import Path

import pytest

from ai_lsp.context.definitions.modules import Importer, files_of, joined, siblings
from tests.context.definitions.tree import plant


def found(root: Path, language: str, file: str, module: str, folders: tuple[str, ...] = ()) -> list[str]:
    importer = Importer(root / file, root, tuple(root.parent / folder for folder in folders))
    return [path.relative_to(root.parent).as_posix() for path in files_of(language, module, importer)]


def grow(tmp_path: Path, files: str) -> Path:
    plant(tmp_path, dict.fromkeys(files.split(), ""))
    (tmp_path / "ws").mkdir(exist_ok=True)
    return tmp_path / "ws"


PYTHON = [
    # files, importer, module, expected
    ("ws/a.py ws/b.py", "a.py", "b", "ws/b.py"),
    ("ws/pkg/__init__.py ws/pkg/a.py ws/pkg/b.py", "pkg/a.py", "pkg.b", "ws/pkg/b.py"),
    ("ws/pkg/__init__.py ws/pkg/a.py ws/pkg/b.py", "pkg/a.py", ".b", "ws/pkg/b.py"),
    ("ws/pkg/__init__.py ws/pkg/a.py", "pkg/a.py", ".", "ws/pkg/__init__.py"),
    ("ws/pkg/sub/a.py ws/pkg/b/__init__.py", "pkg/sub/a.py", "..b", "ws/pkg/b/__init__.py"),
    ("ws/src/pkg/__init__.py ws/tests/t.py", "tests/t.py", "pkg", "ws/src/pkg/__init__.py"),
    ("ws/lib/pkg/__init__.py ws/lib/pkg/a.py ws/lib/pkg/b.py", "lib/pkg/a.py", "pkg.b", "ws/lib/pkg/b.py"),
    ("ws/space/deep/mod.py ws/a.py", "a.py", "space.deep.mod", "ws/space/deep/mod.py"),
    ("site/requests/__init__.py ws/a.py", "a.py", "requests", "site/requests/__init__.py"),
    ("site/fast.pyi ws/a.py", "a.py", "fast", "site/fast.pyi"),
    ("site/yaml-stubs/__init__.pyi ws/a.py", "a.py", "yaml", "site/yaml-stubs/__init__.pyi"),
    ("site/both.py site/both.pyi ws/a.py", "a.py", "both", "site/both.py site/both.pyi"),
    ("site/json.py ws/json.py ws/a.py", "a.py", "json", "ws/json.py"),
    ("ws/a.py secret.py", "a.py", "..secret", ""),
    ("ws/a.py", "a.py", ".........deep", ""),
    ("ws/a.py", "a.py", "missing.module", ""),
    ("ws/a.py", "a.py", "", ""),
    ("ws/a.py", "a.py", "a\0b", ""),
    ("ws/a.py", "a.py", "x" * 5000, ""),
]


@pytest.mark.parametrize(("files", "file", "module", "expected"), PYTHON)
def test_python(tmp_path, files, file, module, expected):
    root = grow(tmp_path, files)

    assert found(root, "python", file, module, ("stdlib", "site")) == expected.split()


ECMASCRIPT = [
    ("ws/a.ts ws/b.ts", "a.ts", "./b", "ws/b.ts"),
    ("ws/a.ts ws/b.tsx", "a.ts", "./b", "ws/b.tsx"),
    ("ws/a.ts ws/b.ts", "a.ts", "./b.js", "ws/b.ts"),
    ("ws/a.js ws/b.js", "a.js", "./b.js", "ws/b.js"),
    ("ws/x/a.ts ws/b/index.ts", "x/a.ts", "../b", "ws/b/index.ts"),
    ("ws/a.ts ws/b.d.ts ws/b.js", "a.ts", "./b", "ws/b.d.ts ws/b.js"),
    ("ws/x/a.ts ws/x/index.ts", "x/a.ts", ".", "ws/x/index.ts"),
    ("ws/a.ts ws/b.test.ts", "a.ts", "./b.test", "ws/b.test.ts"),
    ("ws/a.ts ws/node_modules/p/index.d.ts", "a.ts", "p", "ws/node_modules/p/index.d.ts"),
    ("ws/x/y/a.ts ws/node_modules/@s/p/sub.d.ts", "x/y/a.ts", "@s/p/sub", "ws/node_modules/@s/p/sub.d.ts"),
    ("ws/a.ts ws/node_modules/@types/p/index.d.ts", "a.ts", "p", "ws/node_modules/@types/p/index.d.ts"),
    ("ws/a.ts ws/node_modules/@types/s__p/index.d.ts", "a.ts", "@s/p", "ws/node_modules/@types/s__p/index.d.ts"),
    ("ws/a.ts ws/node_modules/@types/node/fs.d.ts", "a.ts", "node:fs", "ws/node_modules/@types/node/fs.d.ts"),
    ("ws/a.ts node_modules/p/index.d.ts", "a.ts", "p", "node_modules/p/index.d.ts"),
    ("ws/a.ts secret.ts", "a.ts", "../secret", ""),
    ("ws/a.ts", "a.ts", "/etc/passwd", ""),
    ("ws/a.ts", "a.ts", "./missing", ""),
    ("ws/a.ts", "a.ts", "", ""),
    ("ws/a.ts", "a.ts", "../../../../../../../..", ""),
]


@pytest.mark.parametrize(("files", "file", "module", "expected"), ECMASCRIPT)
def test_ecmascript(tmp_path, files, file, module, expected):
    root = grow(tmp_path, files)

    assert found(root, "typescript", file, module) == expected.split()


TSCONFIG = [
    ('{"compilerOptions": {"baseUrl": "src"}}', "lib/b", "ws/src/lib/b.ts"),
    ('{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["src/*"]}}}', "@/lib/b", "ws/src/lib/b.ts"),
    ('{"compilerOptions": {"paths": {"@/*": ["./src/*"], "b": ["./src/lib/b"]}}}', "b", "ws/src/lib/b.ts"),
    ('// note\n{"compilerOptions": {/* " */ "paths": {"@/*": ["./src/*",],},},}', "@/lib/b", "ws/src/lib/b.ts"),
    ('{"extends": "./base", "compilerOptions": {}}', "~/lib/b", "ws/src/lib/b.ts"),
    ('{"extends": ["./base.json"]}', "~/lib/b", "ws/src/lib/b.ts"),
    ('{"extends": "./tsconfig.json"}', "~/lib/b", ""),
    ('{"compilerOptions": {"paths": 3, "baseUrl": []}}', "lib/b", ""),
    ('{"compilerOptions": {"paths": {"@/*": "src", "@/lib/*": [7]}}}', "@/lib/b", ""),
    ("[1, 2", "lib/b", ""),
    ("", "lib/b", ""),
]


@pytest.mark.parametrize(("config", "module", "expected"), TSCONFIG)
def test_paths_of_tsconfig(tmp_path, config, module, expected):
    base = '{"compilerOptions": {"paths": {"~/*": ["./src/*"]}}}'
    root = plant(
        tmp_path / "ws", {"tsconfig.json": config, "base.json": base, "src/x/a.ts": "", "src/lib/b.ts": ""}
    )

    assert found(root, "typescript", "src/x/a.ts", module) == expected.split()


PACKAGES = [
    ('{"types": "dist/m.d.ts"}', "p", "dist/m.d.ts", "dist/m.d.ts"),
    ('{"typings": "./t.d.ts"}', "p", "t.d.ts", "t.d.ts"),
    ('{"main": "lib/m.js"}', "p", "lib/m.js lib/m.d.ts", "lib/m.d.ts lib/m.js"),
    ('{"exports": "./m.mjs"}', "p", "m.mjs m.d.mts", "m.d.mts m.mjs"),
    ('{"exports": {".": {"import": {"types": "./i.d.ts"}}}}', "p", "i.d.ts", "i.d.ts"),
    ('{"exports": {"types": "./t.d.ts", "default": "./t.js"}}', "p", "t.d.ts", "t.d.ts"),
    ('{"exports": {"./sub": {"types": "./d/s.d.ts"}}}', "p/sub", "d/s.d.ts", "d/s.d.ts"),
    ('{"exports": {"./x/*": "./d/*.js"}}', "p/x/s", "d/s.d.ts", "d/s.d.ts"),
    ('{"exports": [null, {"default": ["./m.d.ts"]}]}', "p", "m.d.ts", "m.d.ts"),
    ('{"exports": {"./sub": null}, "types": 1}', "p/sub", "m.d.ts", ""),
    ('{"exports": "../../../secret.ts"}', "p", "m.d.ts", ""),
    ("not json", "p", "index.d.ts", "index.d.ts"),
]


@pytest.mark.parametrize(("manifest", "module", "files", "expected"), PACKAGES)
def test_types_of_packages(tmp_path, manifest, module, files, expected):
    package = tmp_path / "ws/node_modules/p"
    plant(package, {"package.json": manifest, **dict.fromkeys(files.split(), "")})
    plant(tmp_path, {"secret.ts": ""})

    names = found(tmp_path / "ws", "typescript", "a.ts", module)

    assert [name.removeprefix("ws/node_modules/p/") for name in names] == expected.split()


OTHERS = [
    # language, files with their content, importer, module, expected
    ("go", {"go.mod": "module example.com/app\n", "u/u.go": "", "u/u_test.go": ""}, "main.go",
     "example.com/app/u", "u/u.go"),
    ("go", {"go.mod": 'module "example.com/app"\n', "r.go": ""}, "cmd/main.go", "example.com/app", "r.go"),
    ("go", {"go.mod": "module m\n", "vendor/x.org/y/y.go": ""}, "main.go", "x.org/y", "vendor/x.org/y/y.go"),
    ("go", {"go.mod": "module m\n", "apple/a.go": ""}, "main.go", "mapple", ""),
    ("go", {"go.mod": "", "u/u.go": ""}, "main.go", "u", ""),
    ("go", {}, "main.go", "fmt", ""),
    ("rust", {"Cargo.toml": "", "src/a/b.rs": ""}, "src/main.rs", "crate::a::b", "src/a/b.rs"),
    ("rust", {"Cargo.toml": "", "src/a.rs": ""}, "src/main.rs", "crate::a::Thing", "src/a.rs"),
    ("rust", {"Cargo.toml": "", "src/a/mod.rs": ""}, "src/x/y.rs", "crate::a", "src/a/mod.rs"),
    ("rust", {"Cargo.toml": "", "src/lib.rs": ""}, "src/x.rs", "crate::Thing", "src/lib.rs"),
    ("rust", {"src/x/child.rs": ""}, "src/x.rs", "self::child", "src/x/child.rs"),
    ("rust", {"src/child.rs": ""}, "src/main.rs", "child", "src/child.rs"),
    ("rust", {"src/z.rs": "", "src/x.rs": ""}, "src/x.rs", "super::z", "src/z.rs"),
    ("rust", {"src/q.rs": ""}, "src/x/y.rs", "super::super::q", "src/q.rs"),
    ("rust", {"crates/my-lib/src/lib.rs": ""}, "app/src/main.rs", "my_lib::Thing", "crates/my-lib/src/lib.rs"),
    ("rust", {}, "src/main.rs", "std::collections::HashMap", ""),
    ("rust", {}, "src/main.rs", "super::super::super::super::super::super::super::super::a", ""),
    ("rust", {}, "src/main.rs", "", ""),
    ("java", {"src/main/java/a/b/C.java": ""}, "src/main/java/a/D.java", "a.b.C", "src/main/java/a/b/C.java"),
    ("java", {"src/main/java/a/C.java": ""}, "src/test/java/a/T.java", "a.C", "src/main/java/a/C.java"),
    ("java", {"a/C.java": ""}, "a/D.java", "a.C.Inner", "a/C.java"),
    ("java", {"lib/src/main/java/a/C.java": ""}, "lib/src/test/java/a/T.java", "a.C",
     "lib/src/main/java/a/C.java"),
    ("java", {}, "a/D.java", "java.util.List", ""),
    ("java", {}, "a/D.java", "..", ""),
    ("csharp", {"Models/User.cs": ""}, "Api/Home.cs", "App.Models.User", "Models/User.cs"),
    ("csharp", {"src/App/User.cs": ""}, "src/Web/Home.cs", "App.User", "src/App/User.cs"),
    ("csharp", {}, "Home.cs", "System.Text", ""),
    ("c", {"src/u.h": ""}, "src/main.c", "u.h", "src/u.h"),
    ("c", {"include/p/u.h": ""}, "src/main.c", "p/u.h", "include/p/u.h"),
    ("cpp", {"src/p/u.hpp": ""}, "tests/t.cpp", "p/u.hpp", "src/p/u.hpp"),
    ("c", {}, "src/main.c", "stdio.h", ""),
    ("c", {}, "src/main.c", "../../../../../etc/hostname", ""),
    ("ruby", {"lib/a/b.rb": ""}, "lib/a/c.rb", "b", "lib/a/b.rb"),
    ("ruby", {"lib/a/b.rb": ""}, "lib/a/c.rb", "./b", "lib/a/b.rb"),
    ("ruby", {"lib/a/b.rb": ""}, "spec/a_spec.rb", "a/b", "lib/a/b.rb"),
    ("ruby", {}, "a.rb", "json", ""),
    ("php", {"composer.json": '{"autoload": {"psr-4": {"App\\\\": "src/"}}}', "src/M/U.php": ""}, "src/H.php",
     "App\\M\\U", "src/M/U.php"),
    ("php", {"composer.json": '{"autoload-dev": {"psr-4": {"T\\\\": ["x", "t"]}}}', "t/U.php": ""}, "t/V.php",
     "\\T\\U", "t/U.php"),
    ("php", {"composer.json": '{"autoload": {"psr-4": [1]}, "autoload-dev": 3}'}, "a.php", "App\\U", ""),
    ("php", {"inc/u.php": ""}, "a.php", "inc/u.php", "inc/u.php"),
    ("plaintext", {"a.txt": ""}, "b.txt", "a", ""),
]  # fmt: skip


@pytest.mark.parametrize(("language", "files", "file", "module", "expected"), OTHERS)
def test_other_languages(tmp_path, language, files, file, module, expected):
    root = plant(tmp_path / "ws", {**files, file: ""})

    names = found(root, language, file, module)

    assert [name.removeprefix("ws/") for name in names] == expected.split()


@pytest.mark.parametrize(
    ("language", "file", "name", "expected"),
    [
        ("go", "p/a.go", "Thing", ["p/b.go"]),
        ("java", "p/A.java", "B", ["p/B.java"]),
        ("csharp", "p/A.cs", "B", ["p/B.cs"]),
        ("php", "p/A.php", "B", ["p/B.php"]),
        ("python", "p/a.py", "b", []),
        ("java", "p/A.java", "../B", []),
    ],
)
def test_what_needs_no_import(tmp_path, language, file, name, expected):
    files = ["p/a.go", "p/b.go", "p/b_test.go", "p/A.java", "p/B.java", "p/A.cs", "p/B.cs", "p/B.php", "p/b.py"]
    root = plant(tmp_path, dict.fromkeys(files, ""))

    found = siblings(language, name, Importer(root / file, root))

    assert [path.relative_to(root).as_posix() for path in found] == expected


@pytest.mark.parametrize(
    ("language", "module", "name", "expected"),
    [
        ("python", "a.b", "c", "a.b.c"),
        ("python", ".", "c", ".c"),
        ("python", "..a", "c", "..a.c"),
        ("rust", "crate::a", "b", "crate::a::b"),
        ("php", "App", "U", "App\\U"),
        ("java", "", "U", "U"),
    ],
)
def test_joined(language, module, name, expected):
    assert joined(language, module, name) == expected
