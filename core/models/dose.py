"""How much of a change to keep: a model at a dose, and the dose that does best on text it has not seen."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.config import DOSE, TrainConfig
from core.models.cloze import Cloze, build_cloze, score_cloze
from core.models.embedding import Embedding
from core.models.strategies import MAKERS
from core.models.training_inputs import gather_material
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, silent
from core.text.corpus import Corpus
from core.text.split import split_corpus

DOSES: tuple[float, ...] = tuple(i / 8 for i in range(9))
FEWEST_QUESTIONS = 50
"""Fewer questions than this cannot tell one dose from another."""


def apply_dose(dose0: np.ndarray, dose1: np.ndarray, covered: np.ndarray, dose: float) -> np.ndarray:
    """`dose0 + dose * (dose1 - dose0)` for covered rows, `dose1` for the others: float32 (vocabulary, vector_size).

    Exact at both ends: dose 0 gives the covered rows of `dose0` bit for bit, dose 1 gives `dose1`.

    Args:
        dose0, dose1: float32 (vocabulary, vector_size), `Embedding.ends`.
        covered: bool (vocabulary,).
        dose: 0 to 1.

    Raises:
        TrainingError: `dose` is out of its range.
    """
    DOSE.check("dose", dose)
    if dose == 1:
        return np.array(dose1)
    mixed = np.array(dose0) if dose == 0 else dose0 + np.float32(dose) * (dose1 - dose0)
    mixed[~covered] = dose1[~covered]
    return mixed


def has_dose(embedding: Embedding) -> bool:
    """It can be shown at any dose."""
    return embedding.ends is not None and embedding.dose is not None


def at_dose(embedding: Embedding, dose: float | None) -> Embedding:
    """`embedding` with the share `dose` of its change; as it was made where `dose` is None.

    Its settings name that dose, so that they make the very same vectors; it keeps its ends, and so every other dose.

    Raises:
        TrainingError: `dose` is out of its range.
        ValueError: it has no ends.
    """
    if dose is None or dose == embedding.dose:
        return embedding
    if embedding.ends is None:
        raise ValueError(f"{embedding.name} has no dose")
    vectors = apply_dose(*embedding.ends, embedding.covered, dose)
    config = replace(embedding.config, dose=dose)
    return replace(embedding, vectors=vectors, config=config, details={**embedding.details, "dose": dose})


@dataclass(frozen=True, slots=True)
class DoseChoice:
    """Which dose, and why.

    Attributes:
        dose: 0 to 1.
        scores: cloze score on the development part at each of `DOSES`; empty when there was too little text.
        epochs: the same at dose 1 after each epoch; empty where nothing is trained in epochs.
        positions: how many questions were asked.
    """

    dose: float
    scores: tuple[float, ...]
    epochs: tuple[float, ...]
    positions: int

    def as_dict(self) -> dict[str, Any]:
        """For `Embedding.details`: JSON values only."""
        return {
            "dose_chosen_on_heldout_text": bool(self.scores),
            "dose_curve": [[dose, score] for dose, score in zip(DOSES, self.scores, strict=False)],
            "epoch_curve": list(self.epochs),
            "dose_positions": self.positions,
        }


def choose_dose(
    corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None, progress: Progress = silent
) -> DoseChoice:
    """Make it from the training part of the text alone and take the dose that scores best on the development part.

    The test part is not looked at. Of doses that score the same the smallest is taken. When the development part has
    fewer than 50 questions the dose is `DOSE.default`, and the choice says so by having no scores.
    """
    split = split_corpus(corpus, config.seed)
    material = gather_material(split.train, config, pretrained)
    cloze = build_cloze(split.development, material.words, material.counts, material.covered, config.seed)
    if len(cloze) < FEWEST_QUESTIONS:
        return DoseChoice(DOSE.default, (), (), len(cloze))
    epochs: list[float] = []

    def score_epoch(vectors: np.ndarray) -> None:
        epochs.append(float(score_cloze(cloze, vectors).mean()))

    def report(fraction: float, message: str) -> None:
        progress(fraction, message + (f", held-out score {epochs[-1]:.3f}" if epochs else ""))

    made = MAKERS[config.strategy](material, config, report, after_epoch=score_epoch)
    assert made.ends is not None
    scores = score_doses(made.ends, material.covered, cloze)
    return DoseChoice(DOSES[int(np.argmax(scores))], tuple(scores), tuple(epochs), len(cloze))


def score_doses(ends: tuple[np.ndarray, np.ndarray], covered: np.ndarray, cloze: Cloze) -> list[float]:
    """Mean cloze score at each of `DOSES`, of a model given by both ends of the dose (`Embedding.ends`)."""
    return [float(score_cloze(cloze, apply_dose(*ends, covered, dose)).mean()) for dose in DOSES]
