"""All that is measured of one model besides its answers: judgements of likeness, neighbours, classes, health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.config import NEEDS_PRETRAINED
from core.geometry.neighbours import Neighbours, nearest_neighbours, overlaps
from core.models.cloze import centre
from core.score.bootstrap import Estimate, estimate_mean, estimate_share
from core.score.classification import average_documents, classify, find_labels
from core.score.health import measure_health
from core.score.heldout_test import Candidate, Exam, Sitting
from core.score.scorecard import BANDS, BandScore, Health, ModelScore, in_band
from core.score.stability import MAX_WORDS, TOPN
from core.score.word_pairs import (
    CoveredPairs,
    WordPairs,
    correlate,
    cover_pairs,
    guard_interval,
    similarities,
    solve_analogies,
)
from core.text.corpus import Corpus

MIN_NEW_WORD_POSITIONS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """What all models are measured with. Made by `make_yardstick`.

    Attributes:
        sittings: the exams; what is not an answer is measured of the first one's models.
        lists: word pairs that can be judged.
        sample: rows of the words whose neighbours are looked at.
        averages: scipy CSR (documents, words), makes document vectors; None without labels.
        labels: of those documents.
        seed: of all draws.
    """

    sittings: Sequence[Sitting]
    lists: Sequence[CoveredPairs]
    sample: np.ndarray
    averages: Any
    labels: Sequence[str | None]
    seed: int

    @property
    def exam(self) -> Exam:
        return self.sittings[0].exam

    @property
    def groups(self) -> np.ndarray:
        """Held-out document of each question of all sittings: (positions,)."""
        return np.concatenate([sitting.groups for sitting in self.sittings])

    def answers(self, name: str) -> np.ndarray:
        """Cloze scores of a model in all sittings: (positions,)."""
        return np.concatenate([sitting.candidates[name].test for sitting in self.sittings])


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What is read off the vectors of one model.

    Attributes:
        centred: (words, vector_size).
        cosines: of the pairs of each list, (pairs,).
        neighbours: of the yardstick's sample.
        right: which labelled documents are classified right, bool; None without labels.
    """

    centred: np.ndarray
    cosines: Mapping[str, np.ndarray]
    neighbours: Neighbours
    right: np.ndarray | None


def make_yardstick(corpus: Corpus, sittings: Sequence[Sitting], lists: Sequence[WordPairs], seed: int) -> Yardstick:
    exam = sittings[0].exam
    sample = np.flatnonzero(exam.covered)
    if len(sample) > MAX_WORDS:
        sample = np.sort(np.random.default_rng(seed).choice(sample, MAX_WORDS, replace=False))
    _, documents = find_labels(corpus.labels)
    return Yardstick(
        sittings=sittings,
        lists=[cover_pairs(pairs, exam.words, exam.covered) for pairs in lists],
        sample=sample,
        averages=average_documents(corpus, documents, exam.words, exam.counts) if len(documents) else None,
        labels=[corpus.labels[document] for document in documents],
        seed=seed,
    )


def read_model(yardstick: Yardstick, candidate: Candidate) -> Reading:
    centred = centre(candidate.vectors, np.flatnonzero(yardstick.exam.covered))
    return Reading(
        centred=centred,
        cosines={pairs.name: similarities(centred, pairs) for pairs in yardstick.lists},
        neighbours=nearest_neighbours(centred[yardstick.sample], TOPN),
        right=None
        if yardstick.averages is None
        else classify(yardstick.averages, centred, yardstick.labels, yardstick.seed),
    )


