"""Has a model collapsed? Hubs that are everybody's neighbour, and vectors that vanished or ran away."""

import numpy as np

from core.score.scorecard import Health

HUB_SKEW = 3.0
"""Healthy models have 0.9 to 1.9; CBOW with 5 epochs on 42,000 tokens 5.9, fine-tuning with alpha 0.5 6.1."""
LONGEST = 10.0
"""Healthy models have 1.3 to 2.7 medians; CBOW with 5 epochs on 42,000 tokens 23."""
VANISHED_LENGTH, VANISHED_SHARE = 0.01, 0.01
LENGTH_CHANGE = 3.0


def measure_health(
    vectors: np.ndarray, evaluated: np.ndarray, neighbours: np.ndarray, reference_length: float | None
) -> Health:
    """Signs of collapse.

    Args:
        vectors: (words, vector_size).
        evaluated: rows that all models have a vector for.
        neighbours: int (n, k), the nearest of each of n words, as places among those n; -1 for none.
        reference_length: median length of the vectors that it was trained on from; None from scratch.
    """
    from scipy.stats import skew

    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    median = float(np.median(lengths[evaluated]))
    longest = float(lengths.max() / median) if median else float("inf")
    vanished = float((lengths <= VANISHED_LENGTH * median).mean())
    times = np.bincount(neighbours[neighbours >= 0], minlength=len(neighbours))
    # scipy says nan, with a warning, where every word is a neighbour equally often: nothing is a hub there
    hub_skew = float(skew(times)) if (times != times[:1]).any() else 0.0
    alarms = []
    if hub_skew > HUB_SKEW:
        alarms.append(
            f"A few words are neighbours of nearly all others (hub skewness {hub_skew:.1f}, usually below 2): "
            "the model tells words apart badly."
        )
    if longest > LONGEST:
        alarms.append(
            f"The longest vector is {longest:.0f} times as long as usual: a few words ran away, or most hardly learned."
        )
    if vanished > VANISHED_SHARE:
        alarms.append(f"{100 * vanished:.0f} % of the words have almost no vector: they were not learned.")
    if reference_length and not 1 / LENGTH_CHANGE < median / reference_length < LENGTH_CHANGE:
        alarms.append(
            f"Vectors are {median / reference_length:.2g} times as long as before training: the learning rate is "
            "too high, or there are too many epochs."
        )
    return Health(hub_skew, median, longest, vanished, tuple(alarms))
