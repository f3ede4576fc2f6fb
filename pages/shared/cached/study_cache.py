"""Studies of several texts: steps, ranking, figures."""

from typing import Any

import numpy as np

from core.comparison.study.figures import draw_trajectories
from core.comparison.study.neighbours import TextNeighbours, tell_neighbours
from core.comparison.study.ranking import Ranking, rank_words
from core.comparison.study.shown import ShownStudy
from core.comparison.study.steps import Since, StudyStep, find_steps
from core.comparison.study.store import KeptStudy, StudyOrder, open_study
from core.comparison.study.table import StudyTable, make_study_table
from core.comparison.study.texts import StudyText, check_texts
from core.maps.payload import StudyFrames
from core.maps.study_frames import colour_by_change, draw_study_map, pack_frames
from pages.shared.cached import text_cache
from pages.shared.cached.results import shared


@shared()
def study_notes(order: StudyOrder) -> tuple[str, ...]:
    texts = [StudyText(text.name, text_cache.corpus(text.corpus_folder)) for text in order.texts]
    return check_texts(texts, order.config.min_count)


@shared("Opening the study …")
def kept_study(order: StudyOrder) -> KeptStudy:
    return open_study(order)


@shared()
def study_steps(order: StudyOrder, since: Since, lacking: tuple[int, ...]) -> tuple[StudyStep, ...]:
    return find_steps(kept_study(order).study, since)


@shared()
def study_ranking(shown: ShownStudy, since: Since = "previous") -> Ranking:
    found = shown.kept.trajectories
    if since == "first":
        return rank_words(shown.study, found.from_first, shown.from_first)
    return rank_words(shown.study, found.from_previous, shown.steps)


@shared()
def study_table(shown: ShownStudy) -> StudyTable:
    return make_study_table(shown.study, shown.kept.trajectories, shown.steps, study_ranking(shown))


@shared()
def study_neighbours(shown: ShownStudy, word: str) -> tuple[TextNeighbours, ...]:
    return tell_neighbours(shown.study, shown.steps, shown.row_of[word])


@shared()
def study_figure(shown: ShownStudy, _places: np.ndarray) -> Any:
    return draw_study_map(shown.order.identity, shown.study, _places)


@shared()
def study_frames(shown: ShownStudy, _places: np.ndarray) -> tuple[StudyFrames, tuple[str, str]]:
    colouring = colour_by_change(shown.study, shown.kept.trajectories, _places.shape[1])
    identity = f"{shown.order.identity} {' '.join(shown.order.names)}"
    return pack_frames(identity, shown.study, shown.kept.near, _places, colouring), (
        colouring.labels[0],
        colouring.labels[1],
    )


@shared()
def trajectories_figure(shown: ShownStudy, words: tuple[str, ...], since: Since) -> Any:
    rows = [shown.row_of[word] for word in words]
    names, found = shown.order.names, shown.kept.trajectories
    steps = shown.from_first if since == "first" else shown.steps
    return draw_trajectories(names, words, rows, found, steps, study_ranking(shown, since), since)
