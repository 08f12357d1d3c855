from pathlib import Path

from ai_lsp.context.definitions.drafts import Draft, Drafts
from ai_lsp.context.definitions.outlines import Module, Outlines, module_of
from tests.context.definitions.tree import plant


def names(module: Module | None) -> list[str]:
    assert module is not None
    return [one.name for one in module.definitions]


def outlines(kept: int = 1000, may_be_read=lambda _path: True) -> tuple[Outlines, list[float]]:
    now = [0.0]
    return Outlines(may_be_read, lambda: now[0], kept), now


def test_a_file_is_parsed_once_while_it_stays_the_same(tmp_path):
    plant(tmp_path, {"a.py": "def f(): ...\n"})
    store, _ = outlines()

    assert store.get(tmp_path / "a.py", 1) is store.get(tmp_path / "a.py", 1)


def test_after_the_time_is_over_files_are_put_off_and_old_outlines_serve(tmp_path):
    path = plant(tmp_path, {"a.py": "def f(): ...\n"}) / "a.py"
    store, now = outlines()
    store.get(path, 1)
    plant(tmp_path, {"a.py": "def other(): ...\n"})
    now[0] = 2.0

    assert names(store.get(path, 1)) == ["f"]
    assert store.has_waiting
    assert store.prepare() and not store.prepare()
    assert names(store.get(path, 1)) == ["other"]
    assert not store.has_waiting


def test_memory_is_bounded_and_what_was_used_last_stays(tmp_path):
    asked: list[str] = []

    def may_be_read(path: Path) -> bool:
        asked.append(path.name)
        return True

    plant(tmp_path, {f"{n}.py": "def f(): ...\n" * 5 for n in range(10)})
    store, _ = outlines(60, may_be_read)
    for n in range(10):
        store.get(tmp_path / f"{n}.py", 1)
    asked.clear()
    for n in (9, 8, 0):
        store.get(tmp_path / f"{n}.py", 1)

    assert asked == ["0.py"]


def test_installed_packages_are_not_asked_about(tmp_path):
    plant(
        tmp_path, {"site-packages/a.py": "def f(): ...\n", "node_modules/a.ts": "function f() {}", "a.py": "f = 1"}
    )
    store, _ = outlines(may_be_read=lambda _path: False)

    assert names(store.get(tmp_path / "site-packages/a.py", 1)) == ["f"]
    assert names(store.get(tmp_path / "node_modules/a.ts", 1)) == ["f"]
    assert names(store.get(tmp_path / "a.py", 1)) == []


def test_what_is_no_file_has_no_outline(tmp_path):
    store, _ = outlines()
    (tmp_path / "folder.py").mkdir()

    assert store.get(tmp_path / "missing.py", 1) is None
    assert store.get(Path("a\0b.py"), 1) is None
    assert names(store.get(tmp_path / "folder.py", 1)) == []


def test_names_that_others_see():
    text = "import a\nclass A:\n    class In: ...\n    x = 1\ndef _f():\n    def inner(): ...\ndef g(): ...\n"
    module = module_of(text, Path("m.py"), "python")

    assert [one.name for one in module.public()] == ["A", "g"]
    assert [one.name for one in module.named("In")] == ["In"]
    assert module.named("inner") == []
    assert [one.name for one in module.members("A")] == ["In", "x"]


def draft(text: str) -> Draft:
    return Draft("file:///a.py", Path("/a.py"), "python", text)


def test_a_document_is_outlined_again_when_its_text_is_another():
    drafts = Drafts(module_of)

    assert names(drafts.get(draft("def f(): ..."))) == ["f"]
    assert drafts.get(draft("def f(): ...")) is drafts.get(draft("def f(): ..."))
    assert names(drafts.get(draft("def g(): ..."))) == ["g"]


def test_of_a_long_document_the_start_is_known_at_first_and_an_earlier_text_later():
    long = "def first(): ...\n" + "x = 1\n" * 20_000 + "def last(): ...\n"
    drafts = Drafts(module_of)

    assert "last" not in names(drafts.get(draft(long)))
    drafts.prepare()
    assert names(drafts.get(draft(long)))[-1] == "last"
    assert names(drafts.get(draft(long + "y = 2\n")))[-1] == "last"
    assert drafts.has_waiting
    drafts.prepare()
    assert names(drafts.get(draft(long + "y = 2\n")))[-1] == "y"


def test_documents_are_bounded():
    drafts = Drafts(module_of)
    first = drafts.get(draft("def f(): ..."))
    for n in range(20):
        drafts.get(Draft(f"file:///{n}.py", Path(f"/{n}.py"), "python", ""))

    assert drafts.get(draft("def f(): ...")) is not first
