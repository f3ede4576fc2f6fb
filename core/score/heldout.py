"""Models learn from one part of a text and are asked about another, which was held out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.config import DOSE, TrainConfig
from core.errors import EvaluationError
from core.methods import METHODS
from core.models.beside import available_cores, run_beside
from core.models.cloze import FREQUENT_WORDS, Cloze, build_cloze, score_cloze
from core.models.dose import DOSES, FEWEST_QUESTIONS, at_dose, score_doses
from core.models.embedding import Embedding
from core.models.estimates import OPEN_DOSE_FACTOR, START_SECONDS, estimate_seconds
from core.progress import Progress, portion
from core.prose.numbers import count
from core.score.stability import Train
from core.text.corpus import Corpus
from core.text.resampling import shuffle_tokens
from core.text.split import Split, write_units


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutQuestions:
    """The questions of one split, the same for every model. Made by `build_questions`.

    Attributes:
        split: the text in parts.
        words: of the models.
        counts: int64 (words,), in the training part.
        covered: bool (words,), the pretrained file has the word; all True when no model has one.
        development, test: questions; those of `development` are for choices only.
        new_words: questions of the test part whose hidden word is not covered.
    """

    split: Split
    words: tuple[str, ...]
    counts: np.ndarray
    covered: np.ndarray
    development: Cloze
    test: Cloze
    new_words: Cloze


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A model and its answers.

    Attributes:
        config: its settings, with the dose that was chosen for it.
        vectors: float32 (words, vector_size).
        seconds: its training took.
        development: mean cloze score on the development part; nan without questions.
        test: cloze scores (positions,) on the test part.
        new_words: cloze scores (positions,) for new words.
        dose_chosen: its dose was left open and chosen on the development part.
    """

    config: TrainConfig
    vectors: np.ndarray
    seconds: float
    development: float
    test: np.ndarray
    new_words: np.ndarray
    dose_chosen: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutResult:
    """The questions of one split, and every candidate's answers.

    Attributes:
        candidates: by name.
        placebo: the chosen model's settings and dose on shuffled text; None where that makes no sense.
        groups, new_word_groups: (positions,), held-out document of each question; blocks are unlike in all results.
    """

    questions: HeldOutQuestions
    candidates: Mapping[str, Candidate]
    placebo: Candidate | None
    groups: np.ndarray
    new_word_groups: np.ndarray


def ask_models(
    split: Split,
    configs: Mapping[str, TrainConfig],
    train: Train,
    placebo_of: str | None,
    seed: int,
    fold: int,
    progress: Progress,
) -> HeldOutResult:
    """Train all models, and the placebo of one of them, on the training part of `split`, and let them answer."""
    beside, alone = _share_out(split.train, configs, placebo_of)

    def make(name: str, report: Progress) -> Embedding:
        # a dose that is to be chosen is chosen below, on this split's development part
        config = replace(configs[name], dose=1.0) if configs[name].has_open_dose else configs[name]
        return train(split.train, config, portion(report, 0, 1, f"{name}: "))

    report = portion(progress, 0, sum(beside) / (sum(beside) + alone))
    made = run_beside([partial(make, name) for name in configs], report, beside)
    models = dict(zip(configs, made, strict=True))
    questions = build_questions(split, models, seed)
    candidates = {name: _answer(questions, model, configs[name]) for name, model in models.items()}
    placebo = None
    if placebo_of is not None and METHODS[configs[placebo_of].strategy].from_text:
        config = candidates[placebo_of].config
        report = portion(progress, sum(beside) / (sum(beside) + alone), 1, "placebo: ")
        placebo = _answer(questions, train(shuffle_tokens(split.train, seed), config, report), config)
    documents = np.array(split.test_documents, np.int64)
    if split.unit == "blocks":
        documents = np.arange(len(split.test)) + fold * 10**9
    return HeldOutResult(
        questions, candidates, placebo, documents[questions.test.groups], documents[questions.new_words.groups]
    )


def _share_out(corpus: Corpus, configs: Mapping[str, TrainConfig], placebo_of: str | None) -> tuple[list[float], float]:
    """Weights of the models, which are trained beside each other, and of the placebo, which is trained after them."""
    beside = [0.01 + estimate_scored_training(corpus, config) for config in configs.values()]
    if placebo_of is None or not METHODS[configs[placebo_of].strategy].from_text:
        return beside, 0.0
    alone = estimate_scored_training(corpus, configs[placebo_of])
    at_once = min(available_cores(), sum(each > 0.1 * max(beside) for each in beside))
    return beside, alone * at_once


def estimate_scored_training(corpus: Corpus, config: TrainConfig) -> float:
    """Seconds of one core; the dose is chosen by the questions of the split, without a training more."""
    seconds = estimate_seconds(corpus, config)
    return (seconds / OPEN_DOSE_FACTOR if config.has_open_dose else seconds) - START_SECONDS


