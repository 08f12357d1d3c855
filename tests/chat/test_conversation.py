"""Conversations that are kept."""

import pytest

from ai_lsp.chat.conversation import Conversations, NoConversation
from ai_lsp.providers.chat import Message


def test_turns_are_kept_in_order(tmp_path):
    kept = Conversations(tmp_path / "chats")
    one = kept.new("/repository")
    assert kept.all() == []
    longer = kept.add(kept.add(one, "What\nis this?", "A shop."), "Sure?", "Yes.")
    assert longer.messages == (
        Message("user", "What\nis this?"),
        Message("assistant", "A shop."),
        Message("user", "Sure?"),
        Message("assistant", "Yes."),
    )
    assert (longer.title, longer.root) == ("What is this?", "/repository")
    assert Conversations(tmp_path / "chats").read(one.id) == longer
    assert kept.all() == [longer]


def test_only_the_user_can_read_them(tmp_path):
    kept = Conversations(tmp_path / "chats")
    one = kept.add(kept.new(), "a", "b")
    assert (tmp_path / "chats" / f"{one.id}.jsonl").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "chats").stat().st_mode & 0o777 == 0o700


def test_the_newest_first(tmp_path):
    now = 1_000_000_000.0
    kept = Conversations(tmp_path, clock=lambda: now)
    first = kept.add(kept.new(), "a", "b")
    now += 3600
    second = kept.add(kept.new(), "c", "d")
    assert [one.id for one in kept.all()] == [second.id, first.id]


def test_deleted(tmp_path):
    kept = Conversations(tmp_path)
    one = kept.add(kept.new(), "a", "b")
    kept.delete(one.id)
    assert kept.all() == []
    with pytest.raises(NoConversation, match=f"there is no conversation {one.id}"):
        kept.delete(one.id)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", "x" * 100, "a.b"])
def test_names_of_other_files(tmp_path, name):
    for method in (Conversations(tmp_path).read, Conversations(tmp_path).delete):
        with pytest.raises(NoConversation):
            method(name)


def test_broken_lines_are_passed_over(tmp_path):
    kept = Conversations(tmp_path)
    one = kept.add(kept.new(), "a", "b")
    with (tmp_path / f"{one.id}.jsonl").open("a") as file:
        file.write("not json\n[1]\n")
    assert kept.read(one.id) == one
