"""How often a word occurs over the documents of a text, in their order: often that of time."""

from dataclasses import dataclass

import numpy as np

from core.text.corpus import Corpus

PER = 10_000
"""Frequencies are given for so many tokens."""
FEWEST_FOLLOWED = 6
"""With fewer there is no course to speak of."""
_MOST_POINTS = 400
_Z = 1.96


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Frequency of a word from the first document to the last. Arrays are read-only.

    Attributes:
        word: the word.
        smoothed_over: so many neighbouring documents are taken together, fewer at either end.
        documents: int64 (points,), the documents in the middle of each.
        rates: float64 (points,), occurrences per `PER` tokens of those documents together.
        low, high: float64 (points,), 95 % interval of each.
        total: the word's count in the text.
    """

    word: str
    smoothed_over: int
    documents: np.ndarray
    rates: np.ndarray
    low: np.ndarray
    high: np.ndarray
    total: int

    def __post_init__(self) -> None:
        for array in (self.documents, self.rates, self.low, self.high):
            array.flags.writeable = False


def follow_word(corpus: Corpus, word: str) -> Course:
    """Its course; the documents next to each one, a tenth of all and five at least, are taken together with it.

    The interval is that of a ratio over documents (their variance about the common share, Cochran 1977, Sampling
    Techniques, chapter 6), and never narrower than chance makes that of single tokens; where none of n tokens is the
    word, up to 3 / n. Documents without a token are passed over.

    Raises:
        ValueError: the text lacks the word, or has fewer than `FEWEST_FOLLOWED` with a token.
    """
    lengths = np.diff(corpus.document_starts)
    used = np.flatnonzero(lengths)
    if word not in corpus.words or len(used) < FEWEST_FOLLOWED:
        raise ValueError(f"no course of {word!r} over {len(used)} documents")
    places = np.flatnonzero(corpus.tokens == np.int32(corpus.words.index(word)))
    of = np.searchsorted(corpus.document_starts, places, side="right") - 1
    counts = np.bincount(of, minlength=len(lengths))[used].astype(np.float64)
    sizes = lengths[used].astype(np.float64)
    reach = max(5, round(len(used) / 10)) // 2
    middle = np.unique(np.linspace(0, len(used) - 1, min(len(used), _MOST_POINTS)).round().astype(np.int64))
    begin, end = np.maximum(middle - reach, 0), np.minimum(middle + reach + 1, len(used))

    def within(values: np.ndarray) -> np.ndarray:
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return np.asarray(sums[end] - sums[begin])

    tokens, n = within(sizes), (end - begin).astype(np.float64)
    rate = within(counts) / tokens
    squares = within(counts**2) - 2 * rate * within(counts * sizes) + rate**2 * within(sizes**2)
    between = n / (n - 1) * np.maximum(squares, 0) / tokens**2
    deviation = np.sqrt(np.maximum(between, rate / tokens))
    low, high = np.maximum(rate - _Z * deviation, 0), rate + _Z * deviation
    high = np.where(rate == 0, 3 / tokens, high)
    return Course(word, 2 * reach + 1, used[middle], PER * rate, PER * low, PER * high, len(places))
