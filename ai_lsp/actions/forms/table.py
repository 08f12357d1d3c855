"""Which code turns which kind of answer into edits."""

from __future__ import annotations

from collections.abc import Mapping

from ai_lsp.actions.action import Answer
from ai_lsp.actions.forms import body, comment, commit, docstring, plain, replacement, test
from ai_lsp.actions.forms.form import Form

FORMS: Mapping[Answer, Form] = {
    "replacement": Form(replacement.replacement),
    "docstring": Form(docstring.documented, docstring.material),
    "body": Form(body.completed),
    "comment": Form(comment.exchanged, comment.material),
    "test": Form(test.tested, test.material),
    "insertion": Form(replacement.inserted),
    "file": Form(plain.made, plain.material),
    "message": Form(plain.shown),
    "commit": Form(commit.committed, commit.material),
}
