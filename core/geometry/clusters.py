"""Groups of words that are near each other in both embeddings, and their names.

Spherical k-means (Dhillon and Modha 2001) in the original space, not on the map: a word is described by its two
aligned directions together, so it has one cluster, which means the same on both maps.
"""

from dataclasses import dataclass

import numpy as np

from core.geometry.alignment import align
from core.geometry.directions import normalise

CLUSTERS = 7
"""As many as there are colours that any eye can tell apart."""
NAMING_NOTE = (
    "Clusters are found in the original vectors of both models together (spherical k-means), not on the map. Each is "
    "named by its three most typical words: nearest to its centre and frequent (cosine times the logarithm of count)."
)
_ROUNDS = 25
_NAME_WORDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Groups of words. Arrays are read-only.

    Attributes:
        labels: int64 (words,), places in `names`, largest cluster first; -1 for words with a zero vector.
        names: the most typical words of each.
    """

    labels: np.ndarray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        self.labels.flags.writeable = False


def find_clusters(
    words: tuple[str, ...], left: np.ndarray, right: np.ndarray, counts: np.ndarray, clusters: int = CLUSTERS
) -> Clusters:
    """Cluster `words` by their vectors left, float32 (words, d1), and right, (words, d2); the same input, the same.

    `counts`, int (words,), only decide which words may lend their names.
    """
    aligned = align(left, right)
    rows = normalise(np.concatenate([aligned.left, aligned.right], axis=1))
    real = np.flatnonzero(rows.any(axis=1))
    labels = np.full(len(words), -1)
    if not len(real):
        return Clusters(labels, ())
    cosines = _fit(rows[real], min(clusters, len(real)))
    found = cosines.argmax(axis=1)
    order = np.argsort(-np.bincount(found, minlength=cosines.shape[1]), kind="stable")
    order = order[np.bincount(found, minlength=cosines.shape[1])[order] > 0]
    names = []
    for number, cluster in enumerate(order):
        members = np.flatnonzero(found == cluster)
        labels[real[members]] = number
        names.append(_name(words, real[members], cosines[members, cluster], counts))
    return Clusters(labels, tuple(names))


def _fit(rows: np.ndarray, clusters: int) -> np.ndarray:
    """Cosines of `rows`, float32 unit (n, d), with the centres found: (n, clusters)."""
    centres = rows[_starts(rows, clusters)]
    before = np.full(len(rows), -1)
    for _ in range(_ROUNDS):
        nearest = (rows @ centres.T).argmax(axis=1)
        if (nearest == before).all():
            break
        before = nearest
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, rows)
        filled = sums.any(axis=1)  # a centre that lost all its words stays where it was
        centres[filled] = normalise(sums[filled])
    return np.asarray(rows @ centres.T)


def _starts(rows: np.ndarray, clusters: int) -> list[int]:
    """k-means++ (Arthur and Vassilvitskii 2007) with a fixed seed: rows far from those already chosen."""
    generator = np.random.default_rng(0)
    chosen = [int(generator.integers(len(rows)))]
    far = np.full(len(rows), np.inf)
    while len(chosen) < clusters:
        far = np.minimum(far, np.maximum(1 - rows @ rows[chosen[-1]], 0))
        total = float(far.sum())
        chosen.append(int(generator.choice(len(rows), p=far / total)) if total > 0 else len(chosen))
    return chosen


def _name(words: tuple[str, ...], rows: np.ndarray, cosines: np.ndarray, counts: np.ndarray) -> str:
    typical = cosines * np.log1p(counts[rows])
    return ", ".join(words[row] for row in rows[np.argsort(-typical, kind="stable")[:_NAME_WORDS]])
