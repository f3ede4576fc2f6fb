"""Pairs of words that go together become one word: new_york.

The rule is gensim's Phrases (Mikolov et al. 2013, "Distributed Representations of Words and Phrases"), over token ids
instead of strings: a pair is joined where (count(a b) - LEAST_PAIR) / count(a) / count(b) * n > THRESHOLD, n being the
number of distinct words and pairs, from left to right, never across a sentence's end.
"""

from collections.abc import Iterable

import numpy as np

from core.progress import Progress, silent

LEAST_PAIR = 5
THRESHOLD = 10.0
DELIMITER = "_"
_PART = 1 << 20


def join_phrases(
    tokens: np.ndarray,
    sentence_ends: np.ndarray,
    words: list[str],
    known: Iterable[str] = (),
    progress: Progress = silent,
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Join pairs of neighbours.

    Args:
        tokens: int32 (tokens,), indices into `words`.
        sentence_ends: int64 (sentences,), offsets into `tokens`, rising; the last one is len(tokens).
        words: of the ids.
        known: joined words that a vectors file has: these pairs are joined however rare they are.

    Returns:
        The tokens, int32; where a pair was joined, int64 (joins,): the index of its first word in the old tokens; and
        the words, those of the phrases last. Some of the old words may no longer occur.
    """
    size = len(words)
    counts = np.zeros(size, np.int64)
    pairs, pair_counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for start in range(0, len(tokens), _PART):
        progress(0.99, "Looking for phrases")
        counts += np.bincount(tokens[start : start + _PART], minlength=size)
        seen, often = np.unique(_pairs(tokens, sentence_ends, start, size)[0], return_counts=True)
        pairs, pair_counts = _add_counts(pairs, pair_counts, seen, often)
    first, second = np.divmod(pairs, size)
    score = (pair_counts - LEAST_PAIR) / counts[first] / counts[second] * (size + len(pairs))
    joined = np.union1d(pairs[score > THRESHOLD], _known_pairs(words, known))
    return _join(tokens, sentence_ends, words, joined)


def _pairs(tokens: np.ndarray, sentence_ends: np.ndarray, start: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours within a sentence that begin at _PART positions from `start`, and where: a * size + b, int64."""
    part = tokens[start : start + _PART + 1].astype(np.int64)
    inside = np.ones(max(len(part) - 1, 0), bool)
    ends = sentence_ends[np.searchsorted(sentence_ends, start) :] - 1 - start
    inside[ends[(ends >= 0) & (ends < len(inside))]] = False
    return (part[:-1] * size + part[1:])[inside], np.flatnonzero(inside) + start


def _add_counts(
    values: np.ndarray, counts: np.ndarray, more: np.ndarray, more_counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    both, where = np.unique(np.concatenate([values, more]), return_inverse=True)
    total = np.zeros(len(both), np.int64)
    total[where[: len(values)]] = counts
    total[where[len(values) :]] += more_counts
    return both, total


def _known_pairs(words: list[str], known: Iterable[str]) -> np.ndarray:
    ids: dict[str, int] = {}
    pairs = []
    for phrase in known:
        first, found, second = phrase.partition(DELIMITER)
        if found:
            ids = ids or {word: number for number, word in enumerate(words)}
            if first in ids and second in ids:
                pairs.append(ids[first] * len(words) + ids[second])
    return np.array(pairs, np.int64)


def _join(
    tokens: np.ndarray, sentence_ends: np.ndarray, words: list[str], joined: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    size = len(words)
    found: list[np.ndarray] = []
    ids: list[np.ndarray] = []
    for start in range(0, len(tokens) if len(joined) else 0, _PART):
        pairs, at = _pairs(tokens, sentence_ends, start, size)
        place = np.minimum(np.searchsorted(joined, pairs), len(joined) - 1)
        hit = joined[place] == pairs
        found.append(at[hit])
        ids.append(place[hit])
    if not found:
        return tokens, np.empty(0, np.int64), words
    at, phrase = np.concatenate(found), np.concatenate(ids)
    # "a b c" with both pairs joined is "a_b c": in a run of neighbouring pairs, every other one from the left.
    begins_run = np.diff(at, prepend=-2) != 1
    in_run = np.arange(len(at)) - np.maximum.accumulate(np.where(begins_run, np.arange(len(at)), 0))
    at, phrase = at[in_run % 2 == 0], phrase[in_run % 2 == 0]
    words, numbers = _phrase_words(words, joined)
    tokens = tokens.copy()
    tokens[at] = numbers[phrase]
    keep = np.ones(len(tokens), bool)
    keep[at + 1] = False
    return tokens[keep], at, words


def _phrase_words(words: list[str], joined: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The words with the joined ones, and the id of each joined pair, int32."""
    ids = {word: number for number, word in enumerate(words)}
    first, second = np.divmod(joined, len(words))
    numbers = [
        ids.setdefault(words[a] + DELIMITER + words[b], len(ids))
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]
    return list(ids), np.array(numbers, np.int32)
