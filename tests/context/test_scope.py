"""Skeletons of files whose windows are given by marks: `<` opens the window, `|` is the cursor, `>` closes it."""

import pytest

from ai_lsp.completion.place import Place
from ai_lsp.context.scope import Scope
from ai_lsp.context.snippet import Query
from ai_lsp.documents import Document

PYTHON = '''\
import os
from a import (
    one,
    two,
)
import unused


@dataclass
class Outer(Base):
    """Says."""

    size: int = 1

    def __init__(
        self,
        a: int,
    ) -> None:
        self.a = a
        self.b: int = 2

    @property
    def area(self) -> int:
        return self.a

    async def long(self, x):
        y = 1
<        z = self.area
        w = one(|2)
>        return x

    def after(self):
        pass


def other():
    pass
'''

TYPESCRIPT = """\
import { a } from "./a";
import b from "b";

export class View extends Base {
  private size = 1;
  constructor(private name: string) {
    super();
  }
  get width(): number { return this.size; }
  load(id: string) {
    const x = 1;
<    const y = a(|2);
>    return this.width;
  }
  save = () => {
    done();
  };
}
"""

GO = """\
package m

import (
	"fmt"
	"os"
)

type Server struct {
	Name string
	port int
}

func (s *Server) Stop() error {
	return nil
}

func (s *Server) Run(n int) {
	a := 1
<	fmt.Println(s.|port)
>}

func other() {}
"""

RUST = """\
use std::fmt;

struct A { x: i32 }

impl A {
    const N: i32 = 1;
    fn new() -> Self {
        A { x: 1 }
    }
    fn run(&self) {
        let a = 1;
<        let b = |2;
>    }
}
"""

CPP = """\
#include <vector>
namespace n {
class A {
public:
    A(int x);
    int run() const;
    int x_;
};

A::A(int x)
    : x_(x) {
}

int A::run() const {
    int a = 1;
<    int b = |x_;
>    return a;
}
}
"""

JAVA = """\
import java.util.List;

public class A extends B {
    private int x;

    @Override
    public int run(int a) {
        return 1;
    }

    interface I { void f(); }

    public void go() {
        int b = 1;
<        List c = |2;
>    }
}
"""

RUBY = """\
require "json"
class A < B
  LIMIT = 1
  def one(x)
    x
  end

  def two
    a = 1
    b = 2
<    c = |3
>  end
end
"""

EXPECTED = {
    "python": (
        PYTHON,
        [
            (
                8,
                0.9,
                """\
@dataclass
class Outer(Base):
    size: int = 1
    def __init__(self, a: int) -> None:
        self.a = a
        self.b: int = 2
    @property
    def area(self) -> int: ...
    def after(self): ...
    async def long(self, x):
""",
            ),
            (1, 0.63, "from a import (\n    one,\n    two,\n)\n"),
            (0, 0.25, "import os\nimport unused\n"),
        ],
    ),
    "typescript": (
        TYPESCRIPT,
        [
            (0, 0.63, 'import { a } from "./a";\n'),
            (
                3,
                0.5,
                """\
export class View extends Base {
  private size = 1;
  constructor(private name: string) { ... }
  get width(): number { ... }
  save = () => { ... }
  load(id: string) {
""",
            ),
            (1, 0.25, 'import b from "b";\n'),
        ],
    ),
    "go": (
        GO,
        [
            (
                7,
                0.5,
                """\
type Server struct {
	Name string
	port int
}
func (s *Server) Stop() error { ... }
func (s *Server) Run(n int) {
""",
            ),
            (3, 0.63, 'import "fmt"\n'),
            (4, 0.25, 'import "os"\n'),
        ],
    ),
    "rust": (
        RUST,
        [
            (
                2,
                0.5,
                """\
struct A { x: i32 }
impl A {
    const N: i32 = 1;
    fn new() -> Self { ... }
    fn run(&self) {
""",
            ),
            (0, 0.25, "use std::fmt;\n"),
        ],
    ),
    "cpp": (
        CPP,
        [
            (
                1,
                0.5,
                """\
namespace n {
class A {
    A(int x);
    int run() const;
    int x_;
};
A::A(int x) : x_(x) { ... }
int A::run() const {
""",
            ),
            (0, 0.25, "#include <vector>\n"),
        ],
    ),
    "java": (
        JAVA,
        [
            (0, 0.63, "import java.util.List;\n"),
            (
                2,
                0.5,
                """\
public class A extends B {
    private int x;
    @Override
    public int run(int a) { ... }
    interface I { ... }
    public void go() {
""",
            ),
        ],
    ),
    "ruby": (
        RUBY,
        [
            (1, 0.5, "class A < B\n  LIMIT = 1\n  def one(x); end\n  def two\n"),
            (0, 0.25, 'require "json"\n'),
        ],
    ),
}


