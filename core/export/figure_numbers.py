"""The numbers of a figure as a table: a row for each point or bar, as they are drawn."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

import pandas as pd

from core.prose.cells import plain_cell

_MARKUP = re.compile(r"<[^>]*>")
_ERRORS = (("array", "above"), ("arrayminus", "below"))


def tabulate_figure(figure: Any) -> pd.DataFrame:
    """What a Plotly figure in two dimensions shows.

    Columns are the series where there are several, what is written at a point, and the two axes by their titles; where
    a point has an interval, how far it reaches above and below. Gaps in lines are left out, text is without markup.
    """
    traces = [trace for trace in figure.data if getattr(trace, "x", None) is not None and len(trace.x)]
    named = [_plain(trace.name or "") for trace in traces]
    axes = {name: _plain(figure.layout[f"{name}axis"].title.text or "") or name for name in "xy"}
    if axes["x"] == axes["y"]:
        axes = {name: f"{title} ({name})" for name, title in axes.items()}
    frames = [
        _tabulate_trace(trace, axes).assign(**({"Series": name} if len(set(named)) > 1 else {}))
        for trace, name in zip(traces, named, strict=True)
    ]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(axes.values()))
    first = [name for name in ("Series", "Text") if name in table]
    return table[[*first, *(name for name in table if name not in first)]]


def write_csv(table: pd.DataFrame) -> bytes:
    """As a spreadsheet takes it: UTF-8 with its mark, and no text that it would take for a formula."""
    text = table.select_dtypes(include=["object", "string"])
    guarded = {name: text[name].map(lambda cell: plain_cell(cell) if isinstance(cell, str) else cell) for name in text}
    written: str = table.assign(**guarded).to_csv(index=False)
    return written.encode("utf-8-sig")


def _tabulate_trace(trace: Any, axes: dict[str, str]) -> pd.DataFrame:
    columns: dict[str, Any] = {axes[name]: list(trace[name]) for name in "xy"}
    written = next(_texts(trace, len(trace.x)), None)
    if written is not None:
        columns["Text"] = [_plain(str(each)) for each in written]
    for name in "xy":
        for side, said in _ERRORS:
            reach = trace[f"error_{name}"][side]
            if reach is not None:
                columns[f"{axes[name]}, {said}"] = list(reach)
    table = pd.DataFrame(columns)
    return table[table[axes["x"]].notna() & table[axes["y"]].notna()]


def _texts(trace: Any, points: int) -> Iterator[Sequence[Any]]:
    """What is written at each point; nothing where one text serves them all."""
    for name in ("text", "hovertext", "customdata"):
        told = trace[name]
        if told is None or isinstance(told, str) or len(told) != points:
            continue
        if all(each is None or isinstance(each, str) for each in told) and any(told):
            yield told


def _plain(text: str) -> str:
    return " ".join(unescape(_MARKUP.sub(" ", text)).split())
