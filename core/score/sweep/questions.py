"""A text in three parts for all settings of a sweep: one to learn from, one to choose on, one to test the choice.

The parts are of two types. Whoever chooses has `ChoiceQuestions`, in which nothing of the test part is; `HeldBackText`
is opened after the choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.errors import EvaluationError
from core.models.cloze import FREQUENT_WORDS, Cloze, build_cloze
from core.models.dose import FEWEST_QUESTIONS
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import count
from core.score.heldout import check_split, check_words
from core.text.corpus import Corpus
from core.text.split import HeldOutBlock, HeldOutUnit, split_corpus


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceQuestions:
    """What settings are chosen on.

    Attributes:
        train: the training part.
        words: that may be asked about: those of every setting's vocabulary.
        covered: bool (words,), all vectors files have the word; all True without files.
        development: the questions.
    """

    train: Corpus
    words: tuple[str, ...]
    covered: np.ndarray
    development: Cloze


@dataclass(frozen=True, slots=True, eq=False)
class HeldBackText:
    """The test part, unread.

    Attributes:
        blocks: its documents, or stretches.
        documents: int64 (blocks,), which blocks are of one document.
        unit: what was set aside.
        seed: of the questions.
    """

    blocks: tuple[HeldOutBlock, ...]
    documents: np.ndarray
    unit: HeldOutUnit
    seed: int

    def ask(self, choice: ChoiceQuestions) -> tuple[Cloze, np.ndarray]:
        """Its questions on the same words, and the held-out document of each, int64 (questions,)."""
        counts = choice.train.counts[: len(choice.words)]
        test = build_cloze(self.blocks, choice.words, counts, choice.covered, self.seed)
        return test, self.documents[test.groups]


def divide_text(
    corpus: Corpus, files: Mapping[str, PretrainedVectors], min_count: int, seed: int
) -> tuple[ChoiceQuestions, HeldBackText]:
    """Set a development and a test part aside, the same for all settings, and ask about the former.

    Args:
        files: those that a setting starts from, by name.
        min_count: the highest of all settings, so that every model has every word that is asked about.
        seed: of the split and of the questions.

    Raises:
        EvaluationError: the text is too short, or the files have too few of its words.
    """
    parts = split_corpus(corpus, seed)
    check_split(parts)
    check_words(corpus, [parts], min_count)
    size = parts.train.vocabulary_size(min_count)
    words = parts.train.words[:size]
    covered = np.ones(size, bool)
    for file in files.values():
        covered &= file.rows_for(words) >= 0
    development = build_cloze(parts.development, words, parts.train.counts[:size], covered, seed)
    if len(development) < FEWEST_QUESTIONS:
        raise EvaluationError(
            f"The text has {count('token', corpus.n_tokens)}, and the part that settings would be chosen on gives "
            f"{count('question', len(development))}; choosing takes {FEWEST_QUESTIONS}. A question needs a word that "
            f"is not among the {FREQUENT_WORDS} most frequent, occurs {count('time', min_count)} in the training "
            f"part{' and is in every vectors file' if files else ''}. Add text{_advise(files, min_count)}."
        )
    documents = np.array(parts.test_documents, np.int64)
    if parts.unit == "blocks":
        documents = np.arange(len(parts.test))
    return ChoiceQuestions(parts.train, words, covered, development), HeldBackText(
        parts.test, documents, parts.unit, seed
    )


def _advise(files: Mapping[str, PretrainedVectors], min_count: int) -> str:
    remedies = [
        ", lower the highest minimum count" if min_count > 1 else "",
        ", or choose vectors that cover this text" if files else "",
    ]
    return "".join(remedies)
