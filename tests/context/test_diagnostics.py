from lsprotocol import types

from ai_lsp.context.diagnostics import Diagnostics
from ai_lsp.context.snippet import Snippet
from tests.context.activity.editing import Desk

URI = "file:///w/x.py"
TEXT = "import json\nimport prices\n\n\ndef total(items):\n    return sum(itms)\n\n\ntotal(itms)\n"


def diagnostic(line: int, message: str, severity: types.DiagnosticSeverity | None = None, last: int | None = None):
    end = line if last is None else last
    return types.Diagnostic(types.Range(types.Position(line, 0), types.Position(end, 4)), message, severity)


def desk_with(
    *diagnostics: types.Diagnostic, text: str = TEXT, language: str = "python"
) -> tuple[Desk, Diagnostics]:
    source = Diagnostics()
    desk = Desk(source)
    desk.open("x.py", text, language)
    source.set(URI, diagnostics)
    return desk, source


async def found(desk: Desk, source: Diagnostics, line: int = 8, column: int = 10) -> list[Snippet]:
    return await source.find(desk.query(desk.documents[URI], line, column))


async def test_a_name_that_is_missing() -> None:
    desk, source = desk_with(diagnostic(5, 'Undefined\n name  "itms"'))
    assert await found(desk, source) == [
        Snippet("diagnostics", "x.py", '# line 6: Undefined name "itms"\n', 0.9, 5)
    ]


async def test_the_most_telling_come_first_and_no_more_than_three() -> None:
    desk, source = desk_with(
        diagnostic(4, "'total' is too complex", types.DiagnosticSeverity.Information),
        diagnostic(1, "'prices' imported but unused", types.DiagnosticSeverity.Hint),
        diagnostic(5, "Cannot find name 'itms'.", types.DiagnosticSeverity.Error),
        diagnostic(8, "Cannot find name 'itms'.", types.DiagnosticSeverity.Error),
        language="typescript",
    )
    (one,) = await found(desk, source)
    assert one.text == (
        "// line 9: Cannot find name 'itms'.\n// line 6: Cannot find name 'itms'.\n"
        "// line 2: 'prices' imported but unused\n"
    )


async def test_messages_about_other_names_and_far_lines_are_left_out() -> None:
    desk, source = desk_with(diagnostic(5, "'other' is not defined"), diagnostic(40, "'total' is not defined"))
    assert await found(desk, source) == []


async def test_messages_stay_at_their_lines() -> None:
    desk, source = desk_with(diagnostic(5, "'itms' is not defined"))
    desk.type(desk.documents[URI], 2, 0, "\n\n")
    (one,) = await found(desk, source, 10)
    assert (one.line, one.text) == (7, "# line 8: 'itms' is not defined\n")


async def test_messages_of_lines_that_were_edited_are_stale() -> None:
    desk, source = desk_with(diagnostic(5, "'itms' is not defined"), diagnostic(3, "'total' is unknown", last=6))
    desk.type(desk.documents[URI], 5, 15, "x")
    assert await found(desk, source) == []


async def test_messages_of_an_older_version_are_not_taken() -> None:
    desk = Desk()
    desk.open("x.py", TEXT)
    source = Diagnostics(lambda uri: desk.documents[uri].version)
    source.set(URI, [diagnostic(5, "'itms' is not defined")], 1)
    source.set(URI, [diagnostic(8, "'itms' is not defined")], 0)
    assert [one.line for one in await found(desk, source)] == [5]
    source.set(URI, [], 1)
    assert await found(desk, source) == []


async def test_a_message_cannot_end_the_comment() -> None:
    desk, source = desk_with(diagnostic(5, "`itms` --> missing */ x"), language="html")
    (one,) = await found(desk, source)
    assert one.text == "<!-- line 6: `itms` -> missing * / x -->\n"


async def test_a_document_that_is_renamed_or_closed() -> None:
    desk, source = desk_with(diagnostic(5, "'itms' is not defined"))
    source.rename(URI, "file:///w/y.py")
    assert await found(desk, source) == []
    source.rename("file:///w/y.py", URI)
    assert len(await found(desk, source)) == 1
    source.closed(URI)
    assert await found(desk, source) == []


async def test_lines_beyond_the_end_are_no_trouble() -> None:
    desk, source = desk_with(diagnostic(20, "'itms' is not defined"))
    assert await found(desk, source) == []
