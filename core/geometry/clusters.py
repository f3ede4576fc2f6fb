"""Groups of words that are near each other in both embeddings, and their names.

k-means in the original space, not on the map: a word is described by its two aligned directions together, so it has
one cluster, which means the same on both maps. The best of three starts by k-means++ (Arthur and Vassilvitskii 2007).
"""

from dataclasses import dataclass

import numpy as np

from core.geometry.alignment import align
from core.geometry.directions import normalise
from core.system.threads import one_thread_each

CLUSTERS = 7
"""As many as there are colours that any eye can tell apart."""
NAMING_NOTE = (
    "Clusters are found in the original vectors of both models together (k-means of directions), not on the map. Each "
    "has the name of its three most typical words: near its centre and frequent (cosine times the logarithm of count)."
)
_STARTS = 3
_NAME_WORDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Groups of words. Arrays are read-only.

    Attributes:
        labels: int64 (words,), places in `names`, largest cluster first; -1 for words with a zero vector.
        typical: int64 (clusters, 3), the rows of each one's most typical words; -1 where it has fewer.
        names: these words.
    """

    labels: np.ndarray
    typical: np.ndarray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        self.labels.flags.writeable = self.typical.flags.writeable = False

    @classmethod
    def named(cls, labels: np.ndarray, typical: np.ndarray, words: tuple[str, ...]) -> "Clusters":
        """With names from `words`."""
        names = tuple(", ".join(words[row] for row in rows if row >= 0) for rows in typical.tolist())
        return cls(labels, typical, names)


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
        return Clusters.named(labels, np.empty((0, _NAME_WORDS), np.int64), words)
    found = _fit(rows[real], clusters)
    sizes = np.bincount(found)
    order = np.argsort(-sizes, kind="stable")
    clusters = int((sizes > 0).sum())
    typical = np.full((clusters, _NAME_WORDS), -1)
    for number, cluster in enumerate(order[:clusters]):
        members = real[found == cluster]
        labels[members] = number
        best = _most_typical(rows, members, counts)
        typical[number, : len(best)] = best
    return Clusters.named(labels, typical, words)


def _fit(rows: np.ndarray, clusters: int) -> np.ndarray:
    """The cluster of each of `rows`, float32 unit (n, d): int (n,), of `clusters` or of as many as rows differ."""
    from sklearn.cluster import KMeans

    different: set[bytes] = set()
    for row in rows:
        different.add(row.tobytes())
        if len(different) == clusters:
            break
    with one_thread_each():
        return np.asarray(KMeans(len(different), n_init=_STARTS, random_state=0).fit(rows).labels_)


def _most_typical(rows: np.ndarray, members: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The most typical of the words `members`, at most three: by cosine with their mean and by count."""
    (centre,) = normalise(rows[members].sum(axis=0)[None])
    typical = (rows[members] @ centre) * np.log1p(counts[members])
    return members[np.argsort(-typical, kind="stable")[:_NAME_WORDS]]
