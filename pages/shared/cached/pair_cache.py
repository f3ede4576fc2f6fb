"""Two models: the words that both have, neighbours of these, how far each has moved."""

from operator import attrgetter
from typing import Any

import numpy as np

from core.comparison.axes import AxisPlaces
from core.comparison.figures import draw_axes
from core.comparison.movers import NoiseKind
from core.comparison.pair import Comparison, changes, match_words
from core.geometry.neighbours import Neighbours, nearest_neighbours
from core.maps.pair_store import NeighboursOrder, PairOrder, find_neighbours
from core.maps.word_sample import add_neighbours, sample_words, turn_words
from pages.shared.cached import model_cache
from pages.shared.cached.results import shared
from pages.shared.compared import Model, Pair, Trained, Words

NEIGHBOUR_DEPTH = 100
"""So many neighbours of each word are found, so that a user may go from 5 to 100 without waiting."""


@shared()
def trained(left: str, right: str, most: int) -> Trained:
    """The same words in the same order, whichever model is on the left."""
    models = model_cache.run(left), model_cache.run(right)
    if left > right:
        turned = trained(right, left, most)
        return Trained((left, right), *models, turn_words(turned.whole), turn_words(turned.sample), most)
    whole = match_words(*models)
    return Trained((left, right), *models, whole, sample_words(whole, most), most)


@shared()
def row_of(words: Words) -> dict[str, int]:
    return {word: row for row, word in enumerate(words.shared.words)}


@shared()
def row_in_whole(trained: Trained) -> dict[str, int]:
    return {word: row for row, word in enumerate(trained.whole.words)}


def neighbours(trained: Trained, model: Model) -> Neighbours:
    """From the disk, where a job has found them; those of few words take no longer than asking for one."""
    return _neighbours(trained.order, model, trained)


@shared("Finding the neighbours of every word …")
def _neighbours(order: PairOrder, model: Model, _trained: Trained) -> Neighbours:
    found = find_neighbours(neighbours_order(_trained, model))
    if found is not None:
        return found
    sample = _trained.sample
    rows = sample.left_rows if model.run == _trained.runs[0] else sample.right_rows
    return nearest_neighbours(model.embedding.vectors[rows], NEIGHBOUR_DEPTH)


def neighbours_order(trained: Trained, model: Model) -> NeighboursOrder:
    return NeighboursOrder(trained.order, model.run, model.dose, NEIGHBOUR_DEPTH)


@shared("Comparing the two models …")
def comparison(pair: Pair) -> Comparison:
    sides = zip(pair.models, pair.vectors, strict=True)
    left, right = (add_neighbours(neighbours(pair.trained, model), vectors) for model, vectors in sides)
    return Comparison(pair.shared, 10, left, right, *changed(pair))


@shared()
def first_comparison(pair: Pair) -> Comparison:
    """What is known of two models before neighbours are: no word has any."""
    shape = len(pair.shared.words), 1
    none = Neighbours(np.full(shape, -1, np.int32), np.full(shape, np.nan, np.float32))
    return Comparison(pair.shared, 1, none, none, *changed(pair))


def changed(pair: Pair) -> tuple[np.ndarray, float]:
    """Change has no direction: it is the same, whichever model is on the left."""
    one, other = sorted(pair.models, key=attrgetter("run"))
    return _changed(pair.trained.order, pair.words.extras, one, other, pair)


@shared()
def _changed(
    order: PairOrder, extras: tuple[str, ...], one: Model, other: Model, _pair: Pair
) -> tuple[np.ndarray, float]:
    return changes(*_pair.vectors)


@shared()
def axes_figure(
    pair: Pair,
    names: tuple[str, str],
    ends: tuple[tuple[str, str], tuple[str, str]],
    words: tuple[str, ...],
    colours: tuple[str, ...],
    noise: tuple[NoiseKind, ...],
    _places: AxisPlaces,
) -> Any:
    return draw_axes(words, _places, names, ends, colours)
