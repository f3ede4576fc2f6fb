"""A word's neighbours from text to text: who is near in each, and who came and went, by the rule of all comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from core.comparison.neighbourhood import Neighbourhoods, neighbour_words
from core.comparison.pair import Comparison, SharedWords, changes
from core.comparison.study.models import Study
from core.comparison.study.steps import StudyStep
from core.geometry.neighbours import Neighbours, nearest_neighbours
from core.models.embedding import Embedding
from core.progress import Progress, portion, silent


class TextNeighbours(NamedTuple):
    """The neighbours of a word in one text of a study.

    Attributes:
        text: its name.
        nearest: neighbours among the words that all texts have, and cosines, nearest first.
        gained, lost: since the text before, by `core.comparison.neighbourhood`; () in the first text.
    """

    text: str
    nearest: tuple[tuple[str, float], ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StudyNeighbours:
    """Neighbours of all words of a study in all its texts. Made by `find_study_neighbours`.

    Attributes:
        names, words: of the study.
        steps: each text beside the next, restricted to the words that all texts have: row k is word k everywhere.
    """

    names: tuple[str, ...]
    words: tuple[str, ...]
    steps: tuple[Neighbourhoods, ...]


def nearest_in_texts(study: Study, topn: int = 10, progress: Progress = silent) -> tuple[Neighbours, ...]:
    """The `topn` neighbours of every word among the study's words, in each text.

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


def find_study_neighbours(study: Study, steps: Sequence[StudyStep], near: Sequence[Neighbours]) -> StudyNeighbours:
    """What came near to every word and what went, from text to text; `near` from `nearest_in_texts`."""
    models = [_restrict(model, study.words, rows) for model, rows in zip(study.models, study.rows, strict=True)]
    same = np.arange(len(study.words))
    shared = SharedWords(study.words, same, same, (), ())
    found = []
    for place, step in enumerate(steps):
        left, right = models[place : place + 2]
        change, residual = changes(left.vectors, right.vectors)
        topn = near[place].indices.shape[1]
        comparison = Comparison(shared, topn, near[place], near[place + 1], change, residual)
        found.append(Neighbourhoods(comparison, left, right, step.movers))
    return StudyNeighbours(study.names, study.words, tuple(found))


def _restrict(model: Embedding, words: tuple[str, ...], rows: np.ndarray) -> Embedding:
    return replace(
        model,
        words=words,
        vectors=np.ascontiguousarray(model.vectors[rows]),
        counts=model.counts[rows],
        covered=model.covered[rows],
        ends=None,
    )


def tell_neighbours(near: StudyNeighbours, row: int, topn: int = 10) -> tuple[TextNeighbours, ...]:
    """The `topn` neighbours of the word `row` in each text, and what it gained and lost on the way there."""
    lists = [near.steps[0].comparison.left_neighbours, *(step.comparison.right_neighbours for step in near.steps)]
    ways = [None, *(neighbour_words(step, row, topn) for step in near.steps)]
    return tuple(
        TextNeighbours(
            name,
            tuple(
                (near.words[other], float(cosine))
                for other, cosine in zip(
                    found.indices[row, :topn].tolist(), found.similarities[row, :topn].tolist(), strict=True
                )
                if other >= 0
            ),
            () if way is None else way.gained,
            () if way is None else way.lost,
        )
        for name, found, way in zip(near.names, lists, ways, strict=True)
    )
