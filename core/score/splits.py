"""How many times a text is split: until enough is known about the judged model, at most six times.

Each split sets other documents aside and trains every model anew, so it narrows the interval and costs a training. The
first test part of a large text often tells all there is to tell; that of a small one does not, nor that of a gain near
the line between helped and not (docs/science.md, section 1).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from core.config import TrainConfig
from core.methods import METHODS
from core.models.estimates import START_SECONDS
from core.score.bootstrap import Estimate
from core.score.heldout import estimate_scored_training
from core.score.verdict import FEW_DOCUMENTS, MIN_EFFECT, MIN_POSITIONS
from core.text.corpus import Corpus
from core.text.split import count_folds, count_units

MAX_SPLITS = 6
NARROW = 0.005
"""Half-width of an interval that needs no more splits: half of the effect that counts."""
SURER = 1.3
"""How many times its half-width an interval must lie from a line to end the splitting: about a 99 % interval.

Each look is another chance to end by luck. With the 95 % interval itself those that end near a line hold the truth in
86 to 92 %, with this one in 91 to 95 % (benchmarks/bench_splits.py); what is said to help is the same.
"""
FEW_UNITS = 30
"""A text of fewer documents (or blocks) is split as often as there is room: each test part has only a few of them."""
TRAINING_PART = 0.7
"""Of a text."""
TRAINING_SHARE = 0.9
"""Of the work of an evaluation."""


def most_splits(corpus: Corpus) -> int:
    """As often as `corpus` can be split at all; no document is tested twice."""
    return min(MAX_SPLITS, count_folds(corpus))


def fewest_splits(corpus: Corpus) -> int:
    """As often as `corpus` is split whatever comes out, so that ten documents (or blocks) are asked about."""
    most, units = most_splits(corpus), count_units(corpus)
    if units < FEW_UNITS:
        return most
    return min(most, math.ceil(FEW_DOCUMENTS / (units // count_folds(corpus))))


def is_known(gain: Estimate, positions: int, documents: int) -> bool:
    """Whether more splits could hardly change the verdict.

    Ten documents (or blocks) and 300 questions were asked, and the interval of the gain is narrower than half a point
    either way, or lies wholly, by a margin (`SURER`), on one side of each line at which the verdict changes: one point
    up, one point down.
    """
    if documents < FEW_DOCUMENTS or positions < MIN_POSITIONS:
        return False
    return gain.half_width < NARROW or all(_apart(gain, line) for line in (MIN_EFFECT, -MIN_EFFECT))


def _apart(gain: Estimate, line: float) -> bool:
    """The interval, `SURER` times as wide, lies on one side of `line`."""
    return gain.value - SURER * (gain.value - gain.low) > line or gain.value + SURER * (gain.high - gain.value) < line


def expect_splits(gain: Estimate, done: int, fewest: int, most: int) -> int:
    """How many splits it will take, guessed from what `done` of them gave: at least one more, at most `most`.

    An interval narrows with the square root of the splits.
    """
    width = gain.half_width
    nearest = min(abs(gain.value - line) for line in (MIN_EFFECT, -MIN_EFFECT))
    enough = max(NARROW, nearest / SURER)
    needed = done * (width / enough) ** 2 if math.isfinite(width) else math.inf
    return int(min(max(done + 1, fewest, math.ceil(min(needed, most))), most))


@dataclass(frozen=True, slots=True)
class Effort:
    """What scoring takes on one core, known before it begins.

    Attributes:
        split_seconds: for one split: training every model and the placebo, and asking them.
        fewest, most: splits; how many of them it takes shows on the way.
    """

    split_seconds: float
    fewest: int
    most: int

    @property
    def least_seconds(self) -> float:
        return START_SECONDS + self.fewest * self.split_seconds

    @property
    def most_seconds(self) -> float:
        return START_SECONDS + self.most * self.split_seconds

    @property
    def likely_seconds(self) -> float:
        """Half way between the least and the most, as ratios go."""
        return math.sqrt(self.least_seconds * self.most_seconds)


def estimate_effort(corpus: Corpus, configs: Iterable[TrainConfig], chosen: TrainConfig) -> Effort:
    """What `evaluate` will take for these models."""
    placebo = [chosen] if METHODS[chosen.strategy].from_text else []
    seconds = sum(estimate_scored_training(corpus, config) for config in [*configs, *placebo])
    return Effort(TRAINING_PART * seconds / TRAINING_SHARE, fewest_splits(corpus), most_splits(corpus))
