"""Collocates: which words stand near a word more often than they would by chance."""

from dataclasses import dataclass

import numpy as np

from core.text.corpus import Corpus

REACH = 5
"""Tokens on each side that count as near."""
LEAST_TOGETHER = 3
"""Words that stand together more rarely are not named: chance alone brings many words together once or twice."""
STRIKING = 10.83
"""A log-likelihood that chance reaches once in 1,000 (chi-squared, one degree of freedom)."""


@dataclass(frozen=True, slots=True, eq=False)
class Collocates:
    """What stands near a word, most strikingly frequent first. Arrays are read-only, rows are `words`.

    Attributes:
        word: the word.
        words: its collocates, only those that stand near it more often than chance.
        together: int64, how many tokens of each stand near it.
        expected: float64, how many would by chance.
        log_likelihood: float64, G2 (Dunning 1993); 3.84 and more happens by chance once in 20, 10.83 once in 1,000.
        pmi: float64, log2(together / expected) (Church & Hanks 1990); high for rare words by nature.
    """

    word: str
    words: tuple[str, ...]
    together: np.ndarray
    expected: np.ndarray
    log_likelihood: np.ndarray
    pmi: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.together, self.expected, self.log_likelihood, self.pmi):
            array.flags.writeable = False

    @property
    def striking(self) -> int:
        """The first so many of `words` have a log-likelihood of `STRIKING` or more."""
        return int((self.log_likelihood >= STRIKING).sum())


def find_collocates(
    corpus: Corpus, word: str, *, window: int = REACH, least_together: int = LEAST_TOGETHER
) -> Collocates:
    """Collocates of `word` within `window` tokens on each side, in the same document, by log-likelihood.

    Of two by two tables: a token is near the word or not, and is the collocate or not (Dunning 1993, Accurate methods
    for the statistics of surprise and coincidence, Computational Linguistics 19(1)). A token that is near two
    occurrences counts once; occurrences of the word itself are left out. A word that the text lacks has none.
    """
    if window < 1:
        raise ValueError(f"window is {window}; it must be at least 1")
    near = _near(corpus, word, window)
    if near is None or not near.any():
        empty = np.zeros(0)
        return Collocates(word, (), np.zeros(0, np.int64), empty, empty.copy(), empty.copy())
    token = corpus.words.index(word)
    counts = np.array(corpus.counts, np.float64)
    counts[token] = 0
    together = np.bincount(corpus.tokens[near], minlength=len(counts)).astype(np.float64)
    total, inside = counts.sum(), together.sum()
    expected = counts * inside / total
    rows = np.flatnonzero((together >= least_together) & (together > expected))
    seen, usual, size = together[rows], expected[rows], counts[rows]
    cells = ((seen, usual), (size - seen, size - usual), (inside - seen, inside - usual))
    rest = total - size - inside + seen, total - size - inside + usual
    g2 = 2 * np.sum([_surprise(found, chance) for found, chance in (*cells, rest)], axis=0)
    order = np.lexsort((rows, -g2))
    rows = rows[order]
    return Collocates(
        word,
        tuple(corpus.words[row] for row in rows.tolist()),
        together[rows].astype(np.int64),
        expected[rows],
        g2[order],
        np.log2(together[rows] / expected[rows]),
    )


def _near(corpus: Corpus, word: str, window: int) -> np.ndarray | None:
    """bool (tokens,): within `window` of an occurrence, in its document, and not one itself; None without the word."""
    try:
        token = corpus.words.index(word)
    except ValueError:
        return None
    places = np.flatnonzero(corpus.tokens == np.int32(token))
    document = np.searchsorted(corpus.document_starts, places, side="right")
    begins = np.maximum(places - window, corpus.document_starts[document - 1])
    ends = np.minimum(places + window + 1, corpus.document_starts[document])
    edges = np.zeros(corpus.n_tokens + 1, np.int64)
    np.add.at(edges, begins, 1)
    np.add.at(edges, ends, -1)
    near = np.cumsum(edges[:-1]) > 0
    near[places] = False
    return near


def _surprise(found: np.ndarray, chance: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(found > 0, found * np.log(found / chance), 0.0)
