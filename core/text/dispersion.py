"""How words are spread over documents, and how likely documents drawn at random have as much of a word as a group has.

Words come in bursts: a document that has one once has it again. So not tokens but documents are drawn.
"""

from typing import NamedTuple

import numpy as np

from core.text.corpus import Corpus

_PART = 1 << 20  # tokens
_LEAST_EXPECTED = 5.0
"""Where so many documents of a group should have a word, its count is taken for normally distributed."""
_DENSE = 8
"""Tables of so many cells for each pair that occurs are faster made whole than sorted."""
_TERMS = 300
_NEGLIGIBLE = 1e-12
_Z = 1.96


def deviation_of_proportions(counts: np.ndarray, lengths: np.ndarray) -> float | None:
    """How unevenly occurrences are spread over documents: 0 as their lengths have it, 1 all in the shortest one.

    Gries 2008 (Dispersions and adjusted frequencies in corpora, International Journal of Corpus Linguistics 13(4)):
    half the sum of the differences between each document's share of the occurrences and its share of the tokens;
    normed as in Lijffijt & Gries 2012 (the same journal, 17(1)).

    Args:
        counts, lengths: int (documents,), occurrences and tokens of each.

    Returns:
        None where there is no occurrence, or but one document that is not empty.
    """
    counts, lengths = counts[lengths > 0], lengths[lengths > 0]
    if len(lengths) < 2 or not counts.sum():
        return None
    shares = lengths / lengths.sum()
    return float(np.abs(counts / counts.sum() - shares).sum() / 2 / (1 - shares.min()))


def rate_interval(counts: np.ndarray, lengths: np.ndarray) -> tuple[float, float]:
    """95 % interval of the share of tokens in texts like these, estimated from documents drawn at random.

    That of a ratio (their variance about the common share, Cochran 1977, Sampling Techniques, chapter 6), and never
    narrower than chance makes that of single tokens; where none of n tokens is it, up to 3 / n.

    Args:
        counts, lengths: int (documents,), occurrences and tokens of each.
    """
    counts, lengths = counts[lengths > 0], lengths[lengths > 0]
    n, tokens, total = len(lengths), float(lengths.sum()), float(counts.sum())
    if not total:
        return 0.0, min(1.0, 3 / max(1.0, tokens))
    rate = total / tokens
    between = n / (n - 1) * float(((counts - rate * lengths) ** 2).sum()) / tokens**2 if n > 1 else 0.0
    error = _Z * max(between, rate / tokens) ** 0.5
    return max(0.0, rate - error), min(1.0, rate + error)


class DocumentWords(NamedTuple):
    """How often documents have words: document, word, and count of each pair that occurs; int64 (pairs,) each."""

    documents: np.ndarray
    words: np.ndarray
    counts: np.ndarray

    def join(self, other: "DocumentWords", ids: np.ndarray, documents: int) -> "DocumentWords":
        """With those of another text, whose words are `ids` here and whose documents follow after the `documents`."""
        parts = (other.documents + documents, ids[other.words], other.counts)
        return DocumentWords(*(np.concatenate(pair) for pair in zip(self, parts, strict=True)))

    def only(self, documents: np.ndarray, total: int) -> "DocumentWords":
        """Of these documents of all `total` alone, numbered anew."""
        new = np.full(total, -1)
        new[documents] = np.arange(len(documents))
        kept = new[self.documents] >= 0
        return DocumentWords(new[self.documents[kept]], self.words[kept], self.counts[kept])


def count_words(corpus: Corpus) -> DocumentWords:
    """How often each document of `corpus` has each word."""
    starts, size, found = corpus.document_starts, len(corpus.words), []
    first = 0
    while first < corpus.n_documents:  # a part at a time, of whole documents
        last = int(np.searchsorted(starts, starts[first] + _PART))
        last = min(max(first + 1, last), corpus.n_documents)
        of_token = np.repeat(np.arange(first, last), np.diff(starts[first : last + 1]))
        tokens = corpus.tokens[starts[first] : starts[last]].astype(np.int64)
        pairs, counts = np.unique(of_token * size + tokens, return_counts=True)
        found.append((*np.divmod(pairs, size), counts))
        first = last
    return DocumentWords(*(np.concatenate(part) for part in zip(*found, strict=True)))


class Grouped(NamedTuple):
    """What groups of documents have: group, word, count and number of its documents that have it; int64 (cells,)."""

    groups: np.ndarray
    words: np.ndarray
    counts: np.ndarray
    spread: np.ndarray


