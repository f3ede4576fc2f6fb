"""What the first map of two models of many words rests on, made while their visitor is still on another page.

Of 26,000 words it is a second's work, for which the Maps page would stand empty.
"""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from core.errors import UserError
from core.maps.layout import LayoutSettings
from core.maps.pair_layout import SIDES
from core.maps.pair_store import LayoutOrder
from core.maps.word_sample import MOST_MAPPED_WORDS
from core.system.jobs.executors import start_thread
from pages.shared import runs, session, side_choice
from pages.shared.appearance import look
from pages.shared.cached import map_cache, model_cache, pair_cache
from pages.shared.compared import Model, Pair, Sides, Words

_LATER = 0.5
"""Seconds after which it begins: the page that is being drawn comes first."""
_AGAIN = 240.0
"""Seconds after which it is asked for again: what nobody asks for is not kept for long."""
_FEW_WORDS = 5_000
"""Of no more, the page itself makes it in a moment."""
_WITH_MAPS = ("maps", "study")
_KEY = "maps-ahead"
_UNNAMED = "", ""
_one_at_a_time = threading.Lock()


def begin(page: str) -> None:
    """Begin it for the two models that the Maps page would show, unless that was done a moment ago.

    `page`: the one that is about to be drawn.
    """
    finished = {run.id: run for run in runs.finished()}
    if len(finished) < 2:
        return
    look.load_charts(page in _WITH_MAPS)
    ids = side_choice.find_wanted(list(finished))
    pair, at = session.recall(_KEY, ((), 0.0))
    if page == "maps" or (pair == ids and time.monotonic() - at < _AGAIN):
        return
    session.remember(_KEY, (ids, time.monotonic()))
    left, right = (finished[each].corpus_folder for each in ids)
    start_thread(partial(_make, ids, session.workspace().doses, left, right))


def _make(ids: tuple[str, str], doses: Mapping[str, float], left: Path, right: Path) -> None:
    time.sleep(_LATER)
    with _one_at_a_time, suppress(UserError):  # whatever is wrong with the two is said by the page that shows them
        models = [model_cache.run(each) for each in ids]
        if min(len(model.words) for model in models) <= _FEW_WORDS:
            return
        trained = pair_cache.trained(*ids, MOST_MAPPED_WORDS)
        first = LayoutOrder(trained.order, LayoutSettings().quick, "joint")
        laid = map_cache.quick_layout(trained, first)
        layout = laid.turned if trained.is_turned else laid
        regions = map_cache.regions(trained, left, right)
        at = [doses.get(each, model.dose) for each, model in zip(ids, models, strict=True)]
        shown = (Model(run, dose, model_cache.with_dose(run, dose)) for run, dose in zip(ids, at, strict=True))
        pair = Pair(Words(trained, (), trained.sample), (next(shown), next(shown)))
        known = pair_cache.first_comparison(pair), pair_cache.row_of(pair.words)
        sides = Sides(pair.words, pair.models, _UNNAMED, _UNNAMED, right, *known, has_neighbours=False)
        map_cache.region_facts(sides, regions)
        for place, _ in enumerate(SIDES):
            map_cache.map_figure(sides, place, first, layout, regions)
