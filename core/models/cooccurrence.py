"""How often words meet, and vectors made by counting instead of training."""

from typing import Any

import numpy as np

from core.models.training_inputs import Passages

CONTEXT_SMOOTHING = 0.75
SIF_WEIGHT = 1e-3


def count_cooccurrences(passages: Passages, window: int) -> Any:
    """How often each word meets each other within `window` words of the vocabulary, nearer ones counting more.

    A pair `k` words apart counts (window + 1 - k) / window, which is what Word2Vec's shrinking window gives on average;
    words too rare for the vocabulary are left out first, as Word2Vec does. No pair crosses a passage.

    Returns:
        Symmetric scipy.sparse.csr_matrix, float64 (vocabulary, vocabulary).
    """
    from scipy import sparse

    size = len(passages.counts)
    kept = passages.tokens < size
    tokens = passages.tokens[kept]
    passage = np.repeat(np.arange(len(passages)), np.diff(passages.starts))[kept]
    total = sparse.csr_matrix((size, size))
    for k in range(1, min(window, len(tokens) - 1) + 1):
        together = passage[:-k] == passage[k:]
        left, right = tokens[:-k][together], tokens[k:][together]
        weights = np.full(len(left), (window + 1 - k) / window)
        total = total + sparse.csr_matrix((weights, (left, right)), shape=(size, size))
    return (total + total.T).tocsr()


def weigh_by_rarity(counts: np.ndarray) -> np.ndarray:
    """a / (a + p) of each word, a = 0.001 and p its share of the tokens: float64 (words,), 0 to 1.

    Arora, Liang & Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings".
    """
    return np.asarray(SIF_WEIGHT / (SIF_WEIGHT + counts / counts.sum()))


def find_positive_pmi(cooccurrences: Any) -> Any:
    """Positive pointwise mutual information, the contexts' counts smoothed by a power of 0.75 (Levy et al. 2015).

    Takes and returns a scipy.sparse matrix, float64 (vocabulary, vocabulary).
    """
    from scipy import sparse

    pairs = cooccurrences.tocoo()
    rows = np.bincount(pairs.row, pairs.data, pairs.shape[0])
    columns = np.bincount(pairs.col, pairs.data, pairs.shape[1]) ** CONTEXT_SMOOTHING
    information = np.log(pairs.data * columns.sum() / (rows[pairs.row] * columns[pairs.col]))
    positive = information > 0
    places = (pairs.row[positive], pairs.col[positive])
    return sparse.csr_matrix((information[positive], places), shape=pairs.shape)


def reduce_by_svd(matrix: Any, vector_size: int, seed: int) -> np.ndarray:
    """Left singular vectors weighted by the square root of their values: float32 (rows, vector_size).

    Where the matrix has fewer columns than `vector_size`, the values that are left over are 0.
    """
    from sklearn.utils.extmath import randomized_svd

    size = min(vector_size, *matrix.shape)
    left, values, _ = randomized_svd(matrix, n_components=size, random_state=seed)
    vectors = np.zeros((matrix.shape[0], vector_size), np.float32)
    vectors[:, :size] = left * np.sqrt(values)
    return vectors


def average_contexts(
    cooccurrences: Any, vectors: np.ndarray, known: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Each word's average context: the weighted mean of the vectors of the known words that it meets.

    Args:
        cooccurrences: sparse, (vocabulary, vocabulary).
        vectors: (vocabulary, vector_size).
        known: bool (vocabulary,): words whose vector counts.
        weights: float64 (vocabulary,), of each word as a context.

    Returns:
        float64 (vocabulary, vector_size), and bool (vocabulary,): the word meets a known word; other rows are 0.
    """
    usable = weights * known
    total = cooccurrences @ usable
    met = total > 0
    means = cooccurrences @ (vectors * usable[:, None])
    means[met] /= total[met, None]
    return means, met
