"""Places and random text for the filters' tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from ai_lsp.completion.place import Place

PIECES = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                *"()[]{}\"'`#/*,:; \n\t\\<>|=ab1",
                "    ",
                "```\n",
                '"""',
                "//",
                "foo(a)",
                "return x\n",
                "import a\n",
                "from a import b1, ",
                "a.b1",
                "<|end|>",
                "fn ",
            ]
        ),
        max_size=24,
    ).map("".join),
)
PLACES = st.builds(
    lambda language, prefix, suffix: place(language, prefix, suffix),
    st.sampled_from(["python", "typescriptreact", "go", "rust", "java", "cpp", "markdown", "unheard-of"]),
    PIECES,
    PIECES,
)


def place(language, prefix, suffix):
    line = prefix.count("\n")
    return Place("file:///a", "a", language, 1, prefix, suffix, line)


@dataclass(frozen=True)
class KnownModules:
    """Knows the environment's modules, and one package of the repository's own."""

    installed: tuple[str, ...] = ()
    own: str = "ours"
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What modules have, by module."""

    def is_own(self, module, where):
        return module.partition(".")[0] == self.own

    def exists(self, module, where):
        return module.partition(".")[0] in (*self.installed, self.own) if self.installed else None

    def offers(self, module, name, where, *, begins=False):
        if module not in self.names:
            return None
        return any(one == name or (begins and one.startswith(name)) for one in self.names[module])


def lines_of(where):
    return (where.prefix + where.suffix).splitlines(keepends=True)
