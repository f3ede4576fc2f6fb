"""The result of an evaluation: what was measured of every model, and how. `core.score.verdict` says what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from core.config import TrainConfig
from core.errors import RunError, UserError
from core.score.bootstrap import Estimate
from core.score.word_pairs import PairScore
from core.system.typed_json import Record, read_record, write_record
from core.text.split import HeldOutUnit

SCORE_VERSION = "3"
"""Part of every scorecard's identity: raise it when the same inputs no longer give the same scores."""
BANDS: tuple[tuple[int, int | None], ...] = ((1, 4), (5, 19), (20, 99), (100, None))
"""Counts of a word, ends included, None for no limit."""


def in_band(counts: np.ndarray, least: int, most: int | None) -> np.ndarray:
    """Which counts lie in the band: bool, like `counts`."""
    return (counts >= least) & (counts <= (most if most is not None else np.inf))


@dataclass(frozen=True, slots=True)
class BandScore:
    """What became of the words whose count in the training part lies in a band.

    Attributes:
        least: lowest count.
        most: highest count, None for no limit.
        words: of the band that are looked at.
        kept: mean share of a word's ten nearest neighbours in the reference that are still among its ten, 0 to 1;
            nan where there is no word. Describes change; not evidence of learning, a shuffled text changes as many.
        positions: questions whose hidden word is in the band.
        delta: cloze gain over the reference on those.
    """

    least: int
    most: int | None
    words: int
    kept: float
    positions: int
    delta: Estimate


@dataclass(frozen=True, slots=True)
class FewExamplesScore:
    """How well documents that were set aside are told apart from a few labelled ones.

    Attributes:
        examples: of each class, at most; a class that has fewer in the training part gives all it has.
        right: share of the documents put into the right class, mean over many draws of the examples.
        delta: paired gain in it over the reference; zeros for the reference.
    """

    examples: int
    right: Estimate
    delta: Estimate


