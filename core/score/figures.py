"""The scorecard drawn: gains over the reference with their intervals, by model and by count; score against dose."""

import math
import textwrap
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.prose.colours import CHOSEN, CLEAR, OTHER, PLACEBO, ROLE_COLOURS, SERIES
from core.prose.numbers import count
from core.score.bootstrap import Estimate
from core.score.findings import least_count, write_band
from core.score.scorecard import Scorecard
from core.score.verdict import MIN_EFFECT, title

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
        told = f"hidden word preferred to {100 * cloze.value:.1f} % of the alternatives"
        figure.add_trace(_draw_row(len(rows) - 1 - place, name, delta, told, role))
    _lay_out(figure, card, [_wrap(name, _LABEL_WIDTH) for name, *_ in rows], [delta for _, delta, *_ in rows])
    return figure


def draw_bands(card: Scorecard) -> go.Figure:
    """The judged model's gain over the reference by how often the hidden word was seen, rarest first, as the forest."""
    least, bands = least_count(card), [band for band in card.model(card.chosen).bands if band.positions]
    figure = go.Figure()
    for place, band in enumerate(bands):
        name, told = write_band(band, least), count("question", band.positions)
        figure.add_trace(_draw_row(len(bands) - 1 - place, name, band.delta, told, "chosen"))
    labels = [f"{write_band(band, least)}<br>{count('question', band.positions)}" for band in bands]
    _lay_out(figure, card, labels, [band.delta for band in bands])
    return figure


def _lay_out(figure: go.Figure, card: Scorecard, labels: Sequence[str], deltas: Sequence[Estimate]) -> None:
    """Axes of a forest with a row for each of `labels`, the first on top."""
    low, high = _extent(deltas)
    reference = title(card.model(card.reference))
    figure.add_vrect(x0=-100 * MIN_EFFECT, x1=100 * MIN_EFFECT, fillcolor=OTHER, opacity=0.14, line_width=0)
    figure.add_vline(x=0, line={"color": OTHER, "width": 1.5})
    figure.update_layout(
        height=90 + _ROW_HEIGHT * len(labels),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        dragmode=False,
        plot_bgcolor=CLEAR,
        paper_bgcolor=CLEAR,
        xaxis={
            "title": {"text": _wrap(f"Gain over “{reference}”, in points", 44), "standoff": 8},
            "range": (low, high),
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
        },
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(len(labels))),
            "ticktext": list(reversed(labels)),
            "range": (-0.6, len(labels) - 0.4),
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
        },
    )


def draw_dose_curve(curve: Sequence[tuple[float, float]], automatic: float, current: float) -> go.Figure:
    """Held-out score against dose, with the automatic choice and the current dose.

    Args:
        curve: (dose, share of the alternatives that hidden words beat) pairs.
        automatic: the dose that was chosen on held-out text.
        current: the dose that is shown.
    """
    doses, shares = zip(*curve, strict=True)
    scores = [100 * share for share in shares]
    figure = go.Figure(
        go.Scatter(
            x=doses,
            y=scores,
            mode="lines+markers",
            line={"color": SERIES, "width": 2},
            marker={"size": 6},
            hovertemplate="dose %{x:.3f}: %{y:.1f} %<extra></extra>",
        )
    )
    figure.add_vline(x=automatic, line={"color": OTHER, "dash": "dot", "width": 1.5})
    height = float(np.interp(current, doses, scores))
    figure.add_scatter(
        x=[current],
        y=[height],
        mode="markers",
        hoverinfo="skip",
        marker={"size": 13, "color": CLEAR, "line": {"color": ROLE_COLOURS["pin"], "width": 3}},
    )
    figure.update_layout(
        height=150,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        xaxis={"title": None, "range": (-0.03, 1.03), "tickvals": [0, 0.25, 0.5, 0.75, 1], "fixedrange": True},
        yaxis={"title": None, "tickformat": ".0f", "ticksuffix": " %", "nticks": 4, "fixedrange": True},
    )
    return figure


def _role(card: Scorecard, name: str) -> str:
    return "reference" if name == card.reference else "chosen" if name == card.chosen else "other"


def _draw_row(place: int, name: str, delta: Estimate, told: str, role: str) -> go.Scatter:
    colour = {"chosen": CHOSEN, "placebo": PLACEBO}.get(role, OTHER)
    value, low, high = (100 * number for number in delta)
    bounded = math.isfinite(low) and math.isfinite(high)
    interval = f"likely between {low:+.1f} and {high:+.1f}" if bounded else "no interval: a single document"
    return go.Scatter(
        x=[value],
        y=[place],
        mode="markers",
        name=_escape(name),
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
        hovertemplate=f"{_escape(name)}<br>{value:+.1f} points, {interval}<br>{told}<extra></extra>",
    )


def _extent(deltas: Sequence[Estimate]) -> tuple[float, float]:
    ends = [100 * end for delta in deltas for end in delta if math.isfinite(end)]
    low, high = min([*ends, -2.0]), max([*ends, 2.0])
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _wrap(text: str, width: int) -> str:
    return "<br>".join(map(_escape, textwrap.wrap(text, width)))


def _escape(text: str) -> str:
    """Plotly reads a subset of HTML in labels, and % as the start of a format in templates."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "%&#123;")
