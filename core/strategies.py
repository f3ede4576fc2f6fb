"""The ways to make a model, one function each: arrays in, arrays out.

What works, what does not and by how much is measured by benchmarks/bench_science.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.config import TrainConfig
from core.passages import Passages
from core.progress import Progress, silent
from core.word2vec import Start, train_word2vec

NOISE_EXPONENT = 0.75
"""Power of a word's count in the draw of negative samples; gensim's `ns_exponent`."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a model is made from.

    Attributes:
        passages: vocabulary and text.
        rows: float32 (vocabulary, vector_size): the file's vectors of the covered words, zeros elsewhere.
        covered: bool (vocabulary,): the file has the word.
        other_words: words of the text below the minimum count that the file has.
        file_words: how many words the file has.
    """

    passages: Passages
    rows: np.ndarray
    covered: np.ndarray
    other_words: tuple[str, ...] = ()
    file_words: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A model: float32 vectors (vocabulary, vector_size), for some at both ends of the dose, and what was found out."""

    vectors: np.ndarray
    details: Mapping[str, Any] = field(default_factory=dict)
    ends: tuple[np.ndarray, np.ndarray] | None = None


def from_scratch(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """Word2Vec on this text alone (Mikolov et al. 2013, arXiv:1301.3781, arXiv:1310.4546)."""
    return Made(train_word2vec(material.passages, config, progress=progress))


def classic(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """The recipe everyone copies, made correct: the file's rows are copied in and trained on with `config.lockf`.

    Covered rows start as the file's, the others at random; the vocabulary is the corpus's. With
    `config.as_published` gensim's vocabulary also gets all the file's words with count 1, as in the recipe: then
    most negative samples are words that the text does not have, and frequent words are no longer down-sampled.
    `details` says how many. The added words never get an update, so their rows are not kept.
    """
    size = len(material.covered)
    lockf = np.where(material.covered, config.lockf, 1).astype(np.float32)
    start = Start(material.rows, material.covered, lockf)
    if not config.as_published:
        return Made(train_word2vec(material.passages, config, start, progress=progress))
    covered_words = tuple(material.passages.words[i] for i in np.flatnonzero(material.covered))
    absent = material.file_words - len(covered_words) - len(material.other_words)
    # names no tokeniser makes stand for the absent words: training never looks at them
    extra = covered_words + material.other_words + tuple(f"\n{i}" for i in range(absent))
    vectors = train_word2vec(material.passages, config, start, extra_words=extra, progress=progress)
    noise = float(((material.passages.counts + material.covered) ** NOISE_EXPONENT).sum()) + len(material.other_words)
    return Made(
        vectors,
        {
            "added_words": len(material.other_words) + absent,
            "vocabulary_in_training": size + len(material.other_words) + absent,
            "negatives_not_in_text": absent / (noise + absent),
        },
    )
