"""No filter, and not all of them together, makes a file parse worse than the suggestion itself or its absence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_lsp.filters.lexical import PAIRS, scan
from ai_lsp.filters.standard import Services, chain_from, filters_from
from ai_lsp.options import FilterOptions
from ai_lsp.syntax.faults import parsed
from tests.filters.texts import place

CHAIN = chain_from(FilterOptions())
FILTERS = filters_from(FilterOptions(), Services())
SNIPPETS = {
    "python": (
        "import os\n\n\nclass Store:\n    def get(self, key, default=None):\n        ",
        "\n\n    def put(self, key, value):\n        self.data[key] = value\n",
        [
            "return self.data.get(key, default)",
            "if key in self.data:\n            return self.data[key]",
            "try:\n            return self.data[key]\n        except KeyError:\n            return default",
            "path = os.path.join(self.root, f\"{key}.json\")",
            "return {k: v for k, v in self.data.items() if k != key}",
        ],
    ),
    "typescript": (
        "export class Store {\n  get(key: string): number {\n    ", "\n  }\n}\n",
        [
            "return this.data.get(key) ?? 0;", "const found = this.data.find((one) => one.key === key);",
            "if (!(key in this.data)) {\n      throw new Error(`no ${key}`);\n    }",
            "return [1, 2, 3].map((n) => n * 2)[0];",
        ],
    ),
    "go": (
        "package main\n\nfunc get(data map[string]int, key string) (int, error) {\n\t", "\n}\n",
        [
            "return data[key], nil", "if value, ok := data[key]; ok {\n\t\treturn value, nil\n\t}",
            "for k := range data {\n\t\tprintln(k)\n\t}", "return 0, errors.New(\"missing\")",
        ],
    ),
    "rust": (
        "fn get(data: &HashMap<String, i32>, key: &str) -> Option<i32> {\n    ", "\n}\n",
        [
            "data.get(key).copied()",
            "match data.get(key) {\n        Some(v) => Some(*v),\n        None => None,\n    }",
            "let found: Vec<_> = data.iter().filter(|(k, _)| *k == key).collect();",
        ],
    ),
    "java": (
        "class Store {\n    int get(String key) {\n        ", "\n    }\n}\n",
        [
            "return data.getOrDefault(key, 0);",
            "if (!data.containsKey(key)) {\n            return -1;\n        }",
            "int[] found = new int[] {1, 2};",
        ],
    ),
    "cpp": (
        "#include <map>\n\nint get(const std::map<int, int>& data, int key) {\n  ", "\n}\n",
        [
            "auto found = data.find(key);",
            "for (const auto& [k, v] : data) {\n    if (k == key) return v;\n  }",
            "return data.at(key);",
        ],
    ),
}  # fmt: skip
TRUE = [(language, text) for language, (_, _, texts) in SNIPPETS.items() for text in texts]


def faults(where, text):
    """The errors with `text`, whose last brackets may still be closed by whoever goes on."""
    found = scan(text, where.language)
    closed = text + found.inside.strip() + "".join(PAIRS[text[at]] for at in reversed(found.opened))
    return min(parsed(where.prefix + end + where.suffix, where.language).faults for end in (text, closed))


def least_of(where, text):
    """The most errors that may be left: those with the suggestion, without it, and without the line."""
    cut = len(where.prefix) - len(where.line_before)
    empty = parsed(where.prefix[:cut] + where.suffix, where.language).faults
    return max(faults(where, text), faults(where, ""), empty)


@pytest.mark.parametrize(("language", "text"), TRUE)
def test_good_code_passes_as_it_is(language, text):
    prefix, suffix, _ = SNIPPETS[language]
    assert CHAIN.run(text, place(language, prefix, suffix)) == (text, [])


@pytest.mark.parametrize(("language", "text"), TRUE)
@given(data=st.data())
@settings(max_examples=20)
def test_damaged_code_is_left_no_worse(language, text, data):
    prefix, suffix, texts = SNIPPETS[language]
    where = place(language, prefix, suffix)
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(len(text), at + 6)))
    put = data.draw(st.sampled_from(["", ")", "]", "}", '"', "(", ": :", "\n", " = =", "\n" + texts[-1]]))
    damaged = text[:at] + put + text[end:]
    shown, _ = CHAIN.run(damaged, where)
    assert faults(where, shown) <= least_of(where, damaged)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize(("language", "text"), TRUE)
def test_a_filter_that_cuts_good_code_at_any_place_leaves_it_no_worse(name, language, text):
    prefix, suffix, _ = SNIPPETS[language]
    for at in range(0, len(text), 5):
        where = place(language, prefix + text[:at], suffix)
        if at == 0 or where.line_before.strip():
            shown = FILTERS[name](text[at:], where).text
            assert faults(where, shown) <= least_of(where, text[at:])
