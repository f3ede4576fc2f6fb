"""What a model is made from: a corpus's vocabulary and text, and the pretrained rows of its words.

Training reads the text in passages, cut where no window may cross.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from core.config import Context, TrainConfig
from core.errors import TrainingError
from core.methods import METHODS
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import count
from core.text.corpus import Corpus

_Vectors = TypeVar("_Vectors")

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


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Vocabulary, text and start of a model. Made by `gather_material`.

    Attributes:
        passages: vocabulary and text.
        rows: float32 (vocabulary, vector_size): the file's vectors of the covered words, zeros elsewhere.
        covered: bool (vocabulary,): the file has the word.
        rare_words: words of the text that are too rare for the vocabulary and that the file has.
        file_words: how many words the file has.
    """

    passages: Passages
    rows: np.ndarray
    covered: np.ndarray
    rare_words: tuple[str, ...] = ()
    file_words: int = 0

    @property
    def counts(self) -> np.ndarray:
        """int64 (vocabulary,)."""
        return self.passages.counts

    @property
    def words(self) -> tuple[str, ...]:
        return self.passages.words[: len(self.covered)]


def needed_vectors(vectors: _Vectors, config: TrainConfig) -> _Vectors | None:
    """`vectors`, a file or where its rows are; None where the strategy of `config` does not look at them."""
    return vectors if METHODS[config.strategy].needs_vectors else None


def gather_material(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None) -> Material:
    """Cut the text and look its words up in `pretrained`.

    Raises:
        TrainingError: the vectors have another vector_size than `config`, or hold values that are not numbers.
    """
    passages = cut_passages(corpus, config.min_count, config.context)
    size = len(passages.counts)
    rows, covered = np.zeros((size, config.vector_size), np.float32), np.zeros(size, bool)
    if pretrained is None:
        return Material(passages, rows, covered)
    if pretrained.vector_size != config.vector_size:
        raise TrainingError(
            f"vector_size is {config.vector_size}, but the vectors in {pretrained.name} have "
            f"{pretrained.vector_size} values. Set vector_size to {pretrained.vector_size}."
        )
    found = pretrained.rows_for(corpus.words)
    covered = found[:size] >= 0
    rows[covered] = pretrained.vectors[found[:size][covered]]
    if not np.isfinite(rows).all():
        raise TrainingError(f"{pretrained.name} holds values that are not numbers. Choose another vectors file.")
    rare = tuple(corpus.words[i] for i in size + np.flatnonzero(found[size:] >= 0))
    return Material(passages, rows, covered, rare, max(pretrained.vocabulary, len(pretrained.words)))


def check_material(material: Material, config: TrainConfig, pretrained: PretrainedVectors | None) -> None:
    """Raise `TrainingError` for inputs from which no strategy, or not this one, can make a model.

    These are: fewer than two words; for a strategy that needs them, no pretrained vectors or not one word covered.
    """
    size, times = len(material.counts), count("time", config.min_count)
    if size == 0:
        raise TrainingError(f"No word occurs {times}. Lower the minimum count or upload more text.")
    if size == 1:
        raise TrainingError(
            f"Only one word, “{material.words[0]}”, occurs {times}; a model needs at least two. "
            "Lower the minimum count or upload more text."
        )
    if not METHODS[config.strategy].needs_vectors:
        return
    if pretrained is None:
        raise TrainingError(
            f"The strategy {config.strategy} starts from pretrained vectors and there are none. "
            "Choose a vectors file, or train from scratch."
        )
    if not material.covered.any():
        raise TrainingError(
            f"{pretrained.name} has none of the {size:,} words of this text, so there is nothing to start from. "
            "Choose vectors in the language of the text, or train from scratch."
        )
