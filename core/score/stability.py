"""Would the neighbours be the same if the text were another sample of such documents?

Retraining with another seed alone makes neighbours look two to four times as reliable as they are (docs/science.md,
section 9; Antoniak and Mimno 2018), so the documents are resampled.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

import numpy as np

from core.config import TrainConfig
from core.errors import EvaluationError
from core.geometry.neighbours import nearest_neighbours, overlaps
from core.models.beside import run_beside
from core.models.embedding import Embedding
from core.progress import Progress, portion, silent
from core.score.scorecard import BANDS, in_band
from core.system.threads import one_thread
from core.text.corpus import Corpus
from core.text.resampling import resample_documents

TOPN = 10
MAX_WORDS = 3_000
"""Words whose neighbours are looked at, at most; they are also sought among these."""
Train = Callable[[Corpus, TrainConfig, Progress], Embedding]
"""Makes a model of a text; whoever calls binds the pretrained vectors, and may look the model up instead."""


@dataclass(frozen=True, slots=True)
class BandStability:
    """Stability of the words whose count in the text lies in a band.

    Attributes:
        least, most: counts, ends included; None for no limit.
        words: how many are looked at.
        overlap: mean Jaccard overlap of a word's ten nearest neighbours between two runs, 0 to 1; nan without words.
    """

    least: int
    most: int | None
    words: int
    overlap: float


@one_thread()
def measure_stability(
    corpus: Corpus, config: TrainConfig, train: Train, *, runs: int = 3, seed: int = 1, progress: Progress = silent
) -> tuple[BandStability, ...]:
    """Train on `runs` bootstraps of the documents and compare every two runs, by band of count in `corpus`.

    Only words that are in all runs are compared (3,000 drawn by `seed` at most), and neighbours are sought among them.

    Raises:
        EvaluationError: fewer than two documents, or no word in common.
        ValueError: fewer than two runs, or a dose to be chosen: a choice that varies is another instability.
        Cancelled: out of `progress`.
    """
    if runs < 2:
        raise ValueError(f"{runs} runs cannot be compared; it takes two")
    if config.has_open_dose:
        raise ValueError("stability is measured at one dose: set config.dose")
    if corpus.n_documents < 2:
        raise EvaluationError(
            "Stability is measured by resampling documents, and this text is a single one. "
            "Split it into documents, for example one a paragraph."
        )

    def make(run: int, report: Progress) -> Embedding:
        sample = resample_documents(corpus, seed + run)
        part = portion(report, 0, 1, f"Resampled text {run + 1} of {runs}: ")
        return train(sample, replace(config, seed=config.seed + run), part)

    return _compare_runs(corpus, run_beside([partial(make, run) for run in range(runs)], progress), seed)


def _compare_runs(corpus: Corpus, models: list[Embedding], seed: int) -> tuple[BandStability, ...]:
    index = [{word: row for row, word in enumerate(model.words)} for model in models]
    shared = [i for i, word in enumerate(corpus.words) if all(word in rows for rows in index)]
    if len(shared) <= TOPN:
        raise EvaluationError(
            f"The resampled texts have only {len(shared)} words in common, too few to compare neighbours. "
            "Upload more text or lower the minimum count."
        )
    if len(shared) > MAX_WORDS:
        shared = np.sort(np.random.default_rng(seed).choice(shared, MAX_WORDS, replace=False)).tolist()
    near = []
    for model, rows in zip(models, index, strict=True):
        vectors = model.vectors[[rows[corpus.words[i]] for i in shared]]
        near.append(nearest_neighbours(np.ascontiguousarray(vectors - vectors.mean(0)), TOPN))
    overlap = np.mean([overlaps(a, b, TOPN)[0] for a, b in combinations(near, 2)], axis=0)
    counts = corpus.counts[shared]
    return tuple(
        BandStability(least, most, int(inside.sum()), float(overlap[inside].mean()) if inside.any() else float("nan"))
        for least, most in BANDS
        for inside in [in_band(counts, least, most)]
    )
