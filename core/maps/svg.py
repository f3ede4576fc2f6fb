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

from core.maps.regions import DrawnNames, read_names
from core.maps.tooltips import read_tooltips
from core.prose.colours import COVERED, EDGE, INK, NEW, PAPER, ROLE_COLOURS

_PANEL, _GAP, _TITLE, _LEGEND = 250.0, 10.24, 16.0, 18.0  # points; two panels are 180 mm wide together
_MM = 25.4 / 72
_FONT = 7.5
_LINE, _TITLE_LENGTH = 10.5, 48  # points; letters
_LABELS, _SHORTEST = 28, 5
_FEWEST_SEEN = 6
_PLACES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
Box = tuple[float, float, float, float]
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What a map shows.

    Attributes:
        words: n words.
        coordinates: (n, 2).
        counts: int (n,).
        covered: bool (n,).
        extent: the range of each axis; what lies beyond is not drawn.
        names: regions and content words; None where they are not known, and words are coloured by `covered`.
    """

    words: tuple[str, ...]
    coordinates: np.ndarray
    counts: np.ndarray
    covered: np.ndarray
    extent: tuple[tuple[float, float], tuple[float, float]]
    names: DrawnNames | None = None

    @property
    def colours(self) -> list[tuple[str, np.ndarray]]:
        """Each colour, and which words have it, bool (n,)."""
        if self.names is None:
            return [(COVERED, self.covered), (NEW, ~self.covered)]
        return self.names.colours

    @property
    def seen(self) -> np.ndarray:
        """bool (n,): within the extent."""
        (x0, x1), (y0, y1) = self.extent
        x, y = self.coordinates.T
        return np.asarray((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))


def read_points(figure: Any) -> Points:
    """The points of a figure of `core.maps.figures.draw_map`."""
    trace = figure.data[0]
    counts, covered = read_tooltips(trace)
    coordinates = np.column_stack([np.asarray(trace.x, np.float64), np.asarray(trace.y, np.float64)])
    extent = tuple(tuple(axis.range) for axis in (figure.layout.xaxis, figure.layout.yaxis))
    names = read_names(trace)
    return Points(tuple(trace.text), coordinates, counts, covered, extent, names)  # type: ignore[arg-type]


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
    labelled = wanted or _pick(maps[0], _place_regions(maps[0], maps))
    panels = []
    for place, (title, points) in enumerate(zip(lines, maps, strict=True)):
        left = place * (_PANEL + _GAP)
        panels.append(
            f'<g transform="translate({left:.2f} 0)">{_panel(title, points, maps, labelled, bool(wanted))}</g>'
        )
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


def _panel(
    title: Sequence[str], points: Points, maps: Sequence[Points], labelled: Sequence[int], ringed: bool
) -> str:  # fmt: skip
    placed, radii = _place(points), _radii(points.counts)
    regions, seen = _place_regions(points, maps), points.seen
    parts = [
        *(
            f'<text x="0" y="{_TITLE - 5 - up * _LINE:.2f}" font-size="9" font-weight="bold">{_text(line)}</text>\n'
            for up, line in enumerate(reversed(title))
        ),
        f'<rect x="0.25" y="{_TITLE}" width="{_PANEL - 0.5}" height="{_PANEL}" fill="none" stroke="{EDGE}" '
        'stroke-width="0.5"/>\n',
    ]
    for colour, chosen in points.colours:
        dots = "".join(
            f'<circle cx="{placed[row, 0]:.2f}" cy="{placed[row, 1]:.2f}" r="{radii[row]:.2f}"/>'
            for row in np.flatnonzero(chosen & seen).tolist()
        )
        parts.append(f'<g fill="{colour}" fill-opacity="0.55">{dots}</g>\n')
    if ringed:
        rings = "".join(
            f'<circle cx="{placed[row, 0]:.2f}" cy="{placed[row, 1]:.2f}" r="{radii[row] + 1.6:.2f}"/>'
            for row in labelled
            if seen[row]
        )
        parts.append(f'<g fill="none" stroke="{ROLE_COLOURS["pin"]}" stroke-width="1">{rings}</g>\n')
    parts.append("".join(_halo(name, box, 'font-size="8.5" font-weight="600"', 2.3) for name, box in regions))
    shown = [row for row in labelled if seen[row]]
    parts.append(_labels(points.words, placed, radii, shown, ringed, [box for _, box in regions]))
    return "".join(parts)


def _place_regions(points: Points, maps: Sequence[Points]) -> list[tuple[str, Box]]:
    """Names of the coarse regions that have room, each at the word in its midst, the same word on all `maps`.

    Where that lies beyond the edge, but enough of the region do not, it is the word amid these.
    """
    if points.names is None:
        return []
    middles = [each.coordinates for each in maps]
    placed, seen, found = _place(points), points.seen, list[tuple[str, Box]]()
    for name, members in zip(points.names.names, points.names.members, strict=True):
        if not name or not len(members):
            continue
        apart = [((each[members] - np.median(each[members], axis=0)) ** 2).sum(axis=1) for each in middles]
        midst = members[int(np.argmin(sum(apart)))]
        if not seen[midst]:
            inside = members[seen[members]]
            if len(inside) < _FEWEST_SEEN:
                continue
            midst = inside[int(np.argmin(np.abs(placed[inside] - np.median(placed[inside], axis=0)).sum(axis=1)))]
        x, y = placed[midst].tolist()
        half = _width(name) * 8.5 / _FONT / 2 + 1
        x = min(max(x, half + 1), _PANEL - half - 1)
        for step in (0, 10, -10, 20, -20):
            box = (x - half, y + step - 5, x + half, y + step + 5)
            if box[1] >= _TITLE and box[3] <= _TITLE + _PANEL and not any(_hit(box, other) for _, other in found):
                found.append((name, box))
                break
    return found


def _halo(text: str, box: Box, style: str, lift: float) -> str:
    """Text in `box` over a white copy of itself: many programs do not know paint-order."""
    where = f'x="{box[0] + 1:.2f}" y="{box[3] - lift:.2f}" {style}'
    words, below = _text(text), f'stroke="{PAPER}" stroke-width="2" stroke-linejoin="round"'
    return f"<text {where} {below}>{words}</text><text {where}>{words}</text>\n"


def _pick(points: Points, regions: Sequence[tuple[str, Box]]) -> list[int]:
    """Frequent words, too short ones and function words left out, whose labels do not hit each other nor a region's."""
    content = points.seen if points.names is None else points.seen & points.names.content
    order = np.argsort(-points.counts, kind="stable").tolist()
    candidates = [row for row in order if content[row] and _is_long(points.words[row])]
    placed, radii = _place(points), _radii(points.counts)
    taken: list[Box] = [box for _, box in regions]
    picked = []
    for row in candidates[: 20 * _LABELS]:
        box = _free_box(placed[row], radii[row], _width(points.words[row]), taken)
        if box is not None:
            taken.append(box)
            picked.append(row)
        if len(picked) == _LABELS:
            break
    return picked


def _is_long(word: str) -> bool:
    """Signs of scripts without capitals are words by themselves."""
    return len(word) >= _SHORTEST or word.upper() == word.lower()


def _labels(
    words: Sequence[str],
    placed: np.ndarray,
    radii: np.ndarray,
    labelled: Sequence[int],
    always: bool,
    taken: list[Box],
) -> str:
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
) -> Box:  # fmt: skip
    """Left, top, right, bottom of a label that lies in that direction of its point."""
    gap = radius + 1.5
    x = point[0] + across * gap - (width if across < 0 else width / 2 if across == 0 else 0)
    y = point[1] + down * (gap + _FONT / 2) - _FONT / 2
    return float(x), float(y), float(x + width), float(y + _FONT)


def _free_box(point: np.ndarray, radius: float, width: float, taken: Sequence[Box]) -> Box | None:
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
    if maps[0].names is None and any(points.covered.any() for points in maps):
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
