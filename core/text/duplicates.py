"""Documents that are nearly the same as another one: found by what three words in a row they share.

One-permutation MinHash (Li, Owen, Zhang 2012, "One Permutation Hashing"): every shingle of a document is hashed once,
falls into one of 64 bins, and the smallest of each bin is kept. Two documents agree in a bin with a probability equal
to the Jaccard similarity of their shingles.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from core.progress import Progress, silent
from core.text.reading.documents import Document

SIMILAR = 0.5
"""Jaccard similarity of shingles from which two documents count as nearly the same."""

_SHINGLE = 3
_BINS = 64
_EMPTY = np.uint32(0xFFFFFFFF)
_CHUNK = 500_000


@dataclass(frozen=True, slots=True, eq=False)
class NearDuplicates:
    """Which documents are nearly the same.

    Attributes:
        pairs: int64 (pairs, 2), indices of documents, the earlier one first. Of a large group of copies not every
            pair is listed, but enough to connect them.
        similarities: float32 (pairs,), estimated Jaccard similarity of each pair, `SIMILAR` to 1.
        copies: bool (documents,), True for each document that is nearly the same as an earlier one.
        share: of all tokens, how many are in copies; 0 to 1.
    """

    pairs: np.ndarray
    similarities: np.ndarray
    copies: np.ndarray
    share: float


def near_duplicates(documents: Iterable[Document], progress: Progress = silent) -> NearDuplicates:
    """Near-duplicates by the words between spaces. Raises `Cancelled` out of `progress`."""
    ids: dict[str, int] = {}
    rows = [[ids.setdefault(word, len(ids)) for word in document.text.lower().split()] for document in documents]
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return near_duplicates_of_tokens(np.fromiter(chain.from_iterable(rows), np.int32, starts[-1]), starts, progress)


def near_duplicates_of_tokens(
    tokens: np.ndarray, document_starts: np.ndarray, progress: Progress = silent
) -> NearDuplicates:
    """Near-duplicates in a corpus.

    Args:
        tokens: int32 (tokens,), word ids in reading order.
        document_starts: int64 (documents + 1,), offsets into `tokens`; the last one is len(tokens).

    Raises:
        Cancelled: out of `progress`.
    """
    sketches = _sketch(tokens, document_starts, progress)
    candidates = _candidates(sketches, progress)
    similarities = _similarities(sketches, candidates)
    similar = similarities >= SIMILAR
    pairs = candidates[similar]
    lengths = np.diff(document_starts)
    copies = np.zeros(len(lengths), bool)
    copies[pairs[:, 1]] = True
    share = float(lengths[copies].sum() / max(1, len(tokens)))
    return NearDuplicates(pairs, similarities[similar], copies, share)


def _mix(values: np.ndarray) -> np.ndarray:
    """Random-looking uint64 of uint64 (splitmix64, Steele et al. 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = values ^ (values >> np.uint64(31))
    return mixed


def _sketch(tokens: np.ndarray, starts: np.ndarray, progress: Progress) -> np.ndarray:
    """The smallest hash in each bin of each document, `_EMPTY` where there is none: uint32 (documents, 64)."""
    sketches = np.full((len(starts) - 1, _BINS), _EMPTY, np.uint32)
    for begin in range(0, len(tokens), _CHUNK):
        progress(0.8 * begin / len(tokens), "Looking for near-duplicate documents")
        end = min(begin + _CHUNK, len(tokens))
        first, last = np.searchsorted(starts, [begin, end - 1], side="right") - 1
        within = np.diff(starts[first : last + 2].clip(begin, end))  # tokens of each document in this chunk
        owners = np.repeat(np.arange(first, last + 1), within)
        places = np.arange(begin, end)
        left = np.repeat(starts[first + 1 : last + 2], within) - places  # tokens to its document's end
        hashes = _mix(tokens[begin : end + _SHINGLE - 1].astype(np.uint64))
        shingles = hashes[: end - begin]
        for step in range(1, _SHINGLE):
            following = np.zeros_like(shingles)
            available = hashes[step : step + len(shingles)]
            following[: len(available)] = available
            shingles = _mix(shingles) + np.where(left > step, following, np.uint64(0))
        # A document shorter than a shingle is one.
        whole = (left >= _SHINGLE) | (np.repeat(starts[first : last + 1], within) == places)
        found = _mix(shingles[whole])
        bins = (found >> np.uint64(58)).astype(np.int64)
        values = np.minimum(found & np.uint64(0xFFFFFFFF), np.uint64(_EMPTY - 1)).astype(np.uint32)
        np.minimum.at(sketches.reshape(-1), owners[whole] * _BINS + bins, values)
    return sketches


def _candidates(sketches: np.ndarray, progress: Progress) -> np.ndarray:
    """Pairs of documents that agree in a bin: int64 (pairs, 2).

    Of the documents that agree, each is paired with the first and with the one before it: all of their pairs would be
    too many where a phrase is in every document, and near-copies agree in many bins.
    """
    n_documents = len(sketches)
    found = [np.empty(0, np.int64)]
    for number in range(_BINS):
        progress(0.8 + 0.2 * number / _BINS, "Comparing near-duplicate documents")
        values = sketches[:, number]
        order = np.argsort(values, kind="stable")
        values = values[order]
        same = np.flatnonzero((values[1:] == values[:-1]) & (values[1:] != _EMPTY)) + 1
        new_group = np.concatenate([[True], values[1:] != values[:-1]]) if n_documents else np.empty(0, bool)
        firsts = np.maximum.accumulate(np.where(new_group, np.arange(n_documents), 0))
        for earlier in (order[same - 1], order[firsts[same]]):
            found.append(earlier * n_documents + order[same])
    codes = np.concatenate(found)
    found.clear()
    codes.sort()  # np.unique would hash them first, which takes five times as long
    codes = codes[np.append(True, codes[1:] != codes[:-1])[: len(codes)]]
    return np.stack([codes // max(1, n_documents), codes % max(1, n_documents)], axis=1)


def _similarities(sketches: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Estimated Jaccard similarity: bins that agree among those that are not empty in both; float32 (pairs,)."""
    similarities = np.empty(len(pairs), np.float32)
    for start in range(0, len(pairs), 100_000):
        part = slice(start, start + 100_000)
        one, other = sketches[pairs[part, 0]], sketches[pairs[part, 1]]
        filled = (one != _EMPTY) | (other != _EMPTY)
        similarities[part] = ((one == other) & filled).sum(axis=1) / filled.sum(axis=1)
    return similarities
