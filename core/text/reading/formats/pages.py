"""The lines of printed pages in the order in which they are read: columns one after another, running heads apart."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one line shows without a gap; places in points, from the left and from the bottom."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


Line = tuple[Stretch, ...]
"""Runs side by side on one line, from left to right as they are drawn."""


@dataclass(frozen=True, slots=True)
class Page:
    """Its rows in the order in which they are drawn, and its height in points."""

    height: float
    rows: tuple[Line, ...]


def gather_lines(runs: Sequence[Stretch]) -> tuple[Line, ...]:
    """Runs that follow each other on one line, gathered."""
    rows: list[list[Stretch]] = []
    for run in runs:
        last = rows[-1][-1] if rows else None
        if last and abs(last.baseline - run.baseline) < 0.5 * max(last.size, run.size) and run.left >= last.right - 1:
            rows[-1].append(run)
        else:
            rows.append([run])
    return tuple(map(tuple, rows))


# Columns

_FEWEST_ROWS = 3
_NARROWEST = 0.8  # of a character's size: what parts columns
_FEWEST_LETTERS, _FEWEST_WORDS = 10, 2
"""Of half of the lines: shorter ones are the cells of a table."""
_GOES_ON = 0.3
_EVEN_EDGE = 0.6


def in_reading_order(rows: Sequence[Line]) -> tuple[list[Line], bool]:
    """`rows` with columns that are drawn line by line put one below the other; whether there were any.

    Pages whose columns are drawn one after another are in order already, and tables are read row by row.
    """
    ordered: list[Line] = []
    found = False
    at = 0
    while at < len(rows):
        end, gutter = max((_follow(rows, at, gap) for gap in _gaps(rows[at])), default=(at, 0.0))
        block = rows[at:end]
        left, right = _split(block, gutter)
        if end - at >= _FEWEST_ROWS and _are_columns(left, right):
            for side in (left, right):
                inner, _ = in_reading_order(side)
                ordered += inner
            found = True
            at = end
        else:
            ordered.append(rows[at])
            at += 1
    return ordered, found


def _gaps(row: Line) -> Iterator[tuple[float, float]]:
    for one, next_one in pairwise(row):
        if next_one.left - one.right > _NARROWEST * max(one.size, next_one.size):
            yield one.right, next_one.left


def _follow(rows: Sequence[Line], start: int, gap: tuple[float, float]) -> tuple[int, float]:
    """How far down the gap between columns goes from row `start` on, and its middle."""
    low, high = gap
    end = start
    for number in range(start, len(rows)):
        if number > start and rows[number][0].baseline > rows[number - 1][0].baseline:
            break
        narrowed = _narrow(rows[number], low, high)
        if narrowed is None:
            break
        low, high = narrowed
        if len(rows[number]) > 1 or (number == end and rows[number][0].right < high):
            end = number + 1
    return end, (low + high) / 2


def _narrow(row: Line, low: float, high: float) -> tuple[float, float] | None:
    """The gap between two columns that a row leaves open; None if it goes across."""
    for run in row:
        if run.right < high and run.left < low:
            low = max(low, run.right)
        elif run.left > low and run.right > high:
            high = min(high, run.left)
        else:
            return None
        if high - low < _NARROWEST * run.size:
            return None
    return low, high


def _split(block: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    sides: tuple[list[Line], list[Line]] = ([], [])
    for row in block:
        for side, runs in zip(
            sides, ([r for r in row if r.left < gutter], [r for r in row if r.left >= gutter]), strict=True
        ):
            if runs:
                side.append(tuple(runs))
    return sides


def _are_columns(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether these are lines of running text: of several words, going on from one to the next or filling a width."""
    if min(len(left), len(right)) < _FEWEST_ROWS:
        return False
    for side in (left, right):
        texts = [text_of(row) for row in side]
        if median(map(len, texts)) < _FEWEST_LETTERS:
            return False
        if median(len(text.split()) for text in texts) < _FEWEST_WORDS and any(" " in text for text in texts):
            return False
    return any(map(_goes_on, (left, right))) or all(map(_is_even, (left, right)))


def _goes_on(side: Sequence[Line]) -> bool:
    following = [text_of(row)[:1] for row in side[1:]]
    cased = [letter for letter in following if letter.lower() != letter.upper()]
    if not cased:
        return True
    return sum(letter.islower() for letter in cased) >= _GOES_ON * len(following)


def _is_even(side: Sequence[Line]) -> bool:
    edges = Counter(round(row[-1].right) for row in side)
    return edges.most_common(1)[0][1] >= _EVEN_EDGE * len(side)


def text_of(row: Line) -> str:
    """What a row says."""
    return " ".join(run.text for run in row)


# Running heads and page numbers

_EDGE = 0.15
"""Of a page's height: where heads and feet are."""
_MOST_HEAD_ROWS = 3
_APART, _LEAST_LEADING = 1.4, 0.7
_FEWEST_PAGES = 3
_NUMBER = re.compile(r"\d+|\b(?=[ivxlc]+\b)c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})\b", re.IGNORECASE)


