"""The space in which fine-tuning works: pretrained vectors centred and rescaled, new words placed by their contexts."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.geometry.directions import centred_directions, unit
from core.models.cooccurrence import average_contexts

TRAINING_NORM = 3.0
"""Mean length of the covered words' vectors in training; GloVe's own 5 to 6 makes the steps too small to matter."""
NEW_WORD_NORM = 0.7
"""Length of a new word's start, as a share of the covered words' mean length."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSpace:
    """The way from the file's space to the centred one with mean length 1, and back.

    GloVe's vectors share a large common part (more than half of their length), which hides what differs.

    Attributes:
        mean: float32 (vector_size,), of the covered words.
        length: mean length of the covered words' centred vectors.
    """

    mean: np.ndarray
    length: float

    def enter(self, vectors: np.ndarray) -> np.ndarray:
        """float32, like `vectors`: centred, with a mean length of 1 over the covered words."""
        return np.asarray((vectors - self.mean) / np.float32(self.length), np.float32)

    def leave(self, vectors: np.ndarray) -> np.ndarray:
        """float32, like `vectors`, in the file's own space."""
        return np.asarray(vectors * np.float32(self.length) + self.mean, np.float32)


def find_training_space(rows: np.ndarray, covered: np.ndarray) -> TrainingSpace:
    """The space of the `covered` rows of `rows`, float32 (vocabulary, vector_size); at least one is covered."""
    mean = rows[covered].mean(axis=0)
    length = float(np.linalg.norm(rows[covered] - mean, axis=1).mean())
    return TrainingSpace(mean, length or 1.0)


def place_new_words(
    rows: np.ndarray, covered: np.ndarray, cooccurrences: Any, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Directions for words the file lacks: the mean of the centred vectors around them, itself centred.

    On held-out covered words it recovers the true vector as well as a trained linear map and far better than a
    random start. Words that meet no covered word are placed from those just placed, and so on.

    Returns:
        float32 (vocabulary, vector_size): unit directions in the centred space for all words that are placed or
        covered, zeros elsewhere; bool (vocabulary,): the words placed here.
    """
    directions = centred_directions(rows, covered)
    known = covered
    while True:
        means, met = average_contexts(cooccurrences, directions, known, weights)
        new = met & ~known
        if not new.any():
            return directions, known & ~covered
        directions[new] = unit(means[new] - means[covered].mean(axis=0))
        known = known | new
