"""How small a change could have been seen: "could be noise" says little of a word that would have to turn around."""

import math

import numpy as np

from core.comparison.movers import Movers

LIKE = 100
"""Judged words nearest in count that stand for words seen about as often."""


def smallest_change(movers: Movers, counts: np.ndarray, count: int) -> float:
    """The change from which on a word seen `count` times is called moved: 1 - cosine, 0 to 2.

    It is the median threshold (`Movers.threshold`) of the 100 judged words nearest in count.

    Args:
        counts: int64 (words,), of the words of `movers`.

    Returns:
        nan where no word was judged.
    """
    rows = np.flatnonzero(movers.judged)
    if not len(rows):
        return float("nan")
    # near in count means near in its logarithm: 40 is as far from 20 as from 80
    apart = np.abs(np.log(np.maximum(np.asarray(counts)[rows], 1)) - math.log(max(count, 1)))
    return float(np.median(movers.threshold[rows[np.argsort(apart, kind="stable")[:LIKE]]]))


def write_smallest_change(movers: Movers, counts: np.ndarray, row: int) -> str:
    """What stands beside "could be noise": how far the word would have had to change; "" unless it was judged."""
    if not movers.judged[row]:
        return ""
    usual = smallest_change(movers, counts, int(counts[row]))
    return (
        f"It would have had to change by {movers.threshold[row]:.3f} to be called moved; of words seen about as often, "
        f"half need {usual:.3f} or more."
    )
