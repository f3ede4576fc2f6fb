"""Maps of very many words: a sample of them is laid out, and any other word can be added without a new layout."""

import numpy as np

from core.comparison.pair import SharedWords
from core.geometry.neighbours import Neighbours, neighbours_of
from core.maps.pair_layout import PairLayout, Track

MOST_MAPPED_WORDS = 50_000
"""So many words a map shows."""
DRAWN_WORDS = 10_000
"""So many of them it draws, unless more are asked for."""
_PLACED_BY = 5


def sample_words(shared: SharedWords, most: int) -> SharedWords:
    """`shared` with `most` words: the most frequent half of them (the left embedding's order), and others by chance.

    The same words always give the same sample.
    """
    n = len(shared.words)
    if n <= most:
        return shared
    first = most // 2
    rest = np.random.default_rng(0).choice(np.arange(first, n), most - first, replace=False)
    return take_words(shared, np.concatenate([np.arange(first), np.sort(rest)]))


def turn_words(shared: SharedWords) -> SharedWords:
    """`shared`, in the same order, with left and right exchanged."""
    return shared._replace(
        left_rows=shared.right_rows,
        right_rows=shared.left_rows,
        only_left=shared.only_right,
        only_right=shared.only_left,
    )


def choose_drawn(n: int, most: int, always: np.ndarray) -> np.ndarray:
    """Which of `n` words, most frequent first, are drawn: bool (n,).

    The frequent half of `most`, so many again at even steps through the others, and `always`, rows as int (k,).
    """
    drawn = np.zeros(n, bool)
    first = min(n, (most + 1) // 2)
    drawn[:first] = True
    others = min(most - first, n - first)
    if others > 0:
        drawn[np.linspace(first, n - 1, others).round().astype(np.int64)] = True
    drawn[always] = True
    return drawn


def add_words(sample: SharedWords, whole: SharedWords, words: tuple[str, ...]) -> SharedWords:
    """`sample` with `words` of `whole` below it."""
    if not words:
        return sample
    added = take_words(whole, np.array([whole.words.index(word) for word in words]))
    return sample._replace(
        words=sample.words + added.words,
        left_rows=np.concatenate([sample.left_rows, added.left_rows]),
        right_rows=np.concatenate([sample.right_rows, added.right_rows]),
    )


def add_neighbours(near: Neighbours, vectors: np.ndarray) -> Neighbours:
    """`near` covers the first rows of `vectors` (words, d); the rows below get neighbours among these."""
    n, width = near.indices.shape
    if len(vectors) == n:
        return near
    indices = np.full((len(vectors), width), -1, np.int32)
    similarities = np.full((len(vectors), width), np.nan, np.float32)
    indices[:n], similarities[:n] = near.indices, near.similarities
    for row in range(n, len(vectors)):
        found, cosines = neighbours_of(vectors[:n], vectors[row], width)
        indices[row, : len(found)], similarities[row, : len(found)] = found, cosines
    return Neighbours(indices, similarities)


def add_places(
    layout: PairLayout, near: tuple[Neighbours, Neighbours], covered: tuple[np.ndarray, np.ndarray]
) -> PairLayout:
    """`layout` with places for the rows that only `near` has: amid their five nearest words.

    `covered`: bool (words,) each, of all rows.
    """
    left, right = (_extend(*side) for side in zip((layout.left, layout.right), near, covered, strict=True))
    return PairLayout(left, right, layout.method, layout.frame, layout.residual)


def _extend(track: Track, near: Neighbours, covered: np.ndarray) -> Track:
    n = len(track.ends[0])
    if len(near.indices) == n:
        return track
    rows = near.indices[n:, :_PLACED_BY]
    ends = []
    for end in track.ends:
        middle = end.mean(axis=0)
        added = [end[row[row >= 0]].mean(axis=0) if (row >= 0).any() else middle for row in rows]
        ends.append(np.concatenate([end, np.array(added, np.float32)]))
    return Track(tuple(ends), covered)


def take_words(shared: SharedWords, rows: np.ndarray) -> SharedWords:
    """Only those `rows`, int (k,), of `shared`, in this order."""
    return shared._replace(
        words=tuple(shared.words[row] for row in rows),
        left_rows=shared.left_rows[rows],
        right_rows=shared.right_rows[rows],
    )
