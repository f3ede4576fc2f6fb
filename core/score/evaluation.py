"""Did it help? Models are trained on one part of a text and asked about another (docs/science.md).

`evaluate` does not know how models are made: whoever calls it passes a function that makes one of a text and a
configuration. Scored are the models of the training part; those to deliver learn from all of the text.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.config import TrainConfig
from core.errors import EvaluationError
from core.geometry.directions import centre
from core.methods import METHODS, UNTOUCHED
from core.models.cloze import FREQUENT_WORDS
from core.progress import Progress, portion, silent
from core.score.bootstrap import Estimate, estimate_gain, estimate_share
from core.score.examples import choose_examples
from core.score.heldout import HeldOutResult, ask_models, check_questions, check_split, check_words, count_choices
from core.score.intrinsic import IntrinsicTests, describe_labels, measure_vectors, prepare_intrinsic, score_model
from core.score.scorecard import SCORE_VERSION, ModelScore, PlaceboScore, Scorecard
from core.score.splits import TRAINING_SHARE, expect_splits, fewest_splits, is_known, most_splits
from core.score.stability import Train
from core.score.word_pairs import PUBLISHED, WordPairs, correlate, missing_words, published_pairs, similarities
from core.system.threads import one_thread
from core.text.corpus import Corpus
from core.text.split import Split, split_corpus

_log = logging.getLogger(__name__)


@one_thread()
def evaluate(
    corpus: Corpus,
    configs: Mapping[str, TrainConfig],
    train: Train,
    *,
    chosen: str,
    reference: str | None = None,
    seed: int | None = None,
    with_placebo: bool = True,
    pairs: Sequence[WordPairs] = (),
    progress: Progress = silent,
) -> Scorecard:
    """Score any set of models of `corpus`. The same input gives the same scorecard.

    The text is split until enough is known about the gain of `chosen` over `reference`, up to six times
    (`core.score.splits`); no document is tested twice. A configuration that leaves its dose open gets the one that does
    best on the development part.

    Args:
        corpus: all of the text.
        configs: of the models, by name.
        train: makes a model of a part of the text; called with the training parts and their shuffled copies.
        chosen: name of the model that the verdict is about.
        reference: name of the model to compare with; by default one that is the pretrained vectors, else the first.
        seed: of splits, draws and resampling; by default that of the chosen model, so that the first split is the
            one on which training chooses its dose.
        with_placebo: train the chosen model on shuffled text too; without, a verdict cannot rule that explanation out.
        pairs: the user's own lists of word pairs.

    Raises:
        EvaluationError: there is nothing to compare with, the text cannot be split, or nothing can be asked about it.
        TrainingError: out of `train`.
        Cancelled: out of `progress`.
    """
    reference = reference or _default_reference(configs, chosen)
    for name in (chosen, reference):
        if name not in configs:
            raise ValueError(f"there is no model {name!r} among {sorted(configs)}")
    if chosen == reference:
        raise EvaluationError(
            f"“{chosen}” would be compared with itself. Choose another model to judge, or another one as the reference."
        )
    seed = configs[chosen].seed if seed is None else seed
    placebo_of = chosen if with_placebo else None
    report = portion(progress, 0, TRAINING_SHARE)
    results = _ask_until_known(corpus, configs, train, (chosen, reference), placebo_of, seed, report)
    lists = [*map(published_pairs, PUBLISHED), *pairs]
    intrinsic = prepare_intrinsic(corpus, results, lists, seed)
    models = _score_models(intrinsic, reference, portion(progress, TRAINING_SHARE, 1))
    card = _fill_card(corpus, intrinsic, models, chosen, reference, lists)
    progress(1.0, "Scored")
    _log.info("scored %d models on %d questions from %d %s", len(models), card.positions, card.documents, card.unit)
    return card


def _default_reference(configs: Mapping[str, TrainConfig], chosen: str) -> str:
    untouched = [name for name, config in configs.items() if config.strategy == UNTOUCHED]
    others = [name for name in configs if name != chosen]
    return (untouched or others or [chosen])[0]


def _ask_until_known(
    corpus: Corpus,
    configs: Mapping[str, TrainConfig],
    train: Train,
    compared: tuple[str, str],
    placebo_of: str | None,
    seed: int,
    progress: Progress,
) -> list[HeldOutResult]:
    """Answers of one split after the other; those without questions are left out, unless all are.

    How many it will be is not known beforehand, so each takes its share of the progress that is left, by how many are
    expected to follow.
    """
    fewest, most = fewest_splits(corpus), most_splits(corpus)
    results: list[HeldOutResult] = []
    unasked: list[HeldOutResult] = []
    expected, told = fewest, 0.0
    for fold in range(most):
        split = split_corpus(corpus, seed, fold=fold)
        if not split.test:
            continue
        if not results and not unasked:
            _check_words(corpus, split, configs, seed, range(fold + 1, most))
        end = told + (1 - told) / max(expected - fold, 1)
        prefix = f"split {fold + 1} of {_write_number(expected, most)}, " if most > 1 else ""
        result = ask_models(split, configs, train, placebo_of, seed, fold, portion(progress, told, end, prefix))
        told = end
        (results if len(result.groups) else unasked).append(result)
        if results:
            gain, groups = _gains(results, *compared)
            known = estimate_gain(gain, groups, seed, count_choices(results, *compared))
            if fold + 1 >= fewest and is_known(known, len(gain), len(np.unique(groups))):
                break
            expected = expect_splits(known, fold + 1, fewest, most)
    if not results and not unasked:
        check_split(split)
    if not results:
        check_questions(unasked[0].questions)
    return results


def _write_number(expected: int, most: int) -> str:
    return f"{most}" if expected == most else f"{expected} or more"


def _gains(results: Sequence[HeldOutResult], left: str, right: str) -> tuple[np.ndarray, np.ndarray]:
    """Of `left` over `right` at each question, and the held-out document of each."""
    gain = [result.candidates[left].test - result.candidates[right].test for result in results]
    return np.concatenate(gain), np.concatenate([result.groups for result in results])


def _check_words(
    corpus: Corpus, split: Split, configs: Mapping[str, TrainConfig], seed: int, others: Iterable[int]
) -> None:
    """`check_words`, which looks at the other splits only where this one has too few."""
    min_count = max(config.min_count for config in configs.values())
    if split.train.vocabulary_size(min_count) <= FREQUENT_WORDS:
        check_words(corpus, [split, *(split_corpus(corpus, seed, fold=fold) for fold in others)], min_count)


def _score_models(intrinsic: IntrinsicTests, reference: str, progress: Progress) -> tuple[ModelScore, ...]:
    candidates = intrinsic.results[0].candidates
    base = measure_vectors(intrinsic, reference)
    models = []
    for done, name in enumerate(candidates):
        progress(done / len(candidates), f"scoring {name}")
        measured = base if name == reference else measure_vectors(intrinsic, name)
        models.append(score_model(intrinsic, name, measured, reference, base))
    return tuple(models)


def _fill_card(
    corpus: Corpus,
    intrinsic: IntrinsicTests,
    models: tuple[ModelScore, ...],
    chosen: str,
    reference: str,
    lists: Sequence[WordPairs],
) -> Scorecard:
    questions, candidates = intrinsic.questions, intrinsic.results[0].candidates
    split, groups, scratch = questions.split, intrinsic.groups, _best_scratch(models, chosen)
    return Scorecard(
        models=models,
        chosen=chosen,
        reference=reference,
        scratch=scratch,
        over_scratch=_compare(intrinsic, chosen, scratch) if scratch else None,
        placebo=_score_placebo(intrinsic, chosen, reference),
        examples=choose_examples(
            questions.test,
            split.test,
            [corpus.document_names[document] for document in split.test_documents],
            questions.words,
            candidates[chosen].vectors,
            candidates[reference].vectors,
            intrinsic.seed,
        ),
        positions=len(groups),
        documents=len(np.unique(groups)),
        unit=split.unit,
        of_documents=corpus.n_documents,
        splits=len(intrinsic.results),
        near_duplicates=sum(result.questions.split.near_duplicates for result in intrinsic.results),
        train_tokens=split.train.n_tokens,
        vocabulary=len(questions.words),
        evaluated=int(questions.covered.sum()),
        coverage=float(questions.counts[questions.covered].sum() / split.train.n_tokens),
        labels=describe_labels(corpus, intrinsic),
        missing={
            pairs.name: missing_words(pairs, questions.words, questions.covered)
            for pairs in lists
            if pairs.name not in PUBLISHED
        },
        seed=intrinsic.seed,
        configs={name: candidate.config for name, candidate in candidates.items()},
        scored_by=SCORE_VERSION,
    )


def _best_scratch(models: Sequence[ModelScore], chosen: str) -> str | None:
    """The from-scratch model that did best on the development part; the test part has no say in the choice."""
    rivals = [model for model in models if not METHODS[model.strategy].needs_vectors and model.name != chosen]
    return max(rivals, key=lambda model: np.nan_to_num(model.development)).name if rivals else None


def _compare(intrinsic: IntrinsicTests, left: str, right: str) -> Estimate:
    """Paired cloze gain of `left` over `right`."""
    gain = intrinsic.answers(left) - intrinsic.answers(right)
    return estimate_gain(gain, intrinsic.groups, intrinsic.seed, count_choices(intrinsic.results, left, right))


def _score_placebo(intrinsic: IntrinsicTests, chosen: str, reference: str) -> PlaceboScore | None:
    placebos = [result.placebo for result in intrinsic.results if result.placebo is not None]
    if not placebos:
        return None
    answers = np.concatenate([placebo.test for placebo in placebos])
    groups, seed, choices = intrinsic.groups, intrinsic.seed, count_choices(intrinsic.results, chosen)
    centred = centre(placebos[0].vectors, np.flatnonzero(intrinsic.questions.covered))
    return PlaceboScore(
        cloze=estimate_share(answers, groups, seed),
        delta=estimate_gain(answers - intrinsic.answers(reference), groups, seed, choices),
        behind=estimate_gain(intrinsic.answers(chosen) - answers, groups, seed, choices),
        pairs={pairs.name: correlate(similarities(centred, pairs), pairs) for pairs in intrinsic.lists},
    )
