"""Words that changed together: the same neighbours lost, the same gained, which is the reason to show."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.comparison.neighbourhood import Neighbourhoods, neighbour_rows
from core.comparison.pair import Comparison
from core.geometry.directions import unit

_LOOKED_AT = 25  # neighbours on each side
_LIKE_ENOUGH = 0.25  # cosine between two words' lists of gains and losses, on average within a group


@dataclass(frozen=True, slots=True)
class MoverGroup:
    """Words that changed together.

    Attributes:
        rows: of the words in the comparison, in the order they were given.
        words: the same, as words.
        lost, gained: the neighbours that most of them lost and gained, most widely shared and nearest first.
    """

    rows: tuple[int, ...]
    words: tuple[str, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]


def group_movers(
    near: Neighbourhoods, rows: Sequence[int], reasons: int = 5, named: np.ndarray | None = None
) -> tuple[MoverGroup, ...]:
    """Group words by what they lost and gained among their 25 nearest neighbours; largest groups first.

    Average-link clustering of each word's losses (-) and gains (+), nearer neighbours weighing more. A word that
    changed like no other is a group of one. `rows` are rows of the comparison, `reasons` how many words to name
    on either side: those of `named`, bool (words,), or any.
    """
    rows = [int(row) for row in rows]
    traces = [_trace(near, row) for row in rows]
    clusters: dict[int, list[int]] = {}
    for place, label in enumerate(_cluster(traces)):
        clusters.setdefault(label, []).append(place)
    groups = [
        _describe(near.comparison, [rows[i] for i in places], [traces[i] for i in places], reasons, named)
        for places in clusters.values()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.rows), rows.index(group.rows[0]))))


def _trace(near: Neighbourhoods, row: int) -> dict[int, float]:
    """What a word lost (negative) and gained: weight by row, 1 for the nearest neighbour, falling with rank."""
    rows = neighbour_rows(near, row, _LOOKED_AT)
    lost = {other: -1 / rank**0.5 for other, rank in rows.lost.items()}
    return lost | {other: 1 / rank**0.5 for other, rank in rows.gained.items()}


def _cluster(traces: Sequence[dict[int, float]]) -> list[int]:
    """A cluster's number for each trace."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(traces) < 2:
        return [1] * len(traces)
    columns = {row: column for column, row in enumerate(sorted(set().union(*traces)))}
    table = np.zeros((len(traces), max(len(columns), 1)))
    for place, trace in enumerate(traces):
        table[place, [columns[row] for row in trace]] = list(trace.values())
    table = unit(table)
    distances = (1 - table @ table.T).clip(0)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    return [int(label) for label in fcluster(tree, 1 - _LIKE_ENOUGH, "distance")]


def _describe(
    comparison: Comparison,
    rows: Sequence[int],
    traces: Sequence[dict[int, float]],
    reasons: int,
    named: np.ndarray | None,
) -> MoverGroup:
    total: dict[int, float] = defaultdict(float)
    for trace in traces:
        for other, weight in trace.items():
            if named is None or named[other]:
                total[other] += weight
    words = comparison.words
    ranked = sorted(total.items(), key=lambda entry: (-abs(entry[1]), entry[0]))
    lost = [words[other] for other, weight in ranked if weight < 0]
    gained = [words[other] for other, weight in ranked if weight > 0]
    return MoverGroup(tuple(rows), tuple(words[row] for row in rows), tuple(lost[:reasons]), tuple(gained[:reasons]))
