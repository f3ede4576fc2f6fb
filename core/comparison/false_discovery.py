"""How many of the things found would be noise: from chances, of all that was judged together, to q-values."""

import numpy as np

_UNLIKELY = 0.5
"""Chances above this are taken for those of noise, of which as many lie below it."""


def find_q_values(chance: np.ndarray) -> np.ndarray:
    """If all up to this one were called found, this share of them would be noise: Storey's q-values.

    Benjamini & Hochberg's (1995) procedure takes all that is judged for noise. Where most of it is not, as the words of
    two genres are not, it promises 5 % and keeps to 1 or 2. Storey (2002) takes the share that is noise from the
    chances above a half, and Storey, Taylor & Siegmund (2004) add one, so that the promise is kept for a few, too.

    Args:
        chance: float64 (n,), 0 to 1: that noise alone goes so far.

    Returns:
        float64 (n,), 0 to 1, rising with `chance`.
    """
    from scipy.stats import false_discovery_control

    if not len(chance):
        return np.empty(0)
    return np.asarray(false_discovery_control(chance) * find_noise_share(chance))


def find_noise_share(chance: np.ndarray) -> float:
    """What share of what was judged is noise, at most: 0 to 1, 1 where nothing was judged."""
    above = int((chance > _UNLIKELY).sum()) + 1
    return min(1.0, above / max((1 - _UNLIKELY) * len(chance), 1e-9))
