"""How far noise alone takes words along semantic axes: what an arrow between two models is held against.

The models that were made again to measure the noise (`core.comparison.noise`) are placed on the same two axes. Each
makes the axes of its own vectors, so nothing has to be aligned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.comparison.axes import place_words
from core.comparison.formulas import Term
from core.comparison.kept_noise import load_noise
from core.comparison.movers import NoiseKind, average_by_rank
from core.comparison.noise_plan import NoisePlan
from core.comparison.retrainings import Retrainer
from core.models.embedding import Embedding

Axes = tuple[Sequence[Term], Sequence[Term]]
"""Across and up."""


@dataclass(frozen=True, slots=True, eq=False)
class MadeAgain:
    """Two models, and those that were made again for each kind of noise: left and right, by number.

    A side that a kind does not move has none.
    """

    models: tuple[Embedding, Embedding]
    retrained: Mapping[NoiseKind, tuple[tuple[Embedding, ...], tuple[Embedding, ...]]]


def find_made_again(plan: NoisePlan, kinds: Sequence[NoiseKind]) -> MadeAgain | None:
    """The models behind the noise of `kinds` that was measured; None where one is no longer in the run store.

    Raises:
        RunError: what is kept of the noise, or a model, is damaged or gone.
    """
    retrainer, retrained = Retrainer(plan.left, plan.right), {}
    for kind in kinds:
        deals = range(len(load_noise(plan, (), kind).noise)) if kind == "permutation" else ()
        found = retrainer.find(list(retrainer.plan(kind, deals)))
        if found is None:
            return None
        left, right = (tuple(model for (_, _, of), model in found.items() if of == side) for side in (0, 1))
        retrained[kind] = left, right
    return MadeAgain((retrainer.models[0], retrainer.models[1]), retrained)


def measure_axis_noise(made: MadeAgain, words: Sequence[str], counts: np.ndarray, axes: Axes) -> np.ndarray:
    """Standard deviation of the way of `words` from left to right along both axes, by noise alone: float32 (words, 2).

    The way's variance, on each axis: of other seeds, that of both sides' places among seeds, added; of other documents,
    that of the way among samples (the bootstrap); of documents dealt out anew and of shuffled words, where nothing
    should part the two sides, the mean square of the way. A handful of runs tells little of one word: it is no less
    than the mean of the 100 words next in rank of count. Of several kinds the largest.

    Args:
        made: from `find_made_again`.
        words: that both models have.
        counts: int (words,).
        axes: from `core.comparison.formulas.parse_formula`.

    Returns:
        nan for words, and on axes, that fewer runs have than it takes.
    """
    spreads = []
    for kind, retrained in made.retrained.items():
        places = [[_place(words, model, axes) for model in side] for side in retrained]
        own = [_place(words, model, axes) for model in made.models]
        variance = _vary(kind, places, own)
        everyone = np.ones(len(words), bool)
        alike = np.column_stack([average_by_rank(axis[None], counts, everyone) for axis in variance.T])
        spreads.append(np.sqrt(np.fmax(variance, alike)))
    return np.asarray(np.fmax.reduce(spreads), np.float32)


def _vary(kind: NoiseKind, places: Sequence[Sequence[np.ndarray]], own: Sequence[np.ndarray]) -> np.ndarray:
    """Variance of the way, float64 (words, 2); `places` of the models made again, `own` of the two themselves."""
    if kind == "seed":
        sides = [np.stack([mine, *others]) for mine, others in zip(own, places, strict=True) if others]
        return np.asarray(sum(_variance(side) for side in sides))
    runs = max(len(side) for side in places)
    left, right = (np.stack(side or [mine] * runs) for side, mine in zip(places, own, strict=True))
    if kind == "documents":
        return _variance(right - left)
    squares = (right - left) ** 2
    known = ~np.isnan(squares)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, squares, 0).sum(axis=0) / known.sum(axis=0))


def _variance(values: np.ndarray) -> np.ndarray:
    """Of `values`, (runs, words, 2), over those runs that have the word; nan where fewer than two have it."""
    known = ~np.isnan(values)
    number = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        strayed = values - np.where(known, values, 0).sum(axis=0) / number
        return np.asarray(np.where(known, strayed**2, 0).sum(axis=0) / np.where(number > 1, number - 1, np.nan))


def _place(words: Sequence[str], model: Embedding, axes: Axes) -> np.ndarray:
    """Places of `words` on the axes of `model`, float64 (words, 2); nan where it lacks the word or one of an axis."""
    row_in_model = {word: row for row, word in enumerate(model.words)}
    there = [row for row, word in enumerate(words) if word in row_in_model]
    index = {words[row]: place for place, row in enumerate(there)}
    placed = np.full((len(words), 2), np.nan)
    if all(term.word in index for terms in axes for term in terms):
        vectors = model.vectors[[row_in_model[words[row]] for row in there]]
        placed[there] = place_words(vectors, index, *axes, range(len(there)))
    return placed
