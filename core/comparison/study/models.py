"""The models of the texts, all made in one way and shown at one dose, and the words that all of them have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.comparison.retrainings import NoiseSide
from core.comparison.study.texts import StudyText
from core.config import TrainConfig
from core.models.beside import run_beside
from core.models.dose import DOSES, at_dose, has_dose
from core.models.embedding import Embedding
from core.models.estimates import estimate_seconds
from core.models.runs import find_or_train, find_run_id, is_whole, keep_corpus, keep_pretrained, load_run, save_run
from core.models.training_inputs import needed_vectors
from core.progress import Progress, portion, silent
from core.text.languages import language_of
from core.text.word_kinds import is_content_of


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Models of several texts in their order. Arrays are read-only.

    Attributes:
        names: of the texts.
        models: of each text, all of one dose where they have one.
        sides: where each model lies with what it was made from, for retrainings.
        documents: how many documents with words each text has.
        languages: of each text; None where that is not sure.
        words: those that all models have, by falling count in all texts together.
        rows: int64 (texts, words), the row of each word in each model.
        counts: int64 (texts, words), how often each text has each word.
    """

    names: tuple[str, ...]
    models: tuple[Embedding, ...]
    sides: tuple[NoiseSide, ...]
    documents: tuple[int, ...]
    languages: tuple[str | None, ...]
    words: tuple[str, ...]
    rows: np.ndarray
    counts: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.rows, self.counts):
            array.flags.writeable = False

    @property
    def content(self) -> np.ndarray:
        """bool (words,): the word carries meaning of its own."""
        return is_content_of(self.words, self.languages)


def make_study(texts: Sequence[StudyText], config: TrainConfig, progress: Progress = silent) -> Study:
    """Make a model of each text, beside each other, or take it from the run store where it is.

    Where the dose is to be chosen, each text chooses on its own what it keeps; a word would then seem to move where two
    texts kept different shares. So all are shown at one dose: that which answers most questions of all texts together
    (`find_common_dose`). No model is trained again for it.

    Args:
        texts: that passed `check_texts`.
        config: of all models.

    Raises:
        TrainingError: a text cannot be trained on with these settings; its name is in the message.
        RunError: a stored model is damaged, or nothing can be stored.
        Cancelled: out of `progress`; finished models stay in the store.
    """
    works = [
        partial(_make, text, config, f"{text.name} ({place} of {len(texts)}): ") for place, text in enumerate(texts, 1)
    ]
    made = run_beside(works, progress, [estimate_seconds(text.corpus, config) for text in texts])
    dose = find_common_dose(made)
    models, sides = zip(*(_keep(text, model, dose) for text, model in zip(texts, made, strict=True)), strict=True)
    words = _common_words(models)
    rows = np.array([_rows_of(model, words) for model in models], np.int64)
    return Study(
        names=tuple(text.name for text in texts),
        models=models,
        sides=sides,
        documents=tuple(int((np.diff(text.corpus.document_starts) > 0).sum()) for text in texts),
        languages=tuple(language_of(text.corpus) for text in texts),
        words=words,
        rows=rows,
        counts=np.array([model.counts[own] for model, own in zip(models, rows, strict=True)], np.int64),
    )


def _make(text: StudyText, config: TrainConfig, prefix: str, progress: Progress) -> Embedding:
    pretrained = needed_vectors(text.pretrained, config)
    return find_or_train(text.corpus, pretrained, config, portion(progress, 0, 1, prefix))


def find_common_dose(models: Sequence[Embedding]) -> float | None:
    """The dose at which `models` together answer most of the questions that each chose its own by.

    None where they have no dose, or it was not chosen. Of equal doses the smallest; where no text had enough questions,
    the usual one, which all have.
    """
    if not all(has_dose(model) and model.config.has_open_dose for model in models):
        return None
    answered = np.zeros(len(DOSES))
    for model in models:
        scores = [score for _, score in model.details.get("dose_curve", ())]
        if len(scores) == len(DOSES):
            answered += model.details["dose_positions"] * np.array(scores)
    return DOSES[int(answered.argmax())] if answered.any() else models[0].dose


def _keep(text: StudyText, model: Embedding, dose: float | None) -> tuple[Embedding, NoiseSide]:
    """The model at the dose of all, in the store under a name of its own."""
    pretrained = needed_vectors(text.pretrained, model.config)
    if dose is not None:
        model = at_dose(model, dose)
        model = replace(model, config=replace(model.config, dose=dose))
    identity = find_run_id(text.corpus, pretrained, model.config)
    if not is_whole(identity):
        save_run(model, identity)
    model = load_run(identity)
    config = model.config if model.dose is None else replace(model.config, dose=model.dose)
    rows_folder = None if pretrained is None else keep_pretrained(pretrained, text.corpus)
    return model, NoiseSide(identity, keep_corpus(text.corpus), rows_folder, config)


def _common_words(models: Sequence[Embedding]) -> tuple[str, ...]:
    shared = frozenset.intersection(*(frozenset(model.words) for model in models))
    total = dict.fromkeys(shared, 0)
    for model in models:
        for word, number in zip(model.words, model.counts.tolist(), strict=True):
            if word in total:
                total[word] += number
    return tuple(sorted(shared, key=lambda word: (-total[word], word)))


def _rows_of(model: Embedding, words: Sequence[str]) -> list[int]:
    row_of = {word: row for row, word in enumerate(model.words)}
    return [row_of[word] for word in words]
