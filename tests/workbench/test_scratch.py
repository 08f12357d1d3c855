"""Texts written for the user to read."""

from ai_lsp.workbench.scratch import write


def test_only_the_user_can_read_them_and_the_oldest_go(tmp_path):
    folder = tmp_path / "answers"
    paths = [write(f"no. {number}/../x", f"text {number}", folder) for number in range(40)]
    assert paths[-1].read_text() == "text 39"
    assert paths[-1].stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(path.parent == folder for path in paths)
    assert len(list(folder.iterdir())) == 30
