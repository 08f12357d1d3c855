import errno
import hashlib
from pathlib import Path

import httpx
import pytest

from ai_lsp.models import download
from ai_lsp.models.files import try_lock
from ai_lsp.models.store import ModelError
from tests.models.fake_hub import FakeHub, make_gguf


@pytest.fixture
def target(models_home: Path) -> Path:
    folder = models_home / "tiny"
    folder.mkdir(parents=True)
    return folder / "tiny.gguf"


def fetch(hub: FakeHub, target: Path, sha256: str | None = None) -> str:
    return download.fetch(hub.url, target, sha256=sha256, sleep=lambda _: None)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def left_over(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


def break_off(hub: FakeHub, target: Path, size: int, sha256: str | None = None) -> None:
    """Leave `size` bytes of the hub's file behind, as a try does whose connection breaks for good."""
    hub.cuts = [size, 0, 0, 0, 0]
    with pytest.raises(ModelError, match="broke off after"):
        fetch(hub, target, sha256)
    assert left_over(target) == [".tiny.gguf.part", ".tiny.gguf.part.json"]
    hub.asked.clear()


def test_whole_file(hub: FakeHub, target: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    digest = download.fetch(
        hub.url, target, sha256=sha(hub.content).upper(), progress=lambda *step: seen.append(step)
    )
    assert digest == sha(hub.content)
    assert target.read_bytes() == hub.content
    assert left_over(target) == ["tiny.gguf"]
    assert ("downloading", len(hub.content), len(hub.content)) in seen
    assert hub.asked[0]["accept-encoding"] == "identity"


def test_broken_connection_goes_on_in_the_same_run(hub: FakeHub, target: Path) -> None:
    hub.cuts = [100_000, 50_000]
    assert fetch(hub, target) == sha(hub.content)
    assert [request.get("range") for request in hub.asked] == [None, "bytes=100000-", "bytes=150000-"]
    assert hub.asked[1]["if-range"] == '"one"'


def test_goes_on_in_a_later_run(hub: FakeHub, target: Path) -> None:
    break_off(hub, target, 100_000)
    assert fetch(hub, target) == sha(hub.content)
    assert [request.get("range") for request in hub.asked] == ["bytes=100000-"]
    assert left_over(target) == ["tiny.gguf"]


def test_file_that_changed_meanwhile_starts_anew(hub: FakeHub, target: Path) -> None:
    break_off(hub, target, 100_000)
    hub.content, hub.etag = make_gguf(seed=7), '"two"'
    assert fetch(hub, target) == sha(hub.content)
    assert target.read_bytes() == hub.content


def test_changed_file_is_noticed_when_the_server_ignores_if_range(
    hub: FakeHub, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(hub, target, 100_000)
    hub.content = make_gguf(seed=7)
    hub.etag = '"two"'
    monkeypatch.setattr(
        download, "_resume_headers", lambda part, _: {"Range": "bytes=100000-"} if part.size else {}
    )
    assert fetch(hub, target) == sha(hub.content)
    assert len(hub.asked) == 2


def test_server_that_ignores_range(hub: FakeHub, target: Path) -> None:
    break_off(hub, target, 100_000)
    hub.ranges = False
    assert fetch(hub, target) == sha(hub.content)
    assert target.read_bytes() == hub.content


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_etag_it_starts_anew(hub: FakeHub, target: Path, etag: str) -> None:
    hub.etag, hub.cuts = etag, [100_000] * 5
    with pytest.raises(ModelError, match="broke off after 100,000 bytes"):
        fetch(hub, target)
    assert fetch(hub, target) == sha(hub.content)
    assert not any("range" in request for request in hub.asked)


def test_without_an_etag_but_with_a_sha256_it_goes_on(hub: FakeHub, target: Path) -> None:
    hub.etag = ""
    break_off(hub, target, 100_000, sha(hub.content))
    assert fetch(hub, target, sha(hub.content)) == sha(hub.content)
    assert hub.asked[0]["range"] == "bytes=100000-"


def test_without_a_length(hub: FakeHub, target: Path) -> None:
    hub.length = "none"
    assert fetch(hub, target) == sha(hub.content)


def test_without_a_length_a_cut_is_noticed(hub: FakeHub, target: Path) -> None:
    hub.length, hub.cuts = "none", [100_000]
    assert fetch(hub, target) == sha(hub.content)
    assert len(hub.asked) == 2


def test_length_too_long(hub: FakeHub, target: Path) -> None:
    hub.length = str(len(hub.content) + 1000)
    with pytest.raises(ModelError, match=r"broke off|no usable model"):
        fetch(hub, target)
    assert not target.exists()


def test_length_too_short(hub: FakeHub, target: Path) -> None:
    hub.length = "1000"
    with pytest.raises(ModelError, match="broke off after"):
        hub.ranges = False
        fetch(hub, target)
    assert not target.exists()


def test_wrong_sha256_installs_nothing(hub: FakeHub, target: Path) -> None:
    target.write_bytes(b"the old one")
    with pytest.raises(ModelError, match="sha256 is wrong"):
        fetch(hub, target, "0" * 64)
    assert target.read_bytes() == b"the old one"
    assert left_over(target) == ["tiny.gguf"]


def test_login_page_instead_of_a_model(hub: FakeHub, target: Path) -> None:
    hub.content, hub.content_type = b"<!DOCTYPE html><title>Log in</title>", "text/html; charset=utf-8"
    with pytest.raises(ModelError, match=r"text/html.*page to log in"):
        fetch(hub, target)
    assert left_over(target) == []


def test_empty_answer(hub: FakeHub, target: Path) -> None:
    hub.content = b""
    with pytest.raises(ModelError, match="not a GGUF"):
        fetch(hub, target)


def test_compressed_although_asked_not_to(hub: FakeHub, target: Path) -> None:
    hub.encoding = "gzip"
    with pytest.raises(ModelError, match="compresses"):
        fetch(hub, target)


@pytest.mark.parametrize(
    ("status", "message"),
    [(404, "nothing at"), (403, "login"), (401, "login"), (410, "answered 410")],
)
def test_refusals_are_final(hub: FakeHub, target: Path, status: int, message: str) -> None:
    hub.statuses = [status]
    with pytest.raises(ModelError, match=message):
        fetch(hub, target)
    assert len(hub.asked) == 1


def test_server_in_trouble_is_asked_again(hub: FakeHub, target: Path) -> None:
    hub.statuses = [500, 503, 429]
    assert fetch(hub, target) == sha(hub.content)
    hub.statuses = [500] * 9
    with pytest.raises(ModelError, match="answered 500"):
        fetch(hub, target)
    assert target.read_bytes() == hub.content


def test_nobody_answers(target: Path) -> None:
    with pytest.raises(ModelError, match="broke off after 0 bytes"):
        download.fetch("http://127.0.0.1:9/x.gguf", target, sleep=lambda _: None)


def test_redirect_is_followed(hub: FakeHub, target: Path) -> None:
    hub.redirect = f"{hub.base}/cdn"
    assert fetch(hub, target) == sha(hub.content)


@pytest.mark.parametrize("where", ["http://example.com/x.gguf", "ftp://example.com/x.gguf"])
def test_redirect_to_an_open_connection_is_refused(hub: FakeHub, target: Path, where: str) -> None:
    hub.redirect = where
    with pytest.raises(ModelError, match=r"https only|cannot download|broke off"):
        fetch(hub, target)
    assert len(hub.asked) <= 4


def test_endless_redirects(hub: FakeHub, target: Path) -> None:
    hub.redirect = f"{hub.base}/again"
    with pytest.raises(ModelError, match="redirects"):
        fetch(hub, target)


@pytest.mark.parametrize(
    "url", ["http://example.com/x.gguf", "ftp://x/y.gguf", "https:///x", "http://127.0.0.1.example.com/x"]
)
def test_only_https_or_loopback(url: str) -> None:
    with pytest.raises(ModelError, match=r"https only|not a complete address"):
        download.check_url(url)


@pytest.mark.parametrize(
    "url", ["https://x.org/y", "http://localhost:1/y", "http://127.0.0.9/y", "http://[::1]/y"]
)
def test_addresses_that_are_fine(url: str) -> None:
    download.check_url(url)


def test_full_disk_keeps_what_arrived(hub: FakeHub, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = download._write

    def full(file: object, chunk: bytes) -> None:
        if file.tell() > 100_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(file, chunk)

    with monkeypatch.context() as patch:
        patch.setattr(download, "_write", full)
        with pytest.raises(ModelError, match="disk is full"):
            fetch(hub, target)
    assert not target.exists()
    assert fetch(hub, target) == sha(hub.content)
    assert "range" in hub.asked[-1]


def test_no_room_is_said_before_the_download(hub: FakeHub, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(ModelError, match="no room"):
        fetch(hub, target)


def test_second_pull_at_once_has_its_own_file(hub: FakeHub, target: Path) -> None:
    break_off(hub, target, 100_000)
    before = (target.parent / ".tiny.gguf.part").read_bytes()
    with try_lock(target.parent.parent / ".locks" / "tiny.tiny.gguf") as mine:
        assert mine
        assert fetch(hub, target) == sha(hub.content)
        hub.statuses = [404]
        with pytest.raises(ModelError):
            fetch(hub, target)
    assert (target.parent / ".tiny.gguf.part").read_bytes() == before
    assert left_over(target) == [".tiny.gguf.part", ".tiny.gguf.part.json", "tiny.gguf"]


def test_interrupt_keeps_what_arrived(hub: FakeHub, target: Path) -> None:
    def stop(what: str, done: int, total: int | None) -> None:
        if done > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download.fetch(hub.url, target, progress=stop)
    assert not target.exists()
    assert fetch(hub, target) == sha(hub.content)
    assert "range" in hub.asked[-1]


def test_damaged_memory_of_the_etag_starts_anew(hub: FakeHub, target: Path) -> None:
    break_off(hub, target, 100_000)
    (target.parent / ".tiny.gguf.part.json").write_text("{")
    assert fetch(hub, target) == sha(hub.content)
    assert "range" not in hub.asked[0]


def test_part_longer_than_the_file(hub: FakeHub, target: Path) -> None:
    break_off(hub, target, 100_000)
    hub.content = make_gguf(200)
    assert fetch(hub, target) == sha(hub.content)


def test_errors_of_the_client_are_explained(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise httpx.InvalidURL("bad")

    monkeypatch.setattr(download, "_complete", fail)
    with pytest.raises(ModelError, match="cannot download"):
        download.fetch("https://example.com/x.gguf", target)
