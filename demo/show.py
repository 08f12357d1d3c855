"""How the demo prints what it saw; colours only where the output is a terminal."""

from __future__ import annotations

import statistics
from typing import Any

from rich.console import Console
from rich.text import Text

from demo.editor import Ghost
from demo.scenes import SNIPPETS, Scene

_SHOWN = ("trigger", "cache", "debounce", "context", "queue", "tokenize", "prefill", "decode", "filters")
_COLOURS = {"debounce": "yellow", "prefill": "cyan", "decode": "magenta"}


def show_scene(console: Console, scene: Scene) -> None:
    """Name the file and the line that is typed on."""
    line = scene.text.count("\n", 0, scene.cursor) + 1
    console.print()
    console.rule(f"[bold]{scene.path.relative_to(SNIPPETS.parent)}[/] line {line}", align="left")


def show_ghost(console: Console, typed: str, ghost: Ghost) -> None:
    """Print the line as typed, the ghost text after it, its time and where the time went."""
    line = Text(f"{ghost.ms:6.0f} ms  ", style="bold")
    line.append(typed.lstrip(), style="default")
    first, *rest = (ghost.text or "").split("\n")
    if ghost.text:
        line.append(first, style="green italic")
    else:
        line.append(f"   (silent: {ghost.trace.get('reason', '?')})", style="dim")
    console.print(line, soft_wrap=True)
    for more in rest:
        console.print(Text("           " + more, style="green italic"), soft_wrap=True)
    console.print(_where(ghost.trace), soft_wrap=True)


def _where(trace: dict[str, Any]) -> Text:
    stages: dict[str, float] = trace.get("stages", {})
    counts = trace.get("counts", {})
    text = Text("           ", style="dim")
    for name in _SHOWN:
        if name in stages:
            text.append(f"{name} {stages[name]:.1f}  ", style=_COLOURS.get(name, "dim"))
    if trace.get("cached"):
        text.append(f"({trace['reason']})", style="dim")
    elif counts:
        tokens = (
            f"({counts['evaluated']} of {counts['prompt']} prompt tokens evaluated, {counts['decoded']} decoded)"
        )
        text.append(tokens, style="dim")
    return text


def show_summary(console: Console, times: list[float]) -> None:
    """Print the median and the slowest answer."""
    console.print()
    console.rule(align="left", title="answers")
    console.print(
        f"{len(times)} pauses in typing, median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms"
    )
