"""Intrinsic measures of one model, besides its answers: judgements of likeness, neighbours, classes, health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.geometry.directions import centre
from core.geometry.neighbours import Neighbours, nearest_neighbours, overlaps
from core.methods import METHODS, UNTOUCHED
from core.score.bootstrap import Estimate, estimate_gain, estimate_share
from core.score.classification import average_documents, classify, find_labels
from core.score.few_examples import FewExamples, classify_from_few, draw_examples, estimate_over_draws, share_draws
from core.score.health import measure_health
from core.score.heldout import Candidate, HeldOutQuestions, HeldOutResult, count_choices
from core.score.scorecard import BANDS, BandScore, FewExamplesScore, Health, Labels, ModelScore, in_band
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
class IntrinsicTests:
    """What all models are measured with. Made by `prepare_intrinsic`.

    Attributes:
        results: answers to the held-out questions; everything else is measured on the models of the first.
        lists: word pairs that can be judged.
        sample: rows of the words whose neighbours are looked at.
        averages: scipy CSR (documents, words), makes document vectors; None without labels.
        labels: of those documents.
        few: of each split, what is told apart from a few examples; None where that cannot be.
        seed: of all draws.
    """

    results: Sequence[HeldOutResult]
    lists: Sequence[CoveredPairs]
    sample: np.ndarray
    averages: Any
    labels: Sequence[str | None]
    few: Sequence[FewExamples | None]
    seed: int

    @property
    def questions(self) -> HeldOutQuestions:
        return self.results[0].questions

    @property
    def groups(self) -> np.ndarray:
        """Held-out document of each question of all results: (positions,)."""
        return np.concatenate([result.groups for result in self.results])

    def answers(self, name: str) -> np.ndarray:
        """Cloze scores of a model in all results: (positions,)."""
        return np.concatenate([result.candidates[name].test for result in self.results])


@dataclass(frozen=True, slots=True, eq=False)
class VectorMeasures:
    """What is read off the vectors of one model.

    Attributes:
        centred: (words, vector_size).
        cosines: of the pairs of each list, (pairs,).
        neighbours: of the words in `IntrinsicTests.sample`.
        right: which labelled documents are classified right, bool; None without labels.
        few: which documents are told apart from a few examples, bool (draws, documents), of each split, by the number
            of examples a class.
    """

    centred: np.ndarray
    cosines: Mapping[str, np.ndarray]
    neighbours: Neighbours
    right: np.ndarray | None
    few: Sequence[Mapping[int, np.ndarray]]


def prepare_intrinsic(
    corpus: Corpus, results: Sequence[HeldOutResult], lists: Sequence[WordPairs], seed: int
) -> IntrinsicTests:
    questions = results[0].questions
    sample = np.flatnonzero(questions.covered)
    if len(sample) > MAX_WORDS:
        sample = np.sort(np.random.default_rng(seed).choice(sample, MAX_WORDS, replace=False))
    about, documents = find_labels(corpus.labels)
    return IntrinsicTests(
        results=results,
        lists=[cover_pairs(pairs, questions.words, questions.covered) for pairs in lists],
        sample=sample,
        averages=average_documents(corpus, documents, questions.words, questions.counts) if len(documents) else None,
        labels=[corpus.labels[document] for document in documents],
        few=[_draw_few(corpus, about, result, len(results), seed) for result in results],
        seed=seed,
    )


def _draw_few(corpus: Corpus, about: Labels, result: HeldOutResult, splits: int, seed: int) -> FewExamples | None:
    if about.problem:
        return None
    asked = result.questions
    return draw_examples(corpus, asked.split, about.classes, asked.words, asked.counts, share_draws(splits), seed)


def describe_labels(corpus: Corpus, intrinsic: IntrinsicTests) -> Labels:
    """What classification is measured on."""
    asked = [few for few in intrinsic.few if few is not None]
    documents = np.unique(np.concatenate([few.documents for few in asked])) if asked else ()
    draws = sum(max(map(len, few.draws.values())) for few in asked)
    return replace(find_labels(corpus.labels)[0], held_out=len(documents), draws=draws)


def measure_vectors(intrinsic: IntrinsicTests, name: str) -> VectorMeasures:
    """Of the model called `name`: of the first split, but for what is told apart from a few examples."""
    candidate = intrinsic.results[0].candidates[name]
    centred = centre(candidate.vectors, np.flatnonzero(intrinsic.questions.covered))
    return VectorMeasures(
        centred=centred,
        cosines={pairs.name: similarities(centred, pairs) for pairs in intrinsic.lists},
        neighbours=nearest_neighbours(centred[intrinsic.sample], TOPN),
        right=None
        if intrinsic.averages is None
        else classify(intrinsic.averages, centred, intrinsic.labels, intrinsic.seed),
        few=[
            classify_from_few(few, centre(result.candidates[name].vectors, np.flatnonzero(result.questions.covered)))
            for few, result in zip(intrinsic.few, intrinsic.results, strict=True)
            if few is not None
        ],
    )


def score_model(
    intrinsic: IntrinsicTests, name: str, measured: VectorMeasures, reference: str, base: VectorMeasures
) -> ModelScore:
    """All measures of the model called `name`; `base` is what was measured of the one called `reference`."""
    taken = [result.candidates[name] for result in intrinsic.results]
    first, seed = taken[0], intrinsic.seed
    gain = intrinsic.answers(name) - intrinsic.answers(reference)
    choices = 0 if name == reference else count_choices(intrinsic.results, name, reference)
    correct, correct_gain = _score_classes(measured, base, seed)
    return ModelScore(
        name=name,
        strategy=first.config.strategy,
        dose=first.config.dose,
        doses=tuple(candidate.config.dose for candidate in taken if candidate.config.dose is not None),
        seconds=sum(candidate.seconds for candidate in taken),
        development=first.development,
        cloze=estimate_share(intrinsic.answers(name), intrinsic.groups, seed),
        delta=estimate_gain(gain, intrinsic.groups, seed, choices),
        pairs={pairs.name: correlate(measured.cosines[pairs.name], pairs) for pairs in intrinsic.lists},
        guards={pairs.name: _guard(pairs, measured, base, seed) for pairs in intrinsic.lists},
        analogies={
            pairs.name: solve_analogies(pairs.analogies, measured.centred, np.flatnonzero(intrinsic.questions.covered))
            for pairs in intrinsic.lists
            if len(pairs.analogies)
        },
        bands=() if name == reference else _score_bands(intrinsic, measured, base, gain, choices),
        new_words=_score_new_words(intrinsic, taken),
        health=_check_health(intrinsic, first, measured, reference),
        classification=correct,
        classification_delta=correct_gain,
        few_examples=_score_few_examples(intrinsic, measured, base),
    )


def _guard(pairs: CoveredPairs, measured: VectorMeasures, base: VectorMeasures, seed: int) -> Estimate:
    """Gain in agreement with people over the reference."""
    ours, theirs = measured.cosines[pairs.name], base.cosines[pairs.name]
    gain = correlate(ours, pairs).correlation - correlate(theirs, pairs).correlation
    return Estimate(gain, *guard_interval(ours, theirs, pairs.scores, seed))


def _score_classes(
    measured: VectorMeasures, base: VectorMeasures, seed: int
) -> tuple[Estimate | None, Estimate | None]:
    if measured.right is None or base.right is None:
        return None, None
    right, documents = measured.right.astype(float), np.arange(len(measured.right))
    return estimate_share(right, documents, seed), estimate_gain(right - base.right, documents, seed)


def _score_few_examples(
    intrinsic: IntrinsicTests, measured: VectorMeasures, base: VectorMeasures
) -> tuple[FewExamplesScore, ...]:
    """For the numbers of examples that every split has."""
    documents = [few.documents for few in intrinsic.few if few is not None]
    numbers = set.intersection(*(set(split) for split in measured.few)) if measured.few else set()
    scores = []
    for number in sorted(numbers):
        ours, theirs = ([split[number].astype(float) for split in side.few] for side in (measured, base))
        value, low, high = estimate_over_draws(ours, documents, intrinsic.seed)
        gains = [mine - other for mine, other in zip(ours, theirs, strict=True)]
        scores.append(
            FewExamplesScore(
                examples=number,
                right=Estimate(value, max(low, 0.0), min(high, 1.0)),
                delta=estimate_over_draws(gains, documents, intrinsic.seed, is_gain=True),
            )
        )
    return tuple(scores)


def _score_bands(
    intrinsic: IntrinsicTests, measured: VectorMeasures, base: VectorMeasures, gain: np.ndarray, choices: int
) -> tuple[BandScore, ...]:
    jaccard = overlaps(measured.neighbours, base.neighbours, TOPN)[0] if len(intrinsic.sample) > 1 else np.zeros(0)
    kept = 2 * jaccard / (1 + jaccard)  # of equally long lists, the share they have in common
    counts = intrinsic.questions.counts[intrinsic.sample]
    asked = np.concatenate([result.questions.counts[result.questions.test.targets] for result in intrinsic.results])
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
                delta=estimate_gain(gain[positions], intrinsic.groups[positions], intrinsic.seed, choices),
            )
        )
    return tuple(bands)


def _score_new_words(intrinsic: IntrinsicTests, taken: Sequence[Candidate]) -> Estimate | None:
    answers = np.concatenate([candidate.new_words for candidate in taken])
    if len(answers) < MIN_NEW_WORD_POSITIONS:
        return None
    groups = np.concatenate([result.new_word_groups for result in intrinsic.results])
    return estimate_share(answers, groups, intrinsic.seed)


def _check_health(intrinsic: IntrinsicTests, candidate: Candidate, measured: VectorMeasures, reference: str) -> Health:
    length = None
    base = intrinsic.results[0].candidates[reference]
    if base.config.strategy == UNTOUCHED and METHODS[candidate.config.strategy].needs_vectors:
        length = float(np.median(np.linalg.norm(base.vectors[intrinsic.sample].astype(np.float64), axis=1)))
    return measure_health(candidate.vectors, intrinsic.sample, measured.neighbours.indices, length)
