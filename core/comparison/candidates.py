"""Which of the words that two models share can have moved, and are worth ranking."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.comparison.pair import SharedWords
from core.models.embedding import Embedding
from core.text.word_kinds import is_content_of


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Facts about the shared words that decide which may be called moved. Arrays are read-only, rows are the words.

    Attributes:
        new: bool (words,), the vectors file of a model that started from one lacks the word. Where it stood before was
            made up, so it cannot have moved from there; between two models that both made it up it has no common
            start. All False where neither started from a file.
        content: bool (words,), the word carries meaning of its own (`core.text.word_kinds.is_content`).
    """

    new: np.ndarray
    content: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.new, self.content):
            array.flags.writeable = False

    @property
    def judged(self) -> np.ndarray:
        """bool (words,): words that may be judged, ranked and grouped, if they are frequent enough."""
        return np.asarray(self.content & ~self.new)


def find_candidates(
    shared: SharedWords, left: Embedding, right: Embedding, languages: Iterable[str | None]
) -> Candidates:
    """Candidates among `shared` of two models; `languages` are those of their texts, None for an unknown one."""
    new = np.zeros(len(shared.words), bool)
    for model, rows in ((left, shared.left_rows), (right, shared.right_rows)):
        if model.covered.any():
            new |= ~model.covered[rows]
    return Candidates(new, is_content_of(shared.words, languages))