@dataclass(frozen=True, slots=True)
class Health:
    """Signs of a model that has collapsed.

    Attributes:
        hub_skew: skewness of how often a word is among others' ten nearest; 1 to 2 as a rule.
        median_length: of the vectors.
        longest: length of the longest vector, in medians.
        vanished: share of the words with almost no vector left.
        alarms: what is wrong, one sentence each; empty if nothing is.
    """

    hub_skew: float
    median_length: float
    longest: float
    vanished: float
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelScore:
    """One model, trained on the training part.

    Attributes:
        name: of the model in the run.
        strategy: how it was made.
        dose: share of the change that was kept, chosen on the development part of the first split; None without dose.
        doses: the same for every split.
        seconds: its training took, all splits.
        development: cloze score on the development part; choices are made on it.
        cloze: score on the test part, 0 to 1, chance is 0.5.
        delta: paired gain over the reference; zeros for the reference.
        pairs: agreement with human judgements, by list.
        guards: paired gain in that agreement over the reference, by list; nan below 30 covered pairs.
        analogies: (right, asked) by list, for lists that have any.
        bands: by frequency; empty for the reference.
        new_words: cloze score where the hidden word is not in the pretrained file; None below 30 questions.
        health: signs of collapse.
        classification: share of labelled documents put into the right class by cross-validation; None without labels.
        classification_delta: paired gain in it over the reference.
        few_examples: the same from a few examples of each class, fewest first; empty without labels, where no whole
            documents were set aside, and on earlier cards.
    """

    name: str
    strategy: str
    dose: float | None
    doses: tuple[float, ...]
    seconds: float
    development: float
    cloze: Estimate
    delta: Estimate
    pairs: Mapping[str, PairScore]
    guards: Mapping[str, Estimate]
    analogies: Mapping[str, tuple[int, int]]
    bands: tuple[BandScore, ...]
    new_words: Estimate | None
    health: Health
    classification: Estimate | None = None
    classification_delta: Estimate | None = None
    few_examples: tuple[FewExamplesScore, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceboScore:
    """The chosen model's settings and dose on shuffled text.

    Attributes:
        cloze: as in `ModelScore`.
        delta: its gain over the reference.
        behind: how far it is behind the chosen model.
        pairs: as in `ModelScore`.
    """

    cloze: Estimate
    delta: Estimate
    behind: Estimate
    pairs: Mapping[str, PairScore]


@dataclass(frozen=True, slots=True)
class Choice:
    """A word that could fill a blank, and how well the chosen model and the reference find it fits: cosines."""

    word: str
    chosen: float
    reference: float


Pick = Literal["gained", "lost", "drawn", ""]
"""Why a question is shown: the judged model gained most on the reference, lost most, or at random; "" on old cards."""


@dataclass(frozen=True, slots=True)
class ClozeExample:
    """A question from the text.

    Attributes:
        document: name of the document it is from.
        before, after: tokens around the blank.
        word: the hidden word.
        choices: it and its distractors, best for the chosen model first.
        hit: the chosen model prefers the hidden word to all others.
        reference_hit: the reference does.
        pick: why it is shown.
    """

    document: str
    before: tuple[str, ...]
    word: str
    after: tuple[str, ...]
    choices: tuple[Choice, ...]
    hit: bool
    reference_hit: bool
    pick: Pick = ""

    @property
    def alternatives(self) -> int:
        """How many words the hidden one has to beat."""
        return len(self.choices) - 1

    @property
    def beaten(self) -> float:
        """How many of them it beats for the chosen model, ties a half; the score counts their share."""
        own = next(choice.chosen for choice in self.choices if choice.word == self.word)
        return sum(_wins(own, choice.chosen) for choice in self.choices if choice.word != self.word)

    @property
    def reference_beaten(self) -> float:
        """The same for the reference."""
        own = next(choice.reference for choice in self.choices if choice.word == self.word)
        return sum(_wins(own, choice.reference) for choice in self.choices if choice.word != self.word)


def _wins(own: float, other: float) -> float:
    return 1.0 if own > other else 0.5 if own == other else 0.0


@dataclass(frozen=True, slots=True)
class Labels:
    """What classification was measured on.

    Attributes:
        classes: names of the classes, the largest first.
        documents: how many documents are cross-validated.
        majority: share of the largest class: what always guessing it would score.
        left_out: labels with too few documents.
        problem: why there is no classification, "" if there is.
        held_out: documents set aside that were told apart from a few examples, over all splits.
        draws: of the examples, over all splits.
    """

    classes: tuple[str, ...]
    documents: int
    majority: float
    left_out: tuple[str, ...]
    problem: str
    held_out: int = 0
    draws: int = 0


@dataclass(frozen=True, slots=True)
class Scorecard(Record):
    """All that was measured, for any set of models of one text. Made by `core.score.evaluation.evaluate`.

    Attributes:
        models: in the order given.
        chosen: name of the model that the verdict is about.
        reference: name of the model it is compared with.
        scratch: name of the from-scratch model that did best on the development part; None without one.
        over_scratch: cloze gain of the chosen model over that one.
        placebo: None when it was not run, or the chosen model does not learn from the order of words.
        examples: three questions from the text.
        positions: questions asked, over all splits.
        documents: held-out documents (or blocks) they are from.
        unit: what was set aside: documents or blocks of 200 tokens.
        splits: how many times the text was split; no document is tested twice.
        near_duplicates: held-out units that were left out because other text repeats them.
        train_tokens: tokens of the training part, first split.
        vocabulary: words of the models.
        evaluated: those of them that are in the pretrained file.
        coverage: share of the training part's tokens that are.
        labels: of the documents.
        missing: words of the user's own lists that the models do not have, by list.
        seed: of splits, draws and resampling; each model's own is in its config.
        configs: settings of each model.
        scored_by: the `SCORE_VERSION` that made it; those before "2" did not note it.
        of_documents: how many documents the whole text has; those before "3" did not note it: 0.
    """

    models: tuple[ModelScore, ...]
    chosen: str
    reference: str
    scratch: str | None
    over_scratch: Estimate | None
    placebo: PlaceboScore | None
    examples: tuple[ClozeExample, ...]
    positions: int
    documents: int
    unit: HeldOutUnit
    splits: int
    near_duplicates: int
    train_tokens: int
    vocabulary: int
    evaluated: int
    coverage: float
    labels: Labels
    missing: Mapping[str, tuple[str, ...]]
    seed: int
    configs: Mapping[str, TrainConfig] = field(default_factory=dict)
    scored_by: str = "1"
    of_documents: int = 0

    @property
    def is_earlier(self) -> bool:
        """It was made by an earlier version, whose scores cannot be compared with those of this one."""
        return self.scored_by != SCORE_VERSION

    def model(self, name: str) -> ModelScore:
        return {model.name: model for model in self.models}[name]


def save_scorecard(card: Scorecard, path: Path) -> None:
    """Write `card` to `path`, whole or not at all."""
    write_record(path, card)


def load_scorecard(path: Path) -> Scorecard:
    """What `save_scorecard` wrote.

    Raises:
        RunError: it is not there, or was damaged or written by another version.
    """
    try:
        return read_record(path, Scorecard)
    except (OSError, ValueError, UserError) as error:
        raise RunError(f"The stored scorecard {path} cannot be read ({error}). Score the models again.") from error
