"""What mentions stand for, in a real repository with a real index."""

import asyncio
import subprocess

import pytest

from ai_lsp.actions.action import Refused
from ai_lsp.chat.lookup import Lookup
from ai_lsp.chat.mentions import Mention
from ai_lsp.context.ignore import Readable
from ai_lsp.index.client import IndexBuilder
from ai_lsp.index.hits import Hit, Stamped
from ai_lsp.index.reader import Index
from ai_lsp.index.settings import Settings
from ai_lsp.providers.chat import Part
from ai_lsp.ranking.ranker import Memory, Ranker
from tests.ranking.fakes import FakeEmbedder

SECRET = "AKIA" + "Z7Q4M2X9C5V8B3N6"
SHOP = Stamped(b"shop.py", 0, 0)


def git(folder, *arguments):
    settings = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "shop.py").write_text("class Shop:\n    def sell(self, fruit):\n        return fruit\n\n\nx = 1\n")
    (folder / "key.py").write_text(f'KEY = "{SECRET}"\n')
    (folder / ".env").write_text("HIDDEN=1\n")
    git(folder, "add", "shop.py", "key.py")
    git(folder, "commit", "-q", "-m", "Begin")
    return folder


def lines_of(path):
    return path.read_text().splitlines(keepends=True) if path.is_file() else None


def lookup(root, **options):
    return Lookup(root, lines_of, Readable([root]).may_be_read, **options)


def test_a_file(root):
    [block] = lookup(root).blocks(Mention("file", "shop.py"), "")
    assert block.text.startswith("class Shop:")
    assert (block.title, block.language) == ("shop.py", "python")
    assert block.part == Part("other_files", str(root / "shop.py"))


def test_its_secrets_are_replaced(root):
    [block] = lookup(root).blocks(Mention("file", "key.py"), "")
    assert block.text == 'KEY = "<secret>"\n'


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.py", "there is no file"),
        ("../x.py", "is not in"),
        ("/etc/passwd", "is not in"),
        (".env", "must not be read"),
    ],
)
def test_files_that_cannot_be_had(root, name, reason):
    (root.parent / "x.py").touch()
    with pytest.raises(Refused, match=reason):
        lookup(root).blocks(Mention("file", name), "")


def test_a_link_out_of_the_folder(root):
    (root.parent / "x.py").write_text("outside\n")
    (root / "link.py").symlink_to(root.parent / "x.py")
    with pytest.raises(Refused, match="is not in"):
        lookup(root).blocks(Mention("file", "link.py"), "")


def test_differences_without_secrets(root):
    with pytest.raises(Refused, match="nothing has changed"):
        lookup(root).blocks(Mention("diff"), "")
    (root / "shop.py").write_text(f'x = "{SECRET}"\n')
    [block] = lookup(root).blocks(Mention("diff"), "")
    assert '+x = "<secret>"' in block.text
    assert block.part == Part("git", str(root))


def test_diagnostics(root):
    told = ((str(root / "shop.py"), 4, "bad"), (str(root / "shop.py"), 5, "worse"), ("/elsewhere.py", 0, "ugly"))
    one, other = lookup(root, diagnostics=told).blocks(Mention("diagnostics"), "")
    assert (one.title, one.text) == ("Diagnostics of shop.py", "line 5: bad\nline 6: worse")
    assert other.part == Part("diagnostics", "/elsewhere.py")
    with pytest.raises(Refused, match="no language server says anything"):
        lookup(root).blocks(Mention("diagnostics"), "")


@pytest.mark.parametrize("kind", ["symbol", "repo", "diff"])
def test_without_a_folder(kind):
    with pytest.raises(Refused, match="needs a folder"):
        Lookup().blocks(Mention(kind, "x"), "")


async def test_symbols_and_what_is_like_the_question(root, tmp_path):
    ready = asyncio.Event()
    builder = IndexBuilder(
        root, Settings(), lambda status: status.kind == "ready" and ready.set(), folder=tmp_path
    )
    builder.start()
    await asyncio.wait_for(ready.wait(), 60)
    await builder.stop()
    index = Index.open(root, tmp_path)
    found = lookup(root, index=index)
    [block] = found.blocks(Mention("symbol", "Shop.sell"), "")
    assert (block.title, block.text) == ("shop.py, line 2", "    def sell(self, fruit):\n        return fruit\n")
    assert block.part == Part("index", str(root / "shop.py"))
    with pytest.raises(Refused, match="is called nothing"):
        found.blocks(Mention("symbol", "nothing"), "")
    [block, *_] = found.blocks(Mention("repo"), "Where do we sell fruit?")
    assert "def sell" in block.text
    index.close()
    with pytest.raises(Refused, match="needs the index"):
        lookup(root).blocks(Mention("symbol", "Shop"), "")


class Hits:
    """An index that finds as many windows as it is asked for."""

    def similar(self, _terms, limit):
        return [Hit("shop.py", 0, f"a{'c' * number}", 1.0, "above\n", "below\n", SHOP) for number in range(limit)]


async def test_the_order_of_a_search(root):
    """Each window has more letters `c` than the one before, and so has the question."""
    found = lookup(root, index=Hits())
    assert [block.core for block in await found.find(Mention("repo"), "ccc")] == [f"a{'c' * n}" for n in range(4)]
    embedder = FakeEmbedder(lambda passage: passage.part in (None, Part("index", str(root / "shop.py"))))
    found = lookup(root, index=Hits(), ranker=Ranker(Memory(), embedder))
    blocks = await found.find(Mention("repo"), "ccc")
    assert [block.core for block in blocks] == [f"a{'c' * n}" for n in (23, 22, 21, 20)]
    assert blocks[0].text == f"above\n{blocks[0].core}below\n"
    assert len(embedder.texts) == 1 + 24
