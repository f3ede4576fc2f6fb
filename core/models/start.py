"""Where training starts, and what is checked before and after it, whichever engine trains."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import TrainingError

ENGINE_VERSION = "1"
"""Of `engine`, kept with every model: raise it when the same inputs no longer give the same bits."""
LOWEST_ALPHA = 1e-4
"""The learning rate falls to this, as in word2vec."""
LARGEST_VALUE = 1e6
"""Start values beyond this could overflow float32 in training; gensim then reads outside its tables."""
REPORT_SECONDS = 0.2

AfterEpoch = Callable[[np.ndarray], None]
"""Called between epochs with the vectors, float32 (vocabulary, vector_size), which it may change in place."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where training starts.

    Attributes:
        vectors: float32 (vocabulary, vector_size).
        known: bool (vocabulary,): rows to start from `vectors`; the others start at random, by seed.
        lockf: float32 (vocabulary,): how far training may move each row, 0 frozen to 1 free.
    """

    vectors: np.ndarray
    known: np.ndarray
    lockf: np.ndarray


def check_start(start: Start, size: int, vector_size: int) -> None:
    """Refuse a start that does not fit `size` words, or that no engine survives.

    Raises:
        TrainingError: a value is too large, or no number.
        ValueError: an array has another shape.
    """
    shape = (size, vector_size)
    if start.vectors.shape != shape or start.known.shape != (size,) or start.lockf.shape != (size,):
        raise ValueError(f"start is {start.vectors.shape} with lockf {start.lockf.shape}, vocabulary is {shape}")
    largest = float(np.abs(start.vectors[start.known]).max(initial=0))
    if not largest <= LARGEST_VALUE:  # also refuses nan
        raise TrainingError(
            f"The pretrained vectors hold values as large as {largest:g}; training needs them below "
            f"{LARGEST_VALUE:g}. Check that the file is a vectors file, or scale it down."
        )


def check_finite(vectors: np.ndarray, alpha: float) -> None:
    """Raise `TrainingError` if training with `alpha` has left a value that is no number."""
    if not np.isfinite(vectors).all():
        raise TrainingError(
            f"The vectors grew beyond all bounds in training. alpha is {alpha:g}, which is too high for this text: "
            "try 0.025 or 0.05."
        )
