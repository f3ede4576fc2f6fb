"""A pair of maps as SVG for a paper: text stays text, points stay points, and nothing but numbers goes in."""

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np

from core.maps.tooltips import read_tooltips
from core.prose.colours import COVERED, EDGE, INK, NEW, PAPER, ROLE_COLOURS

_PANEL, _GAP, _TITLE, _LEGEND = 250.0, 10.24, 16.0, 18.0  # points; two panels are 180 mm wide together
_MM = 25.4 / 72
_FONT = 7.5
_LINE, _TITLE_LENGTH = 10.5, 48  # points; letters
_LABELS, _SHORTEST = 28, 5
_PLACES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What a map shows: n words, coordinates (n, 2), int counts (n,), bool covered (n,), and the range of each axis."""

    words: tuple[str, ...]
    coordinates: np.ndarray
    counts: np.ndarray
    covered: np.ndarray
    extent: tuple[tuple[float, float], tuple[float, float]]


def read_points(figure: Any) -> Points:
    """The points of a figure of `core.maps.figures.draw_map`."""
    trace = figure.data[0]
    counts, covered = read_tooltips(trace)
    coordinates = np.column_stack([np.asarray(trace.x, np.float64), np.asarray(trace.y, np.float64)])
    extent = tuple(tuple(axis.range) for axis in (figure.layout.xaxis, figure.layout.yaxis))
    return Points(tuple(trace.text), coordinates, counts, covered, extent)  # type: ignore[arg-type]


def draw_paper_map(titles: Sequence[str], maps: Sequence[Points], chosen: Sequence[str] = ()) -> str:
    """The maps beside each other, with one legend.

    Args:
        titles: of each map.
        maps: of the same words, in the same order.
        chosen: words to label and ring on every map; without any, frequent words that have room.
    """
    width = len(maps) * _PANEL + (len(maps) - 1) * _GAP
    height = _TITLE + _PANEL + _LEGEND
    lines = [_wrap(title) for title in titles]
    above = (max(len(each) for each in lines) - 1) * _LINE  # long titles take room above, not their neighbour's
    rows = {word: row for row, word in enumerate(maps[0].words)}
    wanted = [rows[word] for word in chosen if word in rows]
    labelled = wanted or _pick(maps[0])
    panels = []
    for place, (title, points) in enumerate(zip(lines, maps, strict=True)):
        left = place * (_PANEL + _GAP)
        panels.append(f'<g transform="translate({left:.2f} 0)">{_panel(title, points, labelled, bool(wanted))}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * _MM:.2f}mm" height="{(above + height) * _MM:.2f}mm" '
        f'viewBox="0 {-above:.2f} {width:.2f} {above + height:.2f}" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="{_FONT}">\n'
        f"<title>{_text(' and '.join(titles))}</title>\n"
        f'<rect y="{-above:.2f}" width="100%" height="100%" fill="{PAPER}"/>\n'
        f"{''.join(panels)}{_legend(maps, bool(wanted), height)}</svg>\n"
    )


def _wrap(title: str) -> list[str]:
    """The lines of a title that is no wider than its panel."""
    return textwrap.wrap(title, _TITLE_LENGTH) or [""]


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _place(points: Points) -> np.ndarray:
    """Coordinates in points within the panel, y downwards, one scale for both axes."""
    (x0, x1), (y0, y1) = points.extent
    scale = _PANEL / max(x1 - x0, y1 - y0, 1e-9)
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    placed: np.ndarray = (points.coordinates - middle) * scale * [1, -1] + [_PANEL / 2, _PANEL / 2 + _TITLE]
    return placed


def _radii(counts: np.ndarray) -> np.ndarray:
    radii: np.ndarray = np.clip(0.55 + 0.32 * np.log10(np.maximum(counts, 1)), 0.55, 2.0)
    return radii


def _panel(title: Sequence[str], points: Points, labelled: Sequence[int], ringed: bool) -> str:
    placed, radii = _place(points), _radii(points.counts)
    parts = [
        *(
            f'<text x="0" y="{_TITLE - 5 - up * _LINE:.2f}" font-size="9" font-weight="bold">{_text(line)}</text>\n'
            for up, line in enumerate(reversed(title))
        ),
        f'<rect x="0.25" y="{_TITLE}" width="{_PANEL - 0.5}" height="{_PANEL}" fill="none" stroke="{EDGE}" '
        'stroke-width="0.5"/>\n',
    ]
    for colour, chosen in ((COVERED, points.covered), (NEW, ~points.covered)):
        dots = "".join(
            f'<circle cx="{placed[row, 0]:.2f}" cy="{placed[row, 1]:.2f}" r="{radii[row]:.2f}"/>'
            for row in np.flatnonzero(chosen).tolist()
        )
        parts.append(f'<g fill="{colour}" fill-opacity="0.55">{dots}</g>\n')
    if ringed:
        rings = "".join(
            f'<circle cx="{placed[row, 0]:.2f}" cy="{placed[row, 1]:.2f}" r="{radii[row] + 1.6:.2f}"/>'
            for row in labelled
        )
        parts.append(f'<g fill="none" stroke="{ROLE_COLOURS["pin"]}" stroke-width="1">{rings}</g>\n')
    parts.append(_labels(points.words, placed, radii, labelled, ringed))
    return "".join(parts)


def _pick(points: Points) -> list[int]:
    """Frequent words, too short ones left out, whose labels do not hit each other."""
    candidates = [
        row for row in np.argsort(-points.counts, kind="stable").tolist() if len(points.words[row]) >= _SHORTEST
    ]
    placed, radii = _place(points), _radii(points.counts)
    taken: list[tuple[float, float, float, float]] = []
    picked = []
    for row in candidates[: 20 * _LABELS]:
        box = _free_box(placed[row], radii[row], _width(points.words[row]), taken)
        if box is not None:
            taken.append(box)
            picked.append(row)
        if len(picked) == _LABELS:
            break
    return picked


def _labels(
    words: Sequence[str], placed: np.ndarray, radii: np.ndarray, labelled: Sequence[int], always: bool
) -> str:  # fmt: skip
    taken: list[tuple[float, float, float, float]] = []
    parts = []
    for row in labelled:
        width = _width(words[row])
        box = _free_box(placed[row], radii[row], width, taken)
        if box is None:
            if not always:
                continue
            box = _box(placed[row], radii[row], width, *_PLACES[0])
        taken.append(box)
        where = f'x="{box[0]:.2f}" y="{box[3] - 1.9:.2f}"'
        word = _text(words[row])
        # a white copy below instead of paint-order, which many programs do not know
        parts.append(f'<text {where} stroke="{PAPER}" stroke-width="2" stroke-linejoin="round">{word}</text>')
        parts.append(f"<text {where}>{word}</text>\n")
    return f"<g>{''.join(parts)}</g>\n"


def _width(word: str) -> float:
    return _FONT * sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.56 for letter in word)


def _box(
    point: np.ndarray, radius: float, width: float, across: int, down: int
) -> tuple[float, float, float, float]:  # fmt: skip
    """Left, top, right, bottom of a label that lies in that direction of its point."""
    gap = radius + 1.5
    x = point[0] + across * gap - (width if across < 0 else width / 2 if across == 0 else 0)
    y = point[1] + down * (gap + _FONT / 2) - _FONT / 2
    return float(x), float(y), float(x + width), float(y + _FONT)


def _free_box(
    point: np.ndarray, radius: float, width: float, taken: Sequence[tuple[float, float, float, float]]
) -> tuple[float, float, float, float] | None:
    for across, down in _PLACES:
        box = _box(point, radius, width, across, down)
        inside = box[0] >= 1 and box[2] <= _PANEL - 1 and box[1] >= _TITLE + 1 and box[3] <= _TITLE + _PANEL - 1
        if inside and not any(_hit(box, other) for other in taken):
            return box
    return None


def _hit(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _legend(maps: Sequence[Points], ringed: bool, height: float) -> str:
    entries: list[tuple[str, str]] = []
    if any(points.covered.any() for points in maps):
        entries = [(f'fill="{COVERED}"', "in the pretrained file"), (f'fill="{NEW}"', "not in it")]
    if ringed:
        entries.append((f'fill="none" stroke="{ROLE_COLOURS["pin"]}"', "chosen word"))
    starts = [0.0]
    for _, text in entries:
        starts.append(starts[-1] + 18 + _width(text))
    y = height - 6
    parts = [
        f'<circle cx="{x + 3:.1f}" cy="{y - 2.5:.1f}" r="2.2" {style}/><text x="{x + 8:.1f}" y="{y:.1f}">{text}</text>'
        for (style, text), (x, _) in zip(entries, pairwise(starts), strict=True)
    ]
    note = f"{len(maps[0].words):,} words; larger points occur more often"
    return f'<g fill="{INK}">{"".join(parts)}<text x="{starts[-1]:.1f}" y="{y:.1f}">{note}</text></g>\n'