class Dispersion:
    """Words of documents that are grouped in one way or another.

    Attributes:
        lengths: float64 (documents,), tokens of each.
        totals: float64 (words,), how often all have each word.
    """

    def __init__(self, documents: DocumentWords, lengths: np.ndarray, n_groups: int, n_words: int) -> None:
        self._cells, self._n_words = documents, n_words
        self.lengths, self.n_groups = lengths, n_groups
        counts, words = documents.counts.astype(np.float64), documents.words
        self.totals = np.bincount(words, counts, n_words)
        self._having = np.bincount(words, minlength=n_words)
        self._shares = self.totals / lengths.sum()
        # Sum over documents of (count - length * share) squared: how unevenly a word is spread over them.
        self._uneven = (
            np.bincount(words, counts**2, n_words)
            - 2 * self._shares * np.bincount(words, counts * lengths[documents.documents], n_words)
            + self._shares**2 * (lengths**2).sum()
        )
        self._log_factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, len(lengths) + 1)))])

    def group(self, group: np.ndarray) -> Grouped:
        """`group`: int64 (documents,), of each document."""
        cells = group[self._cells.documents] * self._n_words + self._cells.words
        if self.n_groups * self._n_words <= _DENSE * len(cells):
            spread, counts = np.bincount(cells), np.bincount(cells, self._cells.counts)
            pairs = np.flatnonzero(spread)
            spread, counts = spread[pairs], counts[pairs]
        else:
            pairs, where, spread = np.unique(cells, return_inverse=True, return_counts=True)
            counts = np.bincount(where, self._cells.counts, len(pairs))
        return Grouped(*np.divmod(pairs, self._n_words), counts.astype(np.int64), spread)

    def sureness(self, found: Grouped, group: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """Minus log10 of the probability that as many documents, drawn at random, have so much; float64 (cells,).

        Of the less likely of two things: that so many of the documents have the word (hypergeometric, exact; Egbert &
        Biber 2019, Incorporating text dispersion into keyword analyses, Corpora 14(1), judge by documents likewise);
        and, where at least five of them should have it, that they have it so often, by the exact variance of a sum
        drawn without replacement.
        """
        of, words = found.groups[cells], found.words[cells]
        drawn = np.bincount(group, minlength=self.n_groups)[of]
        having = self._having[words]
        by_documents = self._exceed(found.spread[cells], having, drawn)
        n = len(self.lengths)
        expected = drawn * having / n
        size = np.bincount(group, self.lengths, self.n_groups)[of]
        deviation = np.sqrt(np.maximum(drawn * (n - drawn) / max(1, n * (n - 1)) * self._uneven[words], 0))
        excess = found.counts[cells] - size * self._shares[words]
        often = expected >= _LEAST_EXPECTED
        z = np.divide(excess, deviation, out=np.zeros(len(cells)), where=often & (deviation > 1e-9))
        return np.asarray(np.maximum(by_documents, _log_tail(z)))

    def _exceed(self, seen: np.ndarray, having: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """Minus log10 of P(at least `seen` of the `drawn` documents are among the `having`); 0 up to the mean."""
        n, logs = len(self.lengths), self._log_factorials
        more = seen > drawn * having / n
        x, k, m = (each[more].astype(np.int64) for each in (seen, having, drawn))
        first = logs[k] - logs[x] - logs[k - x] + logs[n - k] - logs[m - x] - logs[n - k - m + x]
        first -= logs[n] - logs[m] - logs[n - m]
        term, total = np.ones(len(x)), np.ones(len(x))
        for step in range(_TERMS):  # each term from the one before
            at = x + step
            term = term * np.maximum(k - at, 0) * np.maximum(m - at, 0) / ((at + 1.0) * (n - k - m + at + 1.0))
            total += term
            if not (term > _NEGLIGIBLE * total).any():
                break
        result = np.zeros(len(seen))
        result[more] = np.maximum(0, -(first + np.log(total)) / np.log(10))
        return result


def _log_tail(z: np.ndarray) -> np.ndarray:
    """Minus log10 of the probability of a standard normal of `z` or more; 0 for 0 and below."""
    from scipy.special import log_ndtr  # late: half a second, which most pages do not need

    return np.where(z > 0, -log_ndtr(-z) / np.log(10), 0.0)
