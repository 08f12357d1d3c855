"""The source `definitions` in Python's trees, from the text at the cursor to the snippets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ai_lsp.completion.window import place_at
from ai_lsp.context.definitions.interpreter import Environment
from ai_lsp.context.definitions.source import Definitions
from ai_lsp.context.snippet import Query, Snippet
from ai_lsp.documents import Document
from tests.context.definitions.tree import plant


class FakeIndex:
    """Knows where names are defined, and which were asked for."""

    def __init__(self, places: dict[str, list[str]]) -> None:
        self._places = places
        self.asked: list[str] = []

    def places(self, names: Sequence[str], limit: int) -> dict[str, list[str]]:
        self.asked += names
        return {name: self._places[name][:limit] for name in names if name in self._places}


class FrozenClock:
    """A clock that only moves when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def source_for(root: Path, *, may_be_read=lambda _path: True, index=None, clock=None) -> Definitions:
    folders = (root.parent / "stdlib", root.parent / "site-packages")
    return Definitions(
        may_be_read, lambda _root: index, lambda _root: Environment(folders), clock or FrozenClock()
    )


def query_at(root: Path, file: str, text: str, language: str = "python", prefix_chars: int = 10_000) -> Query:
    """Return the query for the place of the last ``|`` in `text`, the document that is open as `file`."""
    before, _, after = text.rpartition("|")
    document = Document((root / file).as_uri(), before + after, version=1, language_id=language)
    line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
    place = place_at(document, line, column, path=file, prefix_chars=prefix_chars, suffix_chars=prefix_chars)
    return Query(place, document, root, root / file)


async def ask(source: Definitions, query: Query) -> list[Snippet]:
    """Return the answer once everything is prepared for it."""
    await source.find(query)
    await source.prepared()
    return await source.find(query)


async def texts(root: Path, text: str, file: str = "main.py", **options: object) -> dict[str, str]:
    found = await ask(source_for(root, **options), query_at(root, file, text))
    return {one.path: one.text for one in found}


FETCH = 'def fetch(url: str, *, timeout: float = 10.0) -> Response:\n    """Fetch a page."""\n    return 1\n'
SEEN = 'def fetch(url: str, *, timeout: float = 10.0) -> Response:\n    """Fetch a page."""\n'

IMPORTS = [
    # files, text, the path where `fetch` is found
    ({"web.py": FETCH}, "from web import fetch\nfetch(|", "web.py"),
    ({"web.py": FETCH}, "import web\nweb.fetch(|", "web.py"),
    ({"web.py": FETCH}, "import web as w\nw.fetch(|", "web.py"),
    ({"web.py": FETCH}, "from web import fetch as get\nget(|", "web.py"),
    ({"web.py": FETCH}, "from web import *\nfetch(|", "web.py"),
    ({"web.py": FETCH}, "from .web import fetch\nfetch(|", "web.py"),
    ({"a/b/web.py": FETCH}, "import a.b.web\na.b.web.fetch(|", "a/b/web.py"),
    ({"a/web.py": FETCH}, "from a import web\nweb.fetch(|", "a/web.py"),
    ({"a/__init__.py": "from .web import fetch\n", "a/web.py": FETCH}, "from a import fetch\nfetch(|", "a/web.py"),
    ({"a/__init__.py": "from .web import *\n", "a/web.py": FETCH}, "import a\na.fetch(|", "a/web.py"),
    ({"a/__init__.py": "", "a/web.py": FETCH}, "import a\na.web.fetch(|", "a/web.py"),
    ({"src/web.py": FETCH}, "from web import fetch\nfetch(|", "src/web.py"),
    ({"../site-packages/web.py": FETCH}, "from web import fetch\nfetch(|", "web.py"),
    ({"../site-packages/web/_api.pyi": FETCH}, "from web._api import fetch\nfetch(|", "web/_api.pyi"),
    ({"../stdlib/web.py": FETCH}, "from web import fetch\nfetch(|", "web.py"),
    ({"web.py": FETCH}, "def f():\n    from web import fetch\n    fetch(|", "web.py"),
    ({"web.py": FETCH.replace("\n", "\r\n")}, "from web import fetch\nfetch(|", "web.py"),
    ({"web.py": "\ufeff" + FETCH + "def broken(:\n  x = = \n"}, "from web import fetch\nfetch(|", "web.py"),
]


@pytest.mark.parametrize(("files", "text", "path"), IMPORTS)
async def test_definitions_are_found_along_imports(tmp_path, files, text, path):
    root = plant(tmp_path / "ws", {"keep.txt": "", **files})

    assert await texts(root, text) == {path: SEEN}