def asked(marked: str, language: str, end: str = "\n") -> Query:
    """Return the query at the marks in a text; what is outside of the window is only in the document."""
    start, cursor, stop = (marked.index(mark) for mark in "\n<" and ("\n<", "|", "\n>"))
    text = marked[: start + 1] + marked[start + 2 : cursor] + marked[cursor + 1 : stop + 1] + marked[stop + 2 :]
    document = Document("file:///a", text.replace("\n", end), 1, language)
    prefix, suffix = marked[start + 2 : cursor], marked[cursor + 1 : stop + 1]
    line = text[: start + 1 + len(prefix)].count("\n")
    return Query(Place("file:///a", "src/a", language, 1, prefix, suffix, line), document)


async def found(query: Query) -> list[tuple[int, float, str]]:
    snippets = await Scope().find(query)
    assert {(one.source, one.path) for one in snippets} <= {("scope", "src/a")}
    return [(one.line, round(one.score, 2), one.text) for one in snippets]


@pytest.mark.parametrize("language", EXPECTED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_golden(language, end):
    marked, expected = EXPECTED[language]
    assert sorted(await found(asked(marked, language, end))) == sorted(expected)


async def test_the_best_comes_first():
    scores = [score for _, score, _ in await found(asked(PYTHON, "python"))]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("language", ["plaintext", "yaml", ""])
async def test_nothing_without_queries(language):
    assert await found(asked(PYTHON, language)) == []


async def test_nothing_when_the_window_shows_the_whole_file():
    text = PYTHON.replace("<", "").replace(">", "").replace("|", "")
    document = Document("file:///a", text, 1, "python")
    place = Place("file:///a", "a", "python", 1, text[:300], text[300:], text[:300].count("\n"))
    assert await Scope().find(Query(place, document)) == []


async def test_nothing_when_the_document_has_changed():
    query = asked(PYTHON, "python")
    query.document.version = 2
    assert await found(query) == []


@pytest.mark.parametrize(
    "text", ["\n<|\n>", "class A:\n<|\n>", "((((\n<x|\n>))", "😀\n<'''|\n>\\", "\t\r\n\n<|\n>\0"]
)
async def test_odd_texts(text):
    for language in ("python", "typescript", "go"):
        await found(asked(text, language))


async def test_a_large_class_is_cut_to_what_is_named_and_near():
    methods = "".join(f"    def method_{n}(self):\n        pass\n\n" for n in range(100))
    marked = f"class A:\n{methods}    def last(self):\n        pass\n<        self.method_60(|\n>        pass\n"
    (snippet,) = await Scope().find(asked(marked, "python"))
    lines = snippet.text.splitlines()
    assert len(lines) <= 40
    assert lines[:2] == ["class A:", "    def method_60(self): ..."]
    assert lines[-2:] == ["    def method_99(self): ...", "    def last(self):"]


async def test_rusts_inner_imports_are_not_the_files():
    text = "use a::b;\n" + "\n" * 9 + "<fn f() {\n    b(|\n>}\n" + "\n" * 9 + "mod tests {\n    use c::d;\n}\n"
    assert [text for _, _, text in await found(asked(text, "rust"))] == ["use a::b;\n"]


async def test_many_imports_are_cut():
    marked = "".join(f"import module_{n}\n" for n in range(100)) + "x = 1\n<y = module_7|\n>\n"
    used, others = await Scope().find(asked(marked, "python"))
    assert used.text == "import module_7\n"
    assert others.text == "".join(f"import module_{n}\n" for n in range(37) if n != 7)
