"""A word's neighbours from text to text: who is near in each, and who came and went.

A text's neighbours are those among its own words, so that what a period says is told in its words, also in such as no
other text has. Between two texts the rule is that of all comparisons: a neighbour came only if it came nearer by more
than noise, and went only if it went away by more (`core.comparison.neighbourhood`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.comparison.neighbourhood import LEAST_SEEN, margins
from core.comparison.study.models import Study
from core.comparison.study.steps import StudyStep
from core.geometry.directions import normalise
from core.geometry.neighbours import Neighbours, nearest_neighbours
from core.models.embedding import Embedding
from core.progress import Progress, portion, silent
from core.text.word_kinds import is_content_of

_AT_ONCE = 100


class TextNeighbours(NamedTuple):
    """The neighbours of a word in one text of a study.

    Attributes:
        text: its name.
        nearest: words of that text that carry a meaning of their own and that it has five times or more, and cosines,
            nearest first.
        gained: of these, those that came nearer since the text before by more than noise.
        new: of these, those that the model of the text before does not have.
        lost: of the nearest in the text before, those that went away by more than noise.
        gone: of these, those that the model of this text does not have.

    In the first text the last four are ().
    """

    text: str
    nearest: tuple[tuple[str, float], ...]
    gained: tuple[str, ...]
    new: tuple[str, ...]
    lost: tuple[str, ...]
    gone: tuple[str, ...]


def nearest_in_texts(study: Study, topn: int = 10, progress: Progress = silent) -> tuple[Neighbours, ...]:
    """The `topn` neighbours of every word among the words that all texts have, in each text.

    Raises:
        Cancelled: out of `progress`.
    """
    number = len(study.names)
    return tuple(
        nearest_neighbours(
            np.ascontiguousarray(model.vectors[rows]), topn, portion(progress, place / number, (place + 1) / number)
        )
        for place, (model, rows) in enumerate(zip(study.models, study.rows, strict=True))
    )


def tell_neighbours(study: Study, steps: Sequence[StudyStep], row: int, topn: int = 10) -> tuple[TextNeighbours, ...]:
    """The `topn` neighbours of the study's word `row` in each text, and who came and went on the way there."""
    sides = [_Side(study, text, row) for text in range(len(study.names))]
    lists = [side.nearest(topn) for side in sides]
    told = [TextNeighbours(study.names[0], _with_cosines(sides[0], lists[0]), (), (), (), ())]
    for text in range(1, len(sides)):
        before, after = lists[text - 1], lists[text]
        often = study.counts[text - 1 : text + 1].min(axis=0)
        rises = _rises(steps[text - 1], row, often, sides[text - 1], sides[text], {*before, *after})
        told.append(
            TextNeighbours(
                study.names[text],
                _with_cosines(sides[text], after),
                gained=tuple(word for word in after if word not in before and rises.get(word, 0) > 0),
                new=tuple(word for word in after if word not in sides[text - 1].row_of),
                lost=tuple(word for word in before if word not in after and rises.get(word, 0) < 0),
                gone=tuple(word for word in before if word not in sides[text].row_of),
            )
        )
    return tuple(told)


class _Side:
    """One word in one text: how similar each word of the text is to it."""

    def __init__(self, study: Study, text: int, row: int) -> None:
        self.model: Embedding = study.models[text]
        own = int(study.rows[text, row])
        self.row_of = {word: place for place, word in enumerate(self.model.words)}
        vectors = np.asarray(self.model.vectors)
        self.cosines = normalise(vectors) @ normalise(vectors[own : own + 1])[0]
        listed = (self.model.counts >= LEAST_SEEN) & vectors.any(axis=1)
        listed[own] = False
        self._listed = np.flatnonzero(listed) if vectors[own].any() else np.empty(0, np.int64)
        self._languages = study.languages[text : text + 1]

    def nearest(self, topn: int) -> tuple[str, ...]:
        order = np.argsort(-self.cosines[self._listed], kind="stable")
        found: list[str] = []
        for begin in range(0, len(order), _AT_ONCE):  # to look at every word of a text would take a second
            words = [self.model.words[place] for place in self._listed[order[begin : begin + _AT_ONCE]].tolist()]
            found += [word for word, is_content in zip(words, is_content_of(words, self._languages), strict=True)
                      if is_content]  # fmt: skip
            if len(found) >= topn:
                break
        return tuple(found[:topn])


def _with_cosines(side: _Side, words: Sequence[str]) -> tuple[tuple[str, float], ...]:
    return tuple((word, float(side.cosines[side.row_of[word]])) for word in words)


def _rises(
    step: StudyStep, row: int, often: np.ndarray, left: _Side, right: _Side, words: set[str]
) -> dict[str, float]:
    """How far each of `words` that both texts have came nearer by more than noise; negative where it went, 0 between.

    How far noise moves a word that not all texts have is taken from words of the study that occur as often; `often`,
    int64 (words,), says how often these do.
    """
    both = sorted(word for word in words if word in left.row_of and word in right.row_of)
    if not both:
        return {}
    rows = [np.array([side.row_of[word] for word in both]) for side in (left, right)]
    cosines = np.stack([side.cosines[own] for side, own in zip((left, right), rows, strict=True)]).astype(np.float64)
    counts = np.minimum(left.model.counts[rows[0]], right.model.counts[rows[1]])
    noise = np.full((2, len(both)), np.nan)
    if step.movers is not None:
        order = np.argsort(often, kind="stable")
        noise[0] = step.movers.floor[row]
        noise[1] = np.interp(counts, often[order], step.movers.floor[order])
    size = min(left.model.vector_size, right.model.vector_size)
    risen = cosines[1] - cosines[0]
    sure = np.abs(risen) > margins(noise, cosines.mean(axis=0), size)
    return dict(zip(both, np.where(sure, risen, 0).tolist(), strict=True))
