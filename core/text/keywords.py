"""Key words: which words one text has more often than another, held against how often either has them by chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.text.corpus import Corpus

PRIOR_TOKENS = 500.0
"""Size of the prior: so many imagined tokens with the shares of both texts together. Monroe et al. took the words of an
average speech."""
KEY_Z = 3.0
"""From here on a word is called key: by chance about one word in 700 is so far out on either side."""


@dataclass(frozen=True, slots=True, eq=False)
class KeyWords:
    """Words of two texts and how far each leans to one of them. Arrays are read-only, rows are `words`.

    Attributes:
        words: all that either text has, those that lean farthest to the first text first.
        counts, other_counts: int64, in the first and in the second text.
        log_odds: float64, of the first text over the second, with the prior; 0 for a word that both have equally often.
        z: float64, `log_odds` in its standard deviations; positive where the first text has more of it.
    """

    words: tuple[str, ...]
    counts: np.ndarray
    other_counts: np.ndarray
    log_odds: np.ndarray
    z: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.counts, self.other_counts, self.log_odds, self.z):
            array.flags.writeable = False


def weigh_log_odds(
    counts: np.ndarray, other_counts: np.ndarray, prior_tokens: float = PRIOR_TOKENS
) -> tuple[np.ndarray, np.ndarray]:
    """Log odds ratio with an informative Dirichlet prior, and in its standard deviations.

    Monroe, Colaresi & Quinn 2008, Fightin' Words, Political Analysis 16(4), 372-403, equations 15, 16, 20 and 22:
    with y the counts, n their sum and a prior of a_w imagined tokens of each word, a_0 in all, a word's log odds are
    log((y_w + a_w) / (n + a_0 - y_w - a_w)); its variance is about 1 / (y_w + a_w), in each text.

    Args:
        counts, other_counts: of the same words, int or float (..., words). The last axis is summed over.
        prior_tokens: a_0; each word's share of it is its share of both texts together.

    Returns:
        float64 (..., words) each: the log odds ratio, and the same over its standard deviation. 0 where neither has it.

    Raises:
        ValueError: a text is empty.
    """
    ours, theirs = np.asarray(counts, np.float64), np.asarray(other_counts, np.float64)
    sizes = ours.sum(axis=-1, keepdims=True), theirs.sum(axis=-1, keepdims=True)
    if not (sizes[0].all() and sizes[1].all()):
        raise ValueError("a text without a word has no key words")
    prior = prior_tokens * (ours + theirs) / (sizes[0] + sizes[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = [
            np.log((seen + prior) / (size + prior_tokens - seen - prior))
            for seen, size in zip((ours, theirs), sizes, strict=True)
        ]
        ratio = odds[0] - odds[1]
        z = ratio / np.sqrt(1 / (ours + prior) + 1 / (theirs + prior))
    absent = ~np.isfinite(ratio)  # of both texts; or the only word of one
    return np.where(absent, 0, ratio), np.where(absent, 0, z)


def find_key_words(text: Corpus, other: Corpus) -> KeyWords:
    """Key words of `text` against `other`, from the most typical of the first to the most typical of the second."""
    place = {word: number for number, word in enumerate(text.words)}
    words = (*text.words, *(word for word in other.words if word not in place))
    counts = np.zeros((2, len(words)), np.int64)
    counts[0, : len(text.words)] = text.counts
    rows = {word: number for number, word in enumerate(words)}
    counts[1, [rows[word] for word in other.words]] = other.counts
    ratio, z = weigh_log_odds(counts[0], counts[1])
    order = np.lexsort((np.arange(len(words)), -z))
    named = tuple(words[row] for row in order.tolist())
    return KeyWords(named, counts[0, order], counts[1, order], ratio[order], z[order])


@dataclass(frozen=True, slots=True, eq=False)
class LabelWords:
    """How far each word leans to each label. Arrays are read-only.

    Attributes:
        labels: those with most documents first.
        counts: int64 (labels, words), in documents of that label; words as in the corpus.
        z: float64 (labels, words), as in `KeyWords`, of the label's documents against all other labelled ones.
    """

    labels: tuple[str, ...]
    counts: np.ndarray
    z: np.ndarray

    def __post_init__(self) -> None:
        self.counts.flags.writeable = False
        self.z.flags.writeable = False


def weigh_by_label(corpus: Corpus) -> LabelWords:
    """Key words of each label's documents against the rest; no labels where fewer than two have a word."""
    labels, counts = count_by_label(corpus)
    having = counts.sum(axis=1) > 0
    labels, counts = tuple(label for label, has in zip(labels, having, strict=True) if has), counts[having]
    if len(labels) < 2:
        return LabelWords((), np.zeros((0, len(corpus.words)), np.int64), np.zeros((0, len(corpus.words))))
    _, z = weigh_log_odds(counts, counts.sum(axis=0) - counts)
    return LabelWords(labels, counts, z)


def count_by_label(corpus: Corpus) -> tuple[tuple[str, ...], np.ndarray]:
    """Labels, those with most documents first, and how often their documents have each word: int64 (labels, words)."""
    named = [label for label in corpus.labels if label is not None]
    labels = tuple(sorted(set(named), key=lambda name: (-named.count(name), name)))
    place = {name: number for number, name in enumerate(labels)}
    of_document = np.array([-1 if label is None else place[label] for label in corpus.labels], np.int64)
    of_token = np.repeat(of_document, np.diff(corpus.document_starts))
    labelled = of_token >= 0
    size = len(corpus.words)
    cells = np.bincount(of_token[labelled] * size + corpus.tokens[labelled], minlength=len(labels) * size)
    return labels, cells.reshape(len(labels), size).astype(np.int64)


def lean_to_label(weighed: LabelWords, rows: Sequence[int], least: float = KEY_Z) -> np.ndarray:
    """The label that each word leans to most, int (rows,); -1 for row -1, and where none has a z of `least`."""
    places = np.asarray(rows, np.int64)
    if not len(weighed.labels):
        return np.full(len(places), -1)
    best = weighed.z.argmax(axis=0)
    leaning = np.where(weighed.z.max(axis=0) >= least, best, -1)
    return np.where(places >= 0, leaning[places], -1)
