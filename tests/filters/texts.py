"""Places and random text for the filters' tests."""

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
    return Place(uri="file:///a", path="a", language=language, version=1, prefix=prefix, suffix=suffix)
