"""How chosen words change through the texts of a study, as lines with the noise of each step."""

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.comparison.study.ranking import Ranking
from core.comparison.study.steps import Since, StudyStep
from core.comparison.study.trajectories import Trajectories
from core.prose.colours import CLEAR, FAINT, KIND_COLOURS, NOISE_AREA, OTHER

MOST_LINES = len(KIND_COLOURS)
_HEIGHT = 330
_ROOM = 60
"""Letters of all names that stand beside each other below a chart."""


def draw_trajectories(
    names: Sequence[str],
    words: Sequence[str],
    rows: Sequence[int],
    trajectories: Trajectories,
    steps: Sequence[StudyStep],
    ranking: Ranking,
    since: Since,
) -> go.Figure:
    """Change of up to seven words in each text, from the text before or from the first.

    The last word has a bar below which 95 % of its changes by noise alone stay, in the steps whose noise was measured.
    A point is full where its word's change is above its own such bound, a star where it moved (`Ranking`), else hollow.

    Args:
        names: of the texts.
        words, rows: chosen words and their rows in the study.
        steps, ranking: those from text to text, or from the first, as `since` has it.
    """
    figure = go.Figure()
    change = trajectories.from_previous if since == "previous" else trajectories.from_first
    places = np.arange(1, len(names), dtype=np.float32)
    bounds = np.array([_bound(step, rows) for step in steps])  # (steps, chosen)
    if np.isfinite(bounds[:, -1]).any():
        _add_band(figure, places, bounds[:, -1], words[-1])
    begin = [] if since == "previous" else [0]  # the first text is no distance from itself
    for number, (word, row) in enumerate(zip(words, rows, strict=True)):
        own, moved = change[:, row], ranking.moved[:, row]
        symbols = np.where(moved, "star", np.where(own > bounds[:, number], "circle", "circle-open"))
        figure.add_scatter(
            x=np.concatenate([begin, places]).astype(np.float32),
            y=np.concatenate([begin, own]).astype(np.float32),
            name=escape(word),
            mode="lines+markers",
            line={"width": 2, "color": KIND_COLOURS[number]},
            marker={
                "size": [6 for _ in begin] + np.where(moved, 13, 8).tolist(),
                "symbol": ["circle" for _ in begin] + symbols.tolist(),
                "color": KIND_COLOURS[number],
            },
            customdata=_describe(names, own, bounds[:, number], moved, since),
            hovertemplate=f"<b>{escape(word)}</b>, %{{customdata}}<extra></extra>",
        )
    labels = [escape(_shorten(name)) for name in names]
    first = 0.7 if since == "previous" else -0.3
    figure.update_layout(
        height=_HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        showlegend=True,
        hovermode="closest",
        dragmode=False,
        xaxis={
            "tickvals": list(range(len(names))),
            "ticktext": labels,
            "range": [first, len(names) - 0.7],
            "showgrid": False,
            "automargin": True,
            "tickangle": -35 if sum(map(len, labels)) > _ROOM else 0,
            "zeroline": False,
            "showline": True,
            "linecolor": OTHER,
        },
        yaxis={"title": "change (1 − cosine)", "rangemode": "tozero", "gridcolor": FAINT, "zeroline": False},
        plot_bgcolor=CLEAR,
        paper_bgcolor=CLEAR,
    )
    return figure


def _bound(step: StudyStep, rows: Sequence[int]) -> np.ndarray:
    """Of the chosen words, nan where a word is not judged in the step."""
    if step.movers is None:
        return np.full(len(rows), np.nan)
    chosen = np.array(rows, np.int64)
    return np.where(step.movers.judged[chosen], step.movers.bound[chosen], np.nan)


def _add_band(figure: go.Figure, places: np.ndarray, bound: np.ndarray, word: str) -> None:
    """A bar each: a word need not be judged in every step."""
    figure.add_bar(
        x=places,
        y=bound.astype(np.float32),
        width=0.8,
        name=f"noise of {escape(word)}: 95 % stay below",
        marker={"color": NOISE_AREA, "line": {"width": 0}},
        hoverinfo="skip",
    )


def _describe(
    names: Sequence[str], change: np.ndarray, bound: np.ndarray, moved: np.ndarray, since: Since
) -> list[str]:
    said = [] if since == "previous" else [f"{escape(names[0])}: where all changes are counted from"]
    for step, (own, least, far) in enumerate(zip(change.tolist(), bound.tolist(), moved.tolist(), strict=True)):
        before = escape(names[step] if since == "previous" else names[0])
        text = f"{before} to {escape(names[step + 1])}:<br>change {own:.3f}"
        text += f", noise stays below {least:.3f}" if np.isfinite(least) else ", not held against noise"
        text += "; moved" if far else ""
        said.append(text)
    return said


def _shorten(name: str, longest: int = 18) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