def find_heads(pages: Sequence[Page]) -> list[frozenset[int]]:
    """Of each page, which of its rows are heads or feet: set apart, and on three pages or more but for numbers.

    What repeats within the text, such as a refrain, is not set apart at the edge of the page.
    """
    groups: dict[tuple[bool, str], list[tuple[int, int]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for at_top in (True, False):
            for place in _edge_rows(page, at_top):
                groups[at_top, _shape(page.rows[place])].append((number, place))
    heads: list[set[int]] = [set() for _ in pages]
    for (_, shape), places in groups.items():
        on = sorted({number for number, _ in places})
        dense = len(on) >= _FEWEST_PAGES and on[-1] - on[0] <= 2 * len(on)  # every page or every other one
        if not dense or not _is_one_height(pages, places):
            continue
        if re.search(r"\w", shape) or _counts_up(pages, places):
            for number, place in places:
                heads[number].add(place)
    _add_others_in_their_place(pages, heads)
    return list(map(frozenset, heads))


def _add_others_in_their_place(pages: Sequence[Page], heads: Sequence[set[int]]) -> None:
    """Add what stands just where most pages have their head, in its size: the name of a chapter of two pages."""
    on: dict[tuple[bool, int, int], set[int]] = defaultdict(set)
    for number, places in enumerate(heads):
        for place in places:
            on[_where(pages[number], place)].add(number)
    for where, numbers in on.items():
        if len(numbers) < max(_FEWEST_PAGES, 0.5 * len(pages)):
            continue
        for number in set(range(len(pages))) - numbers:
            for place in _edge_rows(pages[number], where[0]):
                said = text_of(pages[number].rows[place])
                if _where(pages[number], place) == where and not said.rstrip().endswith((".", "!", "?", "…")):
                    heads[number].add(place)


def _where(page: Page, place: int) -> tuple[bool, int, int]:
    """Whether a row stands in the upper half of its page, how high in points, and its size in tenths of them."""
    run = page.rows[place][0]
    return run.baseline > 0.5 * page.height, round(run.baseline), round(10 * run.size)


def _shape(row: Line) -> str:
    """A row without what differs from page to page: its numbers."""
    return " ".join(_NUMBER.sub("#", text_of(row)).lower().split())


def _edge_rows(page: Page, at_top: bool) -> list[int]:
    """Rows at an edge that a gap sets apart from the text; one that begins or ends in a number may be close."""
    places = sorted(range(len(page.rows)), key=lambda place: -page.rows[place][0].baseline)
    lines = _lines(page, places)
    if not at_top:
        lines.reverse()
    near = [_is_near_edge(page, line, at_top) for line in lines]
    distances = [abs(_baseline(page, one) - _baseline(page, two)) for one, two in pairwise(lines)]
    if not lines or not near[0] or len(lines) < 2:
        return []
    inner = distances[_MOST_HEAD_ROWS:-_MOST_HEAD_ROWS] or distances[1:-1] or distances[1:]
    size = page.rows[lines[0][0]][0].size
    leading = [distance for distance in inner if distance > _LEAST_LEADING * size]  # columns may stand a little apart
    usual = median(leading) if leading else 0.0
    for n_rows in range(1, min(_MOST_HEAD_ROWS, len(lines) - 1) + 1):
        if not near[n_rows - 1]:
            break
        least = _APART * usual if usual and len(lines) > 3 else 1.5 * size
        if distances[n_rows - 1] > least:
            return [place for line in lines[:n_rows] for place in line]
    said = " ".join(text_of(page.rows[place]) for place in lines[0])
    return lines[0] if re.match(r"\d+\b", said) or re.search(r"\b\d+$", said) else []


def _lines(page: Page, places: Sequence[int]) -> list[list[int]]:
    """Rows gathered that stand on one line, whatever was drawn between them; from the top."""
    lines: list[list[int]] = []
    for place in places:
        run = page.rows[place][0]
        if lines and abs(_baseline(page, lines[-1]) - run.baseline) < 0.5 * run.size:
            lines[-1].append(place)
        else:
            lines.append([place])
    return lines


def _baseline(page: Page, line: Sequence[int]) -> float:
    return page.rows[line[0]][0].baseline


def _is_near_edge(page: Page, line: Sequence[int], at_top: bool) -> bool:
    baseline = _baseline(page, line)
    return baseline > (1 - _EDGE) * page.height if at_top else baseline < _EDGE * page.height


def _is_one_height(pages: Sequence[Page], places: Sequence[tuple[int, int]]) -> bool:
    """Whether rows stand at the same height of their pages, nearly all."""
    heights = [pages[number].rows[place][0].baseline for number, place in places]
    middle = median(heights)
    return sum(abs(height - middle) < 0.03 * pages[0].height + 1 for height in heights) >= 0.8 * len(heights)


def _counts_up(pages: Sequence[Page], places: Sequence[tuple[int, int]]) -> bool:
    """Whether rows that are numbers only follow the pages."""
    said = [text_of(pages[number].rows[place]) for number, place in places]
    numbers = [int(found[0]) for text in said if (found := re.search(r"\d+", text))]
    if not numbers:
        return True  # Roman ones
    return sum(one < two for one, two in pairwise(numbers)) >= 0.7 * (len(numbers) - 1)