def score_model(yardstick: Yardstick, name: str, reading: Reading, reference: str, base: Reading) -> ModelScore:
    """All measures of the model called `name`; `base` is the reading of the one called `reference`."""
    taken = [sitting.candidates[name] for sitting in yardstick.sittings]
    first, seed = taken[0], yardstick.seed
    gain = yardstick.answers(name) - yardstick.answers(reference)
    correct, correct_gain = _score_classes(reading, base, seed)
    return ModelScore(
        name=name,
        strategy=first.config.strategy,
        dose=first.config.dose,
        doses=tuple(candidate.config.dose for candidate in taken if candidate.config.dose is not None),
        seconds=sum(candidate.seconds for candidate in taken),
        development=first.development,
        cloze=estimate_share(yardstick.answers(name), yardstick.groups, seed),
        delta=estimate_mean(gain, yardstick.groups, seed),
        pairs={pairs.name: correlate(reading.cosines[pairs.name], pairs) for pairs in yardstick.lists},
        guards={pairs.name: _guard(pairs, reading, base, seed) for pairs in yardstick.lists},
        analogies={
            pairs.name: solve_analogies(pairs.analogies, reading.centred, np.flatnonzero(yardstick.exam.covered))
            for pairs in yardstick.lists
            if len(pairs.analogies)
        },
        bands=() if name == reference else _score_bands(yardstick, reading, base, gain),
        new_words=_score_new_words(yardstick, taken),
        health=_check_health(yardstick, first, reading, reference),
        classification=correct,
        classification_delta=correct_gain,
    )


def _guard(pairs: CoveredPairs, reading: Reading, base: Reading, seed: int) -> Estimate:
    """Gain in agreement with people over the reference."""
    ours, theirs = reading.cosines[pairs.name], base.cosines[pairs.name]
    gain = correlate(ours, pairs).correlation - correlate(theirs, pairs).correlation
    return Estimate(gain, *guard_interval(ours, theirs, pairs.scores, seed))


def _score_classes(reading: Reading, base: Reading, seed: int) -> tuple[Estimate | None, Estimate | None]:
    if reading.right is None or base.right is None:
        return None, None
    right, documents = reading.right.astype(float), np.arange(len(reading.right))
    return estimate_share(right, documents, seed), estimate_mean(right - base.right, documents, seed)


def _score_bands(yardstick: Yardstick, reading: Reading, base: Reading, gain: np.ndarray) -> tuple[BandScore, ...]:
    jaccard = overlaps(reading.neighbours, base.neighbours, TOPN)[0] if len(yardstick.sample) > 1 else np.zeros(0)
    kept = 2 * jaccard / (1 + jaccard)  # of equally long lists, the share they have in common
    counts = yardstick.exam.counts[yardstick.sample]
    asked = np.concatenate([sitting.exam.counts[sitting.exam.test.targets] for sitting in yardstick.sittings])
    bands = []
    for least, most in BANDS:
        words, positions = in_band(counts, least, most), in_band(asked, least, most)
        bands.append(
            BandScore(
                least=least,
                most=most,
                words=int(words.sum()),
                kept=float(kept[words].mean()) if words.any() else float("nan"),
                positions=int(positions.sum()),
                delta=estimate_mean(gain[positions], yardstick.groups[positions], yardstick.seed),
            )
        )
    return tuple(bands)


def _score_new_words(yardstick: Yardstick, taken: Sequence[Candidate]) -> Estimate | None:
    answers = np.concatenate([candidate.new_words for candidate in taken])
    if len(answers) < MIN_NEW_WORD_POSITIONS:
        return None
    groups = np.concatenate([sitting.new_word_groups for sitting in yardstick.sittings])
    return estimate_share(answers, groups, yardstick.seed)


def _check_health(yardstick: Yardstick, candidate: Candidate, reading: Reading, reference: str) -> Health:
    length = None
    base = yardstick.sittings[0].candidates[reference]
    if base.config.strategy == "pretrained" and candidate.config.strategy in NEEDS_PRETRAINED:
        length = float(np.median(np.linalg.norm(base.vectors[yardstick.sample].astype(np.float64), axis=1)))
    return measure_health(candidate.vectors, yardstick.sample, reading.neighbours.indices, length)