NOTHING = [
    ({}, "from web import fetch\nfetch(|"),
    ({"web.py": ""}, "from web import fetch\nfetch(|"),
    ({"web.py": "\0\ud800" * 50}, "from web import fetch\nfetch(|"),
    ({"web.py": "from other import fetch", "other.py": "from web import fetch"}, "from web import fetch\nfetch(|"),
    ({"web.py": "from other import *", "other.py": "from web import *"}, "from web import *\nfetch(|"),
    ({"web.py": "class A(B): ...\nclass B(A): ..."}, "from web import A\ndef f(a: A):\n    a.x.y.z(|"),
    ({"web.py": FETCH}, "from web import fetch\n" + "\n" * 20 + "# fetch(|"),
    ({"web.py": FETCH}, "from web import fetch\n" + "\n" * 20 + "x = fetc|"),
    ({"web.py": FETCH}, "|"),
    ({"../web.py": FETCH}, "from ..web import fetch\nfetch(|"),
]


@pytest.mark.parametrize(("files", "text"), NOTHING)
async def test_what_cannot_be_found_is_left_out(tmp_path, files, text):
    root = plant(tmp_path / "ws", {"keep.txt": "", **files})

    found = await texts(root, text)

    assert not any("fetch" in one for one in found.values())


SHADOWS = [
    "def f(fetch):\n    fetch(|",
    "def f():\n    fetch = other\n    fetch(|",
    "def f():\n    for fetch in x:\n        fetch(|",
]


@pytest.mark.parametrize("text", SHADOWS)
async def test_local_names_hide_imports(tmp_path, text):
    root = plant(tmp_path, {"web.py": FETCH})

    assert await texts(root, "from web import fetch\n" + text) == {}


CLIENT = '''class Base:
    def close(self) -> None:
        """Close it."""

class Client(Base):
    """Talks to a server."""

    timeout: float = 3

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Response:
        """Get a page."""

    def _hidden(self): ...

class Response:
    def json(self) -> dict: ...

def connect(url: str) -> Client: ...
'''

TYPED = [
    "def f(client: Client):\n    client.|",
    "def f(client: 'Client | None' = None):\n    client.|",
    "client = Client('x')\nclient.|",
    "client = connect('x')\nclient.|",
    "with Client('x') as client:\n    client.|",
    "Client('x').|",
    "def f(x):\n    if isinstance(x, Client):\n        x.|",
    "class A:\n    def __init__(self, c: Client):\n        self.c = c\n    def f(self):\n        self.c.|",
    "class A:\n    client: Client\n    def f(self):\n        self.client.|",
    "class A:\n    def f(self):\n        self.c = Client()\n    def g(self):\n        x = self.c\n        x.|",
]
MEMBERS = '''class Base:
    def close(self) -> None:
        """Close it."""
class Client(Base):
    """Talks to a server."""
    timeout: float = 3
    url: str
    def get(self, path: str) -> Response:
        """Get a page."""
'''


@pytest.mark.parametrize("text", TYPED)
async def test_members_of_what_stands_before_the_dot(tmp_path, text):
    root = plant(tmp_path, {"net.py": CLIENT})

    found = await texts(root, "from net import Client, connect\n" + text)

    assert MEMBERS in found["net.py"]


ROOT = '''class Root:
    def __init__(self, client: "Client", sizes: dict[str, int] = {}, *, n=1) -> None:
        self.client = client
        self.sizes = sizes
        self.n = n
    @property
    def page(self) -> "Response":
        """What was got last."""
    @functools.cached_property
    async def parts(self) -> list[str]: ...
'''
ROOT_MEMBERS = '''class Root:
    client: "Client"
    sizes: dict[str, int]
    n = n
    @property
    def page(self) -> "Response":
        """What was got last."""
    @property
    async def parts(self) -> list[str]: ...
'''


async def test_inherited_properties_and_what_init_assigns(tmp_path):
    root = plant(tmp_path, {"net.py": CLIENT + ROOT, "mid.py": "from net import Root\nclass Middle(Root): pass\n"})
    start = "from mid import Middle\nclass A(Middle):\n    def f(self):\n        "

    assert ROOT_MEMBERS in (await texts(root, start + "self.|"))["net.py"]
    assert "    def get(self, path: str)" in (await texts(root, start + "self.client.|"))["net.py"]
    assert "    def json(self) -> dict" in (await texts(root, start + "self.page.|"))["net.py"]


