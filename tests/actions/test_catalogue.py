"""Which prompt files are read, and which of them holds."""

from pathlib import Path

from ai_lsp.actions.catalogue import load, shipped, user_folder


def prompt(folder: Path, name: str, title: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"---\ntitle: {title}\n---\nGo.")


def test_a_repository_is_over_the_user_who_is_over_what_is_shipped(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    prompt(tmp_path / "own", "explain.md", "Mine")
    prompt(tmp_path / "own", "document.md", "Mine")
    prompt(one / ".ai-lsp" / "actions", "explain.md", "Ours")
    prompt(one / ".ai-lsp" / "actions", "joke.md", "Joke")
    found = load([one, other], tmp_path / "own")
    titles = {root: {name: action.title for name, action in each.actions.items()} for root, each in found.items()}
    assert (titles[one]["explain"], titles[one]["document"], titles[one]["joke"]) == ("Ours", "Mine", "Joke")
    assert (titles[other]["explain"], titles[None]["explain"]) == ("Mine", "Mine")
    assert "joke" not in titles[other]
    assert set(titles[None]) == set(shipped().actions)


def test_what_cannot_be_used_is_told_and_the_shipped_one_holds(tmp_path):
    folder = tmp_path / ".ai-lsp" / "actions"
    prompt(folder, "explain.md", "")
    (folder / "bytes.md").write_bytes(b"---\ntitle: \xff\n---\nx")
    (folder / "folder.md").mkdir()
    found = load([tmp_path], tmp_path / "none")[tmp_path]
    assert found.actions["explain"] is shipped().actions["explain"]
    assert found.problems == (
        f"{folder}/bytes.md is not UTF-8",
        f"{folder}/explain.md:1: the header has no `title: ...`",
        f"{folder}/folder.md cannot be read: Is a directory",
    )


def test_a_link_out_of_the_repository_is_not_followed(tmp_path):
    prompt(tmp_path / "elsewhere", "secret.md", "Secret")
    folder = tmp_path / "repository" / ".ai-lsp" / "actions"
    folder.mkdir(parents=True)
    (folder / "secret.md").symlink_to(tmp_path / "elsewhere" / "secret.md")
    found = load([tmp_path / "repository"], tmp_path / "none")[tmp_path / "repository"]
    assert "secret" not in found.actions
    assert "leads out of the repository" in found.problems[0]


def test_the_users_folder_is_beside_their_settings(monkeypatch):
    monkeypatch.setenv("AI_LSP_CONFIG", "/home/me/conf/ai.toml")
    assert user_folder() == Path("/home/me/conf/actions")
