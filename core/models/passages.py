"""A corpus as training reads it: the vocabulary at a minimum count, and the text cut where no window may cross."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.config import Context
from core.text.corpus import Corpus

PASSAGE_TOKENS = 1_000
"""Longest passage. gensim trains on the first 10,000 tokens of a sentence and drops the rest without a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """Vocabulary and text of a corpus. Arrays are read-only views of the corpus's own where possible.

    Attributes:
        words: every type of the corpus; a token is an index into it.
        counts: int64 (vocabulary,): the vocabulary is `words[:len(counts)]`, by falling count.
        tokens: int32 (tokens,), in reading order; those >= len(counts) are too rare to be trained.
        starts: int64 (passages + 1,), offsets into `tokens`; the last one is len(tokens). No passage is empty.
    """

    words: tuple[str, ...]
    counts: np.ndarray
    tokens: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lists(self) -> Iterator[list[str]]:
        """Each passage as a list of words; the strings are shared, so a list costs eight bytes a token."""
        words = np.array(self.words, dtype=object)
        for first, last in pairwise(self.starts.tolist()):
            yield words[self.tokens[first:last]].tolist()


def cut_passages(corpus: Corpus, min_count: int, context: Context = "document") -> Passages:
    """The documents or sentences of `corpus`, those over 1,000 tokens cut into pieces; no token is lost."""
    boundaries = corpus.document_starts if context == "document" else corpus.sentence_starts
    cuts = [np.arange(a, b, PASSAGE_TOKENS) for a, b in pairwise(boundaries) if a < b]
    starts = np.concatenate([*cuts, [corpus.n_tokens]]).astype(np.int64)
    return Passages(corpus.words, corpus.counts[: corpus.vocabulary_size(min_count)], corpus.tokens, starts)
