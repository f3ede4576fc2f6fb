"""Maps: layouts, regions, figures, colours by label."""

from pathlib import Path
from typing import Any

import numpy as np

from core.maps.figures import draw_side
from core.maps.in_words import RegionFacts, describe_regions
from core.maps.pair_layout import SIDES, PairLayout, lay_out_pair
from core.maps.pair_store import LayoutOrder, PairOrder
from core.maps.regions import WordRegions, find_word_regions
from core.maps.word_sample import turn_words
from core.text.corpus import Corpus
from core.text.keywords import lean_to_label
from pages.shared.cached import text_cache
from pages.shared.cached.results import shared
from pages.shared.compared import Model, Sides, Trained, Words


def quick_layout(trained: Trained, order: LayoutOrder) -> PairLayout:
    """Left and right as in the order's pair."""
    return _quick_layout(order, trained)


@shared()
def _quick_layout(order: LayoutOrder, _trained: Trained) -> PairLayout:
    models, sample = (_trained.left, _trained.right), _trained.sample
    if _trained.is_turned:
        models, sample = models[::-1], turn_words(sample)
    return lay_out_pair(*models, sample, order.settings, order.frame, keep=False)


def map_figure(sides: Sides, place: int, order: LayoutOrder, layout: PairLayout, regions: WordRegions) -> Any:
    """The map of the left (0) or right (1) model, laid out by `order`: the same figure, whichever side it is on."""
    named = order, sides.words.extras, sides.models[place], sides.has_neighbours
    return _map_figure(*named, place, sides, layout, regions)


@shared()
def _map_figure(
    order: LayoutOrder,
    extras: tuple[str, ...],
    model: Model,
    has_neighbours: bool,
    _place: int,
    _sides: Sides,
    _layout: PairLayout,
    _regions: WordRegions,
) -> Any:
    near = (_sides.comparison.left_neighbours, _sides.comparison.right_neighbours)[_place]
    names, counts = _regions.extend(near).payload, _sides.counts_on[_place]
    words, covered = _sides.shared.words, _sides.covered
    return draw_side(_layout, SIDES[_place], model.dose, words, counts, covered, near, names)


def regions(trained: Trained, left: Path, right: Path) -> WordRegions:
    """`left`, `right`: folders of the texts of the two models."""
    one, other = sorted((left, right))
    return _regions(trained.order, one, other, trained)


@shared()
def _regions(order: PairOrder, one: Path, other: Path, _trained: Trained) -> WordRegions:
    languages = [text_cache.language(text_cache.corpus(folder)) for folder in (one, other)]
    models, sample = (_trained.left, _trained.right), _trained.sample
    if _trained.is_turned:
        models, sample = models[::-1], turn_words(sample)
    return find_word_regions(*models, sample, languages)


@shared()
def region_facts(sides: Sides, _regions: WordRegions) -> tuple[RegionFacts, ...]:
    comparison, regions = sides.comparison, _regions.extend(sides.comparison.left_neighbours)
    return describe_regions(regions, sides.shared.words, sides.counts, comparison.overlap, comparison.topn)


@shared()
def leaning(corpus: Corpus, words: Words, shown: tuple[int, ...]) -> np.ndarray:
    place = {word: row for row, word in enumerate(corpus.words)}
    return lean_to_label(text_cache.label_words(corpus), [place.get(word, -1) for word in words.shared.words], shown)
