"""Which words changed: what of it is noise, the table, its figures, groups, new words."""

from pathlib import Path
from typing import Any

import numpy as np

from core.comparison.axis_noise import Axes, MadeAgain, find_made_again, measure_axis_noise
from core.comparison.candidates import Candidates, find_candidates
from core.comparison.figures import draw_histogram, draw_scatter
from core.comparison.groups import MoverGroup, group_movers
from core.comparison.movers import Movers
from core.comparison.neighbourhood import Neighbourhoods
from core.comparison.new_words import order_new_words
from core.comparison.noise import judge_words, tell_moved
from core.comparison.table import MovedTable, make_table
from pages.shared.cached import text_cache
from pages.shared.cached.results import shared
from pages.shared.compared import Judgement, Words


@shared("Holding each word against its noise …")
def movers(judgement: Judgement) -> Movers:
    sides = judgement.sides
    judgeable = candidates(judgement).judged
    return judge_words(judgement.plan, judgement.kinds, sides.comparison, sides.left, sides.right, judgeable)


@shared("Looking for the models that were trained again …")
def _made_again(judgement: Judgement) -> MadeAgain | None:
    return find_made_again(judgement.plan, judgement.kinds)


@shared()
def axis_noise(judgement: Judgement, axes: Axes) -> np.ndarray | None:
    """float32 (words, 2) of the words that are compared; None where the models made again are not kept any more."""
    made = _made_again(judgement)
    return (
        None if made is None else measure_axis_noise(made, judgement.sides.shared.words, judgement.sides.counts, axes)
    )


@shared("Holding each word against its noise …")
def moved_sentence(judgement: Judgement, names: tuple[str, str]) -> str:
    sides, judgeable = judgement.sides, candidates(judgement).judged
    return tell_moved(judgement.plan, sides.comparison, sides.left, sides.right, names, judgeable)


def candidates(judgement: Judgement) -> Candidates:
    plan = judgement.plan
    return _candidates(judgement.sides.words, plan.left.corpus_folder, plan.right.corpus_folder)


@shared("Finding out which words can be judged …")
def _candidates(words: Words, left: Path, right: Path) -> Candidates:
    languages = [text_cache.language(text_cache.corpus(folder)) for folder in (left, right)]
    return find_candidates(words.shared, words.trained.left, words.trained.right, languages)


@shared("Ranking the words by how much they changed …")
def moved_table(judgement: Judgement) -> MovedTable:
    sides, found = judgement.sides, movers(judgement) if judgement.kinds else None
    return make_table(sides.comparison, sides.left, sides.right, candidates(judgement), found)


@shared("Ranking the new words …")
def new_words(judgement: Judgement) -> np.ndarray:
    sides = judgement.sides
    return order_new_words(sides.comparison, sides.left, sides.right, candidates(judgement))


@shared()
def moved_scatter(judgement: Judgement) -> Any:
    return draw_scatter(moved_table(judgement))


@shared()
def moved_histogram(judgement: Judgement, height: int) -> Any:
    return draw_histogram(moved_table(judgement), height)


@shared("Finding words that changed together …")
def mover_groups(judgement: Judgement, least_seen: int, most: int) -> tuple[MoverGroup, ...]:
    sides, found = judgement.sides, movers(judgement)
    near = Neighbourhoods(sides.comparison, sides.left, sides.right, found, least_seen)
    return group_movers(near, found.most_moved[:most].tolist(), named=candidates(judgement).content)
