"""Two models side by side: which, at which doses, on which words.

Every result about them depends on one of these and on nothing wider, so that moving the left dose leaves the right
map alone. Each has a `key`, small and made of ids and numbers: it is all that a cache looks at.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.comparison.movers import NoiseKind
from core.comparison.noise_plan import NoisePlan
from core.comparison.pair import Comparison, SharedWords
from core.maps.pair_store import PairOrder
from core.models.embedding import Embedding

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One model, at the dose that is shown; None for one without a dose."""

    run: str
    dose: float | None
    embedding: Embedding

    @property
    def key(self) -> Key:
        return self.run, self.dose


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """Two models as they were trained, left and right.

    Attributes:
        runs: their ids.
        left, right: the models.
        whole: all words that both have.
        sample: those that are laid out: all of them, or of too many a sample.
        most: so many words are laid out at most.
    """

    runs: tuple[str, str]
    left: Embedding
    right: Embedding
    whole: SharedWords
    sample: SharedWords
    most: int

    @property
    def key(self) -> Key:
        return self.runs

    @property
    def order(self) -> PairOrder:
        """What a job is told that works on the two: the same, whichever is on the left."""
        left, right = sorted(self.runs)
        return PairOrder(left, right, self.most)

    @property
    def is_turned(self) -> bool:
        """The pair's order is of the two the other way round: what is made of it serves whichever is on the left."""
        return self.runs[0] > self.runs[1]

    @property
    def covered_on(self) -> tuple[np.ndarray, np.ndarray]:
        """bool each, of the sample: that side's pretrained vectors have the word."""
        return self.left.covered[self.sample.left_rows], self.right.covered[self.sample.right_rows]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words that two models are compared on: the sample, and below it the pinned words that it lacks."""

    trained: Trained
    extras: tuple[str, ...]
    shared: SharedWords

    @property
    def key(self) -> Key:
        return *self.trained.key, self.extras


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two models, each at its dose, and the words that they are compared on."""

    words: Words
    models: tuple[Model, Model]

    @property
    def key(self) -> Key:
        return self.words.key, *(model.key for model in self.models)

    @property
    def trained(self) -> Trained:
        return self.words.trained

    @property
    def runs(self) -> tuple[str, str]:
        """Ids of the left and the right run."""
        return self.trained.runs

    @property
    def doses(self) -> tuple[float | None, float | None]:
        return self.models[0].dose, self.models[1].dose

    @property
    def left(self) -> Embedding:
        return self.models[0].embedding

    @property
    def right(self) -> Embedding:
        return self.models[1].embedding

    @property
    def shared(self) -> SharedWords:
        return self.words.shared

    @property
    def has_two_texts(self) -> bool:
        """The models were made from two different texts."""
        left, right = (model.sources.corpus for model in (self.left, self.right))
        return left.digest != right.digest

    @property
    def omitted(self) -> int:
        """How many words that both have are not shown."""
        return len(self.trained.whole.words) - len(self.shared.words)

    @property
    def vectors(self) -> tuple[np.ndarray, np.ndarray]:
        """Of the shared words, left and right."""
        return self.left.vectors[self.shared.left_rows], self.right.vectors[self.shared.right_rows]

    @property
    def counts_on(self) -> tuple[np.ndarray, np.ndarray]:
        """Of the shared words in each one's text."""
        return self.left.counts[self.shared.left_rows], self.right.counts[self.shared.right_rows]

    @property
    def counts(self) -> np.ndarray:
        """Of the shared words in the right one's text."""
        return self.counts_on[1]

    @property
    def covered_on(self) -> tuple[np.ndarray, np.ndarray]:
        """bool each: that side's pretrained vectors have the word."""
        return self.left.covered[self.shared.left_rows], self.right.covered[self.shared.right_rows]

    @property
    def covered(self) -> np.ndarray:
        """bool: the pretrained vectors of either side have the word."""
        left, right = self.covered_on
        return np.asarray(left | right)


@dataclass(frozen=True, slots=True, eq=False)
class Sides(Pair):
    """A pair as pages show it.

    Attributes:
        names: of both models, for people.
        texts: what to call the texts of the left and the right model: two names wherever these are two texts.
        corpus_folder: of the right one's text.
        comparison: of both, at their doses.
        index: row of each shared word, on the maps and everywhere.
        has_neighbours: they were found; else no word has any yet.
    """

    names: tuple[str, str]
    texts: tuple[str, str]
    corpus_folder: Path = field(repr=False)  # what a session remembers names no path of the server
    comparison: Comparison
    index: dict[str, int]
    has_neighbours: bool = True

    @property
    def key(self) -> Key:
        return self.words.key, *(model.key for model in self.models), self.has_neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """Two models, and the kinds of noise that their changes are held against; none while the noise is not measured."""

    sides: Sides
    plan: NoisePlan
    kinds: tuple[NoiseKind, ...]

    @property
    def key(self) -> Key:
        return self.plan.identity, self.kinds, self.sides.words.extras
