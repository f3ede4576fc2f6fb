"""Did it help? Models are trained on one part of a text and asked about another (docs/science.md).

`evaluate` does not know how models are made: whoever calls it passes a function that makes one of a text and a
configuration. The models that are scored are those of the training part; the ones to deliver learn from all of it.
"""

import logging
from collections.abc import Mapping, Sequence

import numpy as np

from core.config import TrainConfig
from core.errors import EvaluationError
from core.models.cloze import centre, count_folds, split_corpus
from core.progress import Progress, portion, silent
from core.score.bootstrap import Estimate, estimate_mean, estimate_share
from core.score.classification import find_labels
from core.score.examples import choose_examples
from core.score.heldout_test import Sitting, check_exam, check_split, check_words, hold_exam
from core.score.intrinsic import Yardstick, make_yardstick, read_model, score_model
from core.score.scorecard import ModelScore, PlaceboScore, Scorecard
from core.score.stability import Train
from core.score.word_pairs import PUBLISHED, WordPairs, correlate, missing_words, published_pairs, similarities
from core.system.threads import one_thread
from core.text.corpus import Corpus

logger = logging.getLogger(__name__)

SMALL_TEXT_TOKENS = 30_000
"""Below this the test part of one split is too small for a verdict, and the text is split several times."""
MAX_FOLDS = 6
FROM_SCRATCH = ("scratch", "counts")
TRAINING_SHARE = 0.9
"""Of the work of an evaluation."""


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

    Texts below 30,000 tokens are split up to six times, so that nearly every document is tested once.
    A configuration of "tuned" without a dose gets the one that does best on the development part.

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
    sittings = _hold_exams(corpus, configs, train, placebo_of, seed, portion(progress, 0, TRAINING_SHARE))
    lists = [*map(published_pairs, PUBLISHED), *pairs]
    yardstick = make_yardstick(corpus, sittings, lists, seed)
    models = _score_models(yardstick, reference, portion(progress, TRAINING_SHARE, 1))
    card = _fill_card(corpus, yardstick, models, chosen, reference, lists)
    progress(1.0, "Scored")
    logger.info("scored %d models on %d questions from %d %s", len(models), card.positions, card.documents, card.unit)
    return card


def _default_reference(configs: Mapping[str, TrainConfig], chosen: str) -> str:
    untouched = [name for name, config in configs.items() if config.strategy == "pretrained"]
    others = [name for name in configs if name != chosen]
    return (untouched or others or [chosen])[0]


def _hold_exams(
    corpus: Corpus,
    configs: Mapping[str, TrainConfig],
    train: Train,
    placebo_of: str | None,
    seed: int,
    progress: Progress,
) -> list[Sitting]:
    """One exam, or several over a small text; those without questions are left out unless all are."""
    folds = min(MAX_FOLDS, count_folds(corpus)) if corpus.n_tokens < SMALL_TEXT_TOKENS else 1
    splits = [split_corpus(corpus, seed, fold=fold) for fold in range(folds)]
    usable = [fold for fold, split in enumerate(splits) if split.test]
    if not usable:
        check_split(splits[0])
    check_words(corpus, [splits[fold] for fold in usable], max(config.min_count for config in configs.values()))
    sittings = []
    for step, fold in enumerate(usable):
        prefix = f"split {step + 1} of {len(usable)}, " if len(usable) > 1 else ""
        report = portion(progress, step / len(usable), (step + 1) / len(usable), prefix)
        sittings.append(hold_exam(splits[fold], configs, train, placebo_of, seed, fold, report))
    with_questions = [sitting for sitting in sittings if len(sitting.groups)]
    if not with_questions:
        check_exam(sittings[0].exam)
    return with_questions


def _score_models(yardstick: Yardstick, reference: str, progress: Progress) -> tuple[ModelScore, ...]:
    candidates = yardstick.sittings[0].candidates
    base = read_model(yardstick, candidates[reference])
    models = []
    for done, (name, candidate) in enumerate(candidates.items()):
        progress(done / len(candidates), f"scoring {name}")
        reading = base if name == reference else read_model(yardstick, candidate)
        models.append(score_model(yardstick, name, reading, reference, base))
    return tuple(models)


def _fill_card(
    corpus: Corpus,
    yardstick: Yardstick,
    models: tuple[ModelScore, ...],
    chosen: str,
    reference: str,
    lists: Sequence[WordPairs],
) -> Scorecard:
    exam, candidates = yardstick.exam, yardstick.sittings[0].candidates
    split, groups, scratch = exam.split, yardstick.groups, _best_scratch(models, chosen)
    return Scorecard(
        models=models,
        chosen=chosen,
        reference=reference,
        scratch=scratch,
        over_scratch=_compare(yardstick, chosen, scratch) if scratch else None,
        placebo=_score_placebo(yardstick, chosen, reference),
        examples=choose_examples(
            exam.test,
            split.test,
            [corpus.document_names[document] for document in split.test_documents],
            exam.words,
            candidates[chosen].vectors,
            candidates[reference].vectors,
        ),
        positions=len(groups),
        documents=len(np.unique(groups)),
        unit=split.unit,
        splits=len(yardstick.sittings),
        near_duplicates=sum(sitting.exam.split.near_duplicates for sitting in yardstick.sittings),
        train_tokens=split.train.n_tokens,
        vocabulary=len(exam.words),
        evaluated=int(exam.covered.sum()),
        coverage=float(exam.counts[exam.covered].sum() / split.train.n_tokens),
        labels=find_labels(corpus.labels)[0],
        missing={
            pairs.name: missing_words(pairs, exam.words, exam.covered) for pairs in lists if pairs.name not in PUBLISHED
        },
        seed=yardstick.seed,
        configs={name: candidate.config.as_dict() for name, candidate in candidates.items()},
    )


def _best_scratch(models: Sequence[ModelScore], chosen: str) -> str | None:
    """The from-scratch model that did best on the development part; the test part has no say in the choice."""
    rivals = [model for model in models if model.strategy in FROM_SCRATCH and model.name != chosen]
    return max(rivals, key=lambda model: np.nan_to_num(model.development)).name if rivals else None


def _compare(yardstick: Yardstick, left: str, right: str) -> Estimate:
    """Paired cloze gain of `left` over `right`."""
    gain = yardstick.answers(left) - yardstick.answers(right)
    return estimate_mean(gain, yardstick.groups, yardstick.seed)


def _score_placebo(yardstick: Yardstick, chosen: str, reference: str) -> PlaceboScore | None:
    placebos = [sitting.placebo for sitting in yardstick.sittings if sitting.placebo is not None]
    if not placebos:
        return None
    answers = np.concatenate([placebo.test for placebo in placebos])
    groups, seed = yardstick.groups, yardstick.seed
    centred = centre(placebos[0].vectors, np.flatnonzero(yardstick.exam.covered))
    return PlaceboScore(
        cloze=estimate_share(answers, groups, seed),
        delta=estimate_mean(answers - yardstick.answers(reference), groups, seed),
        behind=estimate_mean(yardstick.answers(chosen) - answers, groups, seed),
        pairs={pairs.name: correlate(similarities(centred, pairs), pairs) for pairs in yardstick.lists},
    )
