"""Which of the words are drawn: of very many the frequent ones, an even sample of the others, and those that matter."""

import numpy as np

from core.maps.word_sample import choose_drawn
from pages.shared import noise_panel, session
from pages.shared.compared import Sides


def find(sides: Sides, most: int, selected: np.ndarray | None, alone: np.ndarray | None) -> np.ndarray | None:
    """bool (words,), so many at most, and besides the pinned, selected and moved ones; None for all.

    `alone`: rows that have the maps to themselves; None where none have.
    """
    n = len(sides.shared.words)
    if alone is not None:
        return np.isin(np.arange(n), alone)
    if n <= most:
        return None
    always = [sides.index[pin] for pin in session.workspace().pins if pin in sides.index]
    always += [sides.index[extra] for extra in sides.words.extras]
    if selected is not None:
        always += np.flatnonzero(selected).tolist()
    movers = noise_panel.known_movers(sides)
    if movers is not None:
        always += np.flatnonzero(movers.moved).tolist()
    return choose_drawn(n, most, np.array(always, np.int64))