async def test_what_a_package_has_from_its_own_modules(tmp_path):
    package = "import os\nfrom .net import Client, connect as _connect\nfrom pkg.net import Base\nVERSION = 1\n"
    root = plant(tmp_path, {"pkg/__init__.py": package, "pkg/net.py": CLIENT})

    found = await texts(root, "import pkg\npkg.|")

    assert found["pkg/__init__.py"] == "VERSION = 1\n"
    assert "class Client(Base):" in found["pkg/net.py"]
    assert "connect" not in found["pkg/net.py"]


async def test_a_chain_of_attributes_and_calls(tmp_path):
    root = plant(tmp_path, {"net.py": CLIENT})

    found = await texts(root, "from net import Client\ndef f(client: Client):\n    r = client.get('x')\n    r.|")

    assert "class Response:\n    def json(self) -> dict: ...\n" in found["net.py"]


async def test_the_partial_word_selects_members(tmp_path):
    root = plant(tmp_path, {"net.py": CLIENT})

    found = await texts(root, "from net import Client\nclass A:\n    def f(self, c: Client):\n        c.ge|")

    assert "def get(" in found["net.py"]
    assert "timeout" not in found["net.py"]


async def test_members_of_the_own_class_that_the_window_does_not_show(tmp_path):
    head = "class Own(Parent):\n    def far(self, x): ...\n"
    text = head + "    # filler\n" * 100 + "    def f(self):\n        self.|"
    root = plant(tmp_path, {"main.py": ""})

    found = await ask(source_for(root), query_at(root, "main.py", text, prefix_chars=300))

    assert [one.text for one in found] == ["class Own(Parent):\n    def far(self, x): ...\n"]


async def test_what_the_window_shows_is_left_out(tmp_path):
    assert await texts(plant(tmp_path, {}), "def near(x): ...\n\nnear(|") == {}


async def test_inherited_members_of_self(tmp_path):
    root = plant(tmp_path, {"net.py": CLIENT})

    found = await texts(root, "import net\nclass A(net.Client):\n    def f(self):\n        self.|")

    assert MEMBERS in found["net.py"]


async def test_super_has_the_members_of_the_base_class(tmp_path):
    root = plant(tmp_path, {"net.py": CLIENT})

    found = await texts(root, "from net import Client\nclass A(Client):\n    def f(self):\n        super().|")

    assert MEMBERS in found["net.py"]


async def test_public_names_of_a_module(tmp_path):
    root = plant(tmp_path, {"web.py": FETCH + "def _own(): ...\nclass Page: ...\n"})

    assert await texts(root, "import web\nweb.|") == {"web.py": SEEN + "class Page: ...\n"}


async def test_a_method_that_is_called_on_a_typed_variable(tmp_path):
    root = plant(tmp_path, {"net.py": CLIENT})

    found = await texts(root, "from net import connect\nc = connect('x')\nx = c.get(|")

    assert 'class Client(Base):\n    """Talks to a server."""\n    def get(self' in found["net.py"]


async def test_a_class_comes_with_its_constructor(tmp_path):
    root = plant(tmp_path, {"net.py": CLIENT})

    expected = 'class Client(Base):\n    """Talks to a server."""\n    def __init__(self, url: str) -> None: ...\n'
    assert await texts(root, "from net import Client\nClient(|") == {"net.py": expected}


async def test_the_nearest_and_surest_come_first(tmp_path):
    root = plant(tmp_path, {"a.py": "def far(): ...\n", "b.py": "def near(): ...\n", "c.py": "def named(): ...\n"})
    text = "from a import far\nfrom b import near\nfrom c import named\nfar()\n\n\n\n\nx = named\nnear(|"

    found = await ask(source_for(root), query_at(root, "main.py", text))

    assert [one.path for one in found] == ["b.py", "c.py", "a.py"]
    assert found[0].score == 1.0
    assert all(0 < one.score <= 1 and one.source == "definitions" for one in found)


async def test_the_index_explains_what_no_import_does(tmp_path):
    root = plant(tmp_path, {"deep/down.py": FETCH})
    index = FakeIndex({"fetch": ["deep/down.py"]})

    assert await texts(root, "fetch(|", index=index) == {"deep/down.py": SEEN}


@pytest.mark.parametrize(
    "text", ["from gone import fetch\nfetch(|", "def f(fetch):\n    fetch(|", "x = fet|", "ab(|"]
)
async def test_the_index_is_not_asked_about_names_that_are_explained(tmp_path, text):
    index = FakeIndex({})

    await texts(plant(tmp_path, {}), text, index=index)

    assert "fetch" not in index.asked
    assert "ab" not in index.asked


