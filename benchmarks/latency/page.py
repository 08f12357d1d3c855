"""The report as one page that needs no other file."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

from benchmarks.latency import pictures
from benchmarks.latency.summary import Summary, shown

_CSS = Path(__file__).with_name("page.css")


def render(summary: Summary) -> str:
    """Return the page."""
    about = "".join(
        f"<span>{escape(name)}: <b>{escape(value)}</b></span>" for name, value in summary.about.items()
    )
    picture = base64.b64encode(pictures.cdf(summary)).decode("ascii")
    parts = (
        _section("Targets", _targets(summary)),
        _section(
            "Keystrokes answered before the next key, by time",
            f'<img alt="share of keystrokes answered by time" src="data:image/png;base64,{picture}">',
        ),
        _section("Stages of replies that reached the engine, ms", _stages(summary)),
        *(
            _section(f"{escape(name)}: ms to the reply, by keystroke", _times(summary, name))
            for name in summary.rows
        ),
        _section("What blocked the event loop longest", _callbacks(summary)),
        f"<section><details><summary>All figures</summary>{_figures(summary)}</details></section>",
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>ai-lsp: latency</title><style>{_CSS.read_text('utf-8')}</style>"
        f"<body><h1>Latency</h1><p class=about>{about}</p>{''.join(parts)}</body></html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>"


def _table(head: str, rows: list[str]) -> str:
    """Return a table; a `|` before a column's name means that it holds numbers."""
    cells = (
        f"<th class=n>{escape(name[1:])}" if name.startswith("|") else f"<th>{escape(name)}"
        for name in head.split(", ")
    )
    return f"<table><tr>{''.join(cells)}{''.join(rows)}</table>"


def _numbers(*values: float | int | None) -> str:
    return "".join(f"<td class=n>{shown(value)}" for value in values)


def _targets(summary: Summary) -> str:
    rows = []
    for one in summary.outcomes:
        verdict = f'<span class="verdict {one.verdict.replace(" ", "-")}">{one.verdict}</span>'
        beside = f"{escape(one.target.beside[1])}: {shown(one.beside)}" if one.target.beside else ""
        rows.append(
            f"<tr><td>{escape(one.target.what)}{_numbers(one.value)}"
            f"<td class=n>{escape(one.target.bound_text)}<td>{verdict}<td class=soft>{beside}"
        )
    return _table("what, |measured, |target, , beside", rows)


def _stages(summary: Summary) -> str:
    longest = max((stage.p95 for stage in summary.stages), default=0) or 1
    rows = [
        f"<tr><td>{stage.name}{_numbers(stage.p50, stage.p95)}"
        f"<td><div class=track><i style='width:{100 * stage.p95 / longest:.1f}%'></i>"
        f"<i style='width:{100 * stage.p50 / longest:.1f}%'></i></div><td class=soft>{escape(stage.what)}"
        for stage in summary.stages
    ]
    note = (
        "<p class=soft>A generation that an earlier key began counts whole, so a stage may exceed the total.</p>"
    )
    return _table("stage, |p50, |p95, p50 in p95, what", rows) + note


def _times(summary: Summary, name: str) -> str:
    rows = [
        f"<tr{' class=all' if row.name == 'all' else ''}><td>{row.name}"
        + _numbers(row.asked, row.answered, row.shown, row.p50, row.p95, row.p99, row.worst)
        for row in summary.rows[name]
    ]
    return _table("keystroke, |asked, |answered, |shown, |p50, |p95, |p99, |max", rows)


def _callbacks(summary: Summary) -> str:
    rows = [
        f"<tr><td>{escape(worst['name'])}"
        + _numbers(*(worst[f"{what}_ms"] for what in ("wall", "cpu", "core", "gc")))
        for worst in summary.worst_callbacks
    ]
    return _table("callback, |wall ms, |CPU ms, |waiting for a core, ms, |collecting garbage, ms", rows)


def _figures(summary: Summary) -> str:
    return _table(
        "figure, |value", [f"<tr><td>{name}{_numbers(value)}" for name, value in summary.figures.items()]
    )
