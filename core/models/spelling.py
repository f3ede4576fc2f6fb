"""Words that are spelled alike: where they put a word that the vectors file lacks.

Contexts alone place a word that was seen two or three times badly; *bronchiole* beside *bronchioles* needs none. The
idea is fastText's (Bojanowski et al. 2017, Enriching Word Vectors with Subword Information); here the vectors of whole
words are averaged, by the runs of letters that they share with the new word. Measured: docs/science.md, section 16.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from core.geometry.directions import unit

_LETTERS = (3, 5)
"""Runs of so many letters are looked at, the word's edges among them."""
_KIN = 10
"""So many words that are most alike decide."""
_MARGIN = 0.1
"""By so much the weight of spelling lies below the likeness of the nearest word."""
_ROWS = 256
"""New words that are compared with all others at a time; with 100,000 of GloVe their likenesses take 6 MB."""


def place_by_spelling(
    directions: np.ndarray, words: Sequence[str], covered: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`directions` with the words that are not covered turned towards covered words that are spelled like them.

    Words are as alike as the cosine of their runs of 3 to 5 letters, rare runs weighing more (tf-idf). The mean of the
    ten that are most alike, by the fourth power of their likeness, gets the weight of the largest likeness less .1,
    the place so far the rest; a word without a place gets that mean. What is alike by less than .1 changes nothing.

    Args:
        directions: float32 (vocabulary, vector_size), of length 1 or zeros where a word has no place yet.
        words: the vocabulary.
        covered: bool (vocabulary,): words of the vectors file, which stay as they are.

    Returns:
        float32 (vocabulary, vector_size), a fresh array; bool (vocabulary,): the words that were turned.
    """
    known, new = np.flatnonzero(covered), np.flatnonzero(~covered)
    means, weights = np.zeros_like(directions), np.zeros((len(covered), 1), np.float32)
    for word, kin, likeness in _find_kin(words, new, known):
        shares = (likeness * likeness) ** 2
        means[word] = (shares[:, None] * directions[kin]).sum(axis=0)
        weights[word] = max(likeness[0] - np.float32(_MARGIN), 0)
    turned = weights[:, 0] > 0
    placed = np.array(directions, np.float32)
    placed[turned] = unit((1 - weights[turned]) * directions[turned] + weights[turned] * unit(means[turned]))
    return placed, turned


def _find_kin(words: Sequence[str], new: np.ndarray, known: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Each row of `new` with the `known` rows that are spelled most like it and how alike they are, most alike first.

    Of words that are equally alike the more frequent come first, so that the same text gives the same on any machine.
    """
    if not len(new) or not len(known):
        return
    weights = _weigh_runs([words[row] for row in np.concatenate([known, new])], len(known))
    theirs, own = weights[: len(known)].T.tocsr(), weights[len(known) :]
    for first in range(0, len(new), _ROWS):
        alike = (own[first : first + _ROWS] @ theirs).tocsr()
        alike.sort_indices()
        for place, (begin, end) in enumerate(zip(alike.indptr, alike.indptr[1:], strict=False)):
            if begin == end:
                continue
            likeness = alike.data[begin:end]
            best = np.argsort(-likeness, kind="stable")[:_KIN]
            yield int(new[first + place]), known[alike.indices[begin:end][best]], likeness[best]


def _weigh_runs(words: Sequence[str], fitted: int) -> Any:
    """tf-idf of the runs of letters in `words`, rare ones by the first `fitted` words: scipy CSR, rows of length 1.

    The values of scikit-learn's `TfidfVectorizer(analyzer="char_wb")`, to import which would take each new process more
    than a second.
    """
    from scipy.sparse import csr_matrix, diags

    names: dict[str, int] = {}
    columns, ends = [], [0]
    for word in words:
        padded = f" {word.lower()} "
        columns += [
            names.setdefault(padded[first : first + letters], len(names))
            for letters in range(_LETTERS[0], _LETTERS[1] + 1)
            for first in range(len(padded) - letters + 1)
        ]
        ends.append(len(columns))
    shape = len(words), len(names)
    runs = csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape)
    runs.sum_duplicates()
    frequencies = np.bincount(runs.indices[: runs.indptr[fitted]], minlength=len(names))
    rarity = np.log((1 + fitted) / (1 + frequencies)) + 1
    rarity[frequencies == 0] = 0  # none of them has it
    weighted = runs @ diags(rarity.astype(np.float32))
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1))[:, 0])
    return (diags((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ weighted).tocsr()