@pytest.mark.parametrize("places", [["a.py", "b.py", "c.py", "d.py"], ["gone.py"], ["a.rs"]])
async def test_answers_of_the_index_that_say_nothing(tmp_path, places):
    root = plant(tmp_path / "ws", dict.fromkeys(["a.py", "b.py", "c.py", "d.py", "a.rs"], FETCH))

    assert await texts(root, "fetch(|", index=FakeIndex({"fetch": places})) == {}


async def test_files_that_must_not_be_read_are_not_read(tmp_path):
    root = plant(tmp_path, {"web.py": FETCH})
    asked = []

    def never(path: Path) -> bool:
        asked.append(path)
        return False

    assert await texts(root, "from web import fetch\nfetch(|", may_be_read=never) == {}
    assert asked == [root / "web.py"]


async def test_a_file_that_has_changed_is_read_again(tmp_path):
    root = plant(tmp_path, {"web.py": FETCH})
    source, query = source_for(root), query_at(root, "main.py", "from web import fetch\nfetch(|")
    await ask(source, query)
    plant(root, {"web.py": "def fetch(other): ...\n"})

    assert [one.text for one in await ask(source, query)] == ["def fetch(other): ...\n"]


async def test_a_long_file_is_not_waited_for(tmp_path):
    root = plant(tmp_path, {"web.py": FETCH + "x = 1\n" * 12_000})
    source, query = source_for(root), query_at(root, "main.py", "from web import fetch\nfetch(|")

    assert await source.find(query) == []
    await source.prepared()
    assert [one.text for one in await source.find(query)] == [SEEN]


async def test_what_there_is_no_time_for_is_there_the_next_time(tmp_path):
    class Racing(FrozenClock):
        def __call__(self) -> float:
            self.now += 1
            return self.now

    root = plant(tmp_path, {"web.py": FETCH})
    source = source_for(root, clock=Racing())
    query = query_at(root, "main.py", "from web import fetch\nfetch(|")

    assert await source.find(query) == []
    await source.prepared()
    assert [one.text for one in await source.find(query)] == [SEEN]


async def test_files_are_not_looked_for_again_with_every_key(tmp_path, monkeypatch):
    root = plant(tmp_path, {"web.py": FETCH})
    clock = FrozenClock()
    source, query = source_for(root, clock=clock), query_at(root, "main.py", "from web import fetch\nfetch(|")
    looks = []
    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: looks.append(path) or is_file(path))

    await ask(source, query)
    first, looks[:] = len(looks), []
    assert [one.text for one in await source.find(query)] == [SEEN]
    assert first > 0 and not looks

    clock.now += 60
    await source.find(query)
    assert len(looks) > 0


async def test_a_huge_file_is_never_read(tmp_path):
    root = plant(tmp_path, {"web.py": FETCH + "#\n" * 2_000_000})

    assert await texts(root, "from web import fetch\nfetch(|") == {}


async def test_long_answers_are_cut(tmp_path):
    many = "".join(f"def name_{n}(a): ...\n" for n in range(90))
    root = plant(tmp_path, {"web.py": many})
    calls = "".join(f"name_{n}(1)\n" for n in range(20))

    found = await texts(root, f"from web import *\n{calls}web.|")

    assert 0 < found["web.py"].count("\n") <= 25


async def test_a_document_that_lies_nowhere_has_no_definitions():
    document = Document("untitled:Untitled-1", "fetch(", version=1, language_id="python")
    place = place_at(document, 0, 6, path="Untitled-1", prefix_chars=100, suffix_chars=100)

    assert await Definitions(lambda _path: True).find(Query(place, document)) == []


async def test_an_unsaved_document_of_a_workspace_sees_the_workspace(tmp_path):
    root = plant(tmp_path, {"web.py": FETCH})
    query = query_at(root, "main.py", "from web import fetch\nfetch(|")

    found = await ask(source_for(root), Query(query.place, query.document, root, None))

    assert [one.text for one in found] == [SEEN]


@pytest.mark.parametrize(
    "text", ["\ud800(|", "a." * 3000 + "|", "(" * 3000 + "|", "\0|\0", "x = '\u2028|", "class " * 99 + "|"]
)
@pytest.mark.parametrize("language", ["python", "typescript", "go", "plaintext", "cobol"])
async def test_any_text_is_taken(tmp_path, text, language):
    await ask(source_for(tmp_path), query_at(tmp_path, "main.x", text, language))
