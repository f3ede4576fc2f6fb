"""The scorecard drawn: every model's gain over the reference with its interval, and the placebo beside it."""

import math
import textwrap

import plotly.graph_objects as go

from core.score.bootstrap import Estimate
from core.score.scorecard import Scorecard
from core.score.verdict import MIN_EFFECT, title

CHOSEN, OTHER, PLACEBO = "#4c6ef5", "#7f8896", "#e8890c"
"""Readable on light and on dark; told apart by any colour vision, and by their symbols."""
_ROW_HEIGHT, _LABEL_WIDTH = 44, 24


def draw_forest(card: Scorecard) -> go.Figure:
    """One line a model, best first: gain in cloze over the reference in points, with its 95 % interval.

    The band marks gains too small to matter. Intervals without an end (a single document) are left out.
    """
    rows = [(title(model), model.delta, model.cloze, _role(card, model.name)) for model in card.models]
    rows = [row for row in rows if row[3] != "reference"]
    rows.sort(key=lambda row: -row[1].value)
    if card.placebo is not None:
        name = "Placebo: your words in random order"
        rows.append((name, card.placebo.delta, card.placebo.cloze, "placebo"))
    figure = go.Figure()
    for place, (name, delta, cloze, role) in enumerate(rows):
        figure.add_trace(_draw_row(len(rows) - 1 - place, name, delta, cloze, role))
    low, high = _extent([delta for _, delta, *_ in rows])
    reference = title(card.model(card.reference))
    figure.add_vrect(x0=-100 * MIN_EFFECT, x1=100 * MIN_EFFECT, fillcolor=OTHER, opacity=0.14, line_width=0)
    figure.add_vline(x=0, line={"color": OTHER, "width": 1.5})
    figure.update_layout(
        height=90 + _ROW_HEIGHT * len(rows),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        dragmode=False,
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
        xaxis={
            "title": {"text": _wrap(f"Gain over “{reference}”, in points", 44), "standoff": 8},
            "range": (low, high),
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
        },
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(len(rows))),
            "ticktext": [_wrap(name, _LABEL_WIDTH) for name, *_ in reversed(rows)],
            "range": (-0.6, len(rows) - 0.4),
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
        },
    )
    return figure


def _role(card: Scorecard, name: str) -> str:
    return "reference" if name == card.reference else "chosen" if name == card.chosen else "other"


def _draw_row(place: int, name: str, delta: Estimate, cloze: Estimate, role: str) -> go.Scatter:
    colour = {"chosen": CHOSEN, "placebo": PLACEBO}.get(role, OTHER)
    value, low, high = (100 * number for number in delta)
    bounded = math.isfinite(low) and math.isfinite(high)
    interval = f"likely between {low:+.1f} and {high:+.1f}" if bounded else "no interval: a single document"
    return go.Scatter(
        x=[value],
        y=[place],
        mode="markers",
        name=name,
        marker={
            "size": 12 if role == "chosen" else 10,
            "color": colour,
            "symbol": "diamond-open" if role == "placebo" else "circle",
            "line": {"width": 2, "color": colour},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - value if bounded else 0],
            "arrayminus": [value - low if bounded else 0],
            "color": colour,
            "thickness": 3 if role == "chosen" else 2,
            "width": 5,
        },
        hovertemplate=f"{_escape(name)}<br>{value:+.1f} points, {interval}<br>"
        f"right word preferred {100 * cloze.value:.1f} % of the time<extra></extra>",
    )


def _extent(deltas: list[Estimate]) -> tuple[float, float]:
    ends = [100 * end for delta in deltas for end in delta if math.isfinite(end)]
    low, high = min([*ends, -2.0]), max([*ends, 2.0])
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _wrap(text: str, width: int) -> str:
    return "<br>".join(map(_escape, textwrap.wrap(text, width)))


def _escape(text: str) -> str:
    """Plotly reads a subset of HTML in labels, and % as the start of a format in templates."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "%&#123;")
