from pathlib import Path

import pytest

from ai_lsp.context.definitions.interpreter import environment_for
from tests.context.definitions.tree import plant


def nothing(_name):
    return None


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An installed Python 3.11."""
    return plant(
        tmp_path / "usr",
        {"bin/python3": "", "lib/python3.11/os.py": "", "lib/python3.11/site-packages/global.py": ""},
    )


def venv(folder: Path, base: Path, extra: str = "") -> Path:
    config = f"home = {base}/bin\nversion = 3.11.7\n{extra}"
    return plant(folder, {"pyvenv.cfg": config, "lib/python3.11/site-packages/requests/__init__.py": ""})


def site(prefix: Path) -> Path:
    return prefix / "lib/python3.11/site-packages"


@pytest.mark.parametrize("name", [".venv", "venv"])
def test_a_virtual_environment_in_the_root(tmp_path, base, name):
    venv(tmp_path / "ws" / name, base)

    found = environment_for(tmp_path / "ws", {}, nothing)

    assert found.folders == (base / "lib/python3.11", site(tmp_path / "ws" / name))


def test_system_packages_where_the_environment_asks_for_them(tmp_path, base):
    venv(tmp_path / "ws/.venv", base, "include-system-site-packages = true\n")

    found = environment_for(tmp_path / "ws", {}, nothing)

    assert found.folders == (base / "lib/python3.11", site(base), site(tmp_path / "ws/.venv"))


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_an_active_environment(tmp_path, base, variable):
    assert environment_for(tmp_path, {variable: str(base)}, nothing).folders == (
        base / "lib/python3.11",
        site(base),
    )


def test_the_root_comes_before_the_active_environment(tmp_path, base):
    venv(tmp_path / "ws/.venv", base)

    found = environment_for(tmp_path / "ws", {"VIRTUAL_ENV": str(base)}, nothing)

    assert site(tmp_path / "ws/.venv") in found.folders
    assert site(base) not in found.folders


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": '[tool.pyright]\nvenvPath = "envs"\nvenv = "mine"\n'},
        {"pyproject.toml": '[tool.ty.environment]\npython = "envs/mine"\n'},
        {"pyproject.toml": '[tool.mypy]\npython_executable = "envs/mine/bin/python"\n'},
        {".pdm-python": "envs/mine/bin/python\n"},
    ],
)
def test_hints_for_other_tools(tmp_path, base, files):
    root = plant(tmp_path / "ws", files)
    venv(root / "envs/mine", base)

    assert site(root / "envs/mine") in environment_for(root, {}, nothing).folders


def test_the_python_on_the_path_through_links(tmp_path, base):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python3").symlink_to(base / "bin/python3")

    found = environment_for(None, {}, lambda name: str(tmp_path / "bin" / name))

    assert found.folders == (base / "lib/python3.11", site(base))


def test_the_newest_library_where_no_version_is_said(tmp_path, base):
    plant(base, {"lib/python3.9/os.py": "", "lib/python3.10/os.py": ""})

    assert environment_for(None, {"VIRTUAL_ENV": str(base)}, nothing).folders[0] == base / "lib/python3.11"


def test_debian_keeps_packages_elsewhere(tmp_path):
    base = plant(
        tmp_path / "usr",
        {
            "lib/python3.11/os.py": "",
            "lib/python3/dist-packages/a.py": "",
            "local/lib/python3.11/dist-packages/b.py": "",
        },
    )

    assert environment_for(None, {"VIRTUAL_ENV": str(base)}, nothing).folders == (
        base / "lib/python3.11",
        base / "local/lib/python3.11/dist-packages",
        base / "lib/python3/dist-packages",
    )


def test_windows_layout(tmp_path):
    base = plant(tmp_path / "Python311", {"Lib/os.py": "", "Lib/site-packages/a.py": ""})

    assert environment_for(None, {"CONDA_PREFIX": str(base)}, nothing).folders == (
        base / "Lib",
        base / "Lib/site-packages",
    )


def test_editable_installs_are_followed_and_code_in_pth_files_is_not_run(tmp_path, base):
    source = plant(tmp_path / "elsewhere/src", {"mine.py": ""})
    marker = tmp_path / "ran"
    lines = f"{source}\nimport pathlib; pathlib.Path({str(marker)!r}).touch()\n# note\nmissing\n\0\n"
    plant(base, {"lib/python3.11/site-packages/__editable__.pth": lines})

    folders = environment_for(None, {"VIRTUAL_ENV": str(base)}, nothing).folders

    assert folders == (base / "lib/python3.11", site(base), source)
    assert not marker.exists()


def test_stubs_that_mypy_brings_are_used_for_modules_in_c(tmp_path, base):
    stubs = base / "lib/python3.11/site-packages/mypy/typeshed/stdlib"
    plant(stubs, {"time.pyi": ""})

    assert environment_for(None, {"VIRTUAL_ENV": str(base)}, nothing).folders[-1] == stubs


@pytest.mark.parametrize(
    "files",
    [
        {},
        {".venv/pyvenv.cfg": "home = /missing\n"},
        {".venv": "a file"},
        {".venv/pyvenv.cfg": "home\0 = \0\n= =\n"},
        {"pyproject.toml": "not = [toml"},
        {"pyproject.toml": "tool = 1"},
        {"pyproject.toml": "[tool.pyright]\nvenv = 3\n"},
        {"pyproject.toml": "[tool]\nmypy = 'x'\n", ".pdm-python": "\0"},
    ],
)
def test_without_any_environment_the_standard_library_is_that_of_the_server(tmp_path, files):
    (folder,) = environment_for(plant(tmp_path / "ws", files), {"VIRTUAL_ENV": "/missing"}, nothing).folders

    assert (folder / "os.py").is_file()
