"""Types into real files as a person would and prints each ghost text; run it with `make demo`."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from rich.console import Console

from demo.editor import Editor
from demo.scenes import SCENES, Scene
from demo.show import show_ghost, show_scene, show_summary


async def play(scene: Scene, editor: Editor, console: Console) -> list[float]:
    """Type one scene's text, stopping where it says; return the milliseconds of each answer."""
    show_scene(console, scene)
    await editor.open(scene.path, scene.text, scene.language)
    await editor.go_to(scene.cursor)
    times = []
    for burst in scene.bursts:
        ghost = await editor.type(burst)
        show_ghost(console, editor.line(), ghost)
        times.append(ghost.ms)
        await editor.clear_line()
    return times


async def main() -> int:
    """Run all scenes against one server process."""
    console = Console(highlight=False)
    started = time.perf_counter()
    editor = await Editor.start([sys.executable, "-m", "ai_lsp", "serve"], Path(__file__).parent)
    state = await editor.ready()
    console.print(f"server and model {state}, {time.perf_counter() - started:.1f} s after the start")
    times = []
    for scene in SCENES:
        times += await play(scene, editor, console)
    await editor.close()
    show_summary(console, times)
    return 0 if times else 1


sys.exit(asyncio.run(main()))