def build_questions(split: Split, models: Mapping[str, Embedding], seed: int) -> HeldOutQuestions:
    """Questions that all `models` of `split.train` can answer; possibly none.

    Their vocabularies differ in the minimum count only, so the smallest is a part of all of them.
    """
    words = min((model.words for model in models.values()), key=len)
    for name, model in models.items():
        if model.words[: len(words)] != words:
            raise ValueError(f"{name} is not a model of the training part")
    counts = np.asarray(split.train.counts[: len(words)])
    covered = np.ones(len(words), bool)
    for model in models.values():
        if METHODS[model.config.strategy].needs_vectors:
            covered &= model.covered[: len(words)]
    return HeldOutQuestions(
        split=split,
        words=words,
        counts=counts,
        covered=covered,
        development=build_cloze(split.development, words, counts, covered, seed),
        test=build_cloze(split.test, words, counts, covered, seed),
        new_words=build_cloze(split.test, words, counts, covered, seed, hidden=~covered),
    )


def _answer(questions: HeldOutQuestions, model: Embedding, config: TrainConfig) -> Candidate:
    """Choose the dose if it is open, and answer all questions."""
    vectors = model.vectors
    chosen = config.has_open_dose and model.ends is not None
    if config.has_open_dose and model.ends is not None:
        config = replace(config, dose=best_dose(questions.development, len(questions.words), model))
        vectors = at_dose(model, config.dose).vectors
    vectors = np.asarray(vectors[: len(questions.words)])
    development = score_cloze(questions.development, vectors)
    return Candidate(
        config=config,
        vectors=vectors,
        seconds=model.sources.seconds,
        development=float(development.mean()) if len(development) else float("nan"),
        test=score_cloze(questions.test, vectors),
        new_words=score_cloze(questions.new_words, vectors),
        dose_chosen=chosen,
    )


def count_choices(results: Sequence[HeldOutResult], *names: str) -> int:
    """For how many splits the dose of one of these models was chosen."""
    return sum(any(result.candidates[name].dose_chosen for name in names) for result in results)


def best_dose(development: Cloze, size: int, model: Embedding) -> float:
    """The dose that does best on the development part, as training chooses it; the questions are on `size` words."""
    if len(development) < FEWEST_QUESTIONS or model.ends is None:
        return DOSE.default
    scores = score_doses((model.ends[0][:size], model.ends[1][:size]), model.covered[:size], development)
    return DOSES[int(np.argmax(scores))]


def check_split(split: Split) -> None:
    """Raise `EvaluationError` if nothing was set aside that could be asked about."""
    if split.test:
        return
    if split.near_duplicates:
        raise EvaluationError(
            f"There were {write_units(split.unit, split.near_duplicates)} set aside, which only repeat the text that "
            "the models learn from, so a score would only show what they remember. Remove the copies from the text."
        )
    raise EvaluationError(
        f"The text has {count('token', split.train.n_tokens)}, too few to set some aside and learn from the rest. "
        "Scores need at least 600 tokens, and several thousand to tell anything."
    )


def check_questions(questions: HeldOutQuestions) -> None:
    """Raise `EvaluationError` if there is not one question."""
    if len(questions.test):
        return
    remedies = ["Upload more text"]
    if len(questions.words) < len(questions.split.train.words):
        remedies.append("lower the minimum count")
    if not questions.covered.all():
        remedies.append("choose vectors that cover this text")
    held_out = write_units(questions.split.unit, len(questions.split.test))
    raise EvaluationError(
        f"No word of the held-out part, {held_out}, could be asked about. A question needs a word that is not among "
        "the 50 most frequent and has three others within five tokens, all of them among the "
        f"{questions.covered.sum():,} words that are both in the training part and in the vectors file. "
        f"{', or '.join(remedies)}."
    )


def check_words(corpus: Corpus, splits: Sequence[Split], min_count: int) -> None:
    """Raise `EvaluationError` if models of the `splits` of `corpus` know no word that could be asked about.

    Cheap, so it is called before the models are trained: with few different words there is nothing to ask, whatever
    they learn.
    """
    known = max(split.train.vocabulary_size(min_count) for split in splits)
    if known > FREQUENT_WORDS:
        return
    lower = max(len(split.train.words) for split in splits) > FREQUENT_WORDS
    raise EvaluationError(
        f"The text has {count('different word', len(corpus.words))}, and models would learn {known} of them from the "
        f"training part. The {FREQUENT_WORDS} most frequent are never asked about, so more than {FREQUENT_WORDS} are "
        f"needed. Score a longer text{', or lower the minimum count' if lower else ''}."
    )
