"""study.json: what a study found, for other programs. Others rely on its keys."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.comparison.study.models import Study
from core.comparison.study.ranking import Ranking, describe_ranking, rank_words
from core.comparison.study.steps import CountBand, StudyStep
from core.comparison.study.trajectories import Trajectories
from core.system.typed_json import Record


@dataclass(frozen=True, slots=True)
class TextFacts:
    """A text: its name, how long it is, and the dose of its model (None where it has none)."""

    name: str
    tokens: int
    documents: int
    dose: float | None = None


@dataclass(frozen=True, slots=True)
class NoiseFacts:
    """The noise of a step.

    Attributes:
        left, right: names of the two texts.
        kind: "permutation", or "none" where none was measured.
        why_not: why there is none.
        documents: of each text.
        deals: how often they were dealt out anew.
        judged: how many words are held against it.
        band: how far it moves words, by count.
    """

    left: str
    right: str
    kind: str
    why_not: str
    documents: tuple[int, int]
    deals: int
    judged: int
    band: tuple[CountBand, ...]


@dataclass(frozen=True, slots=True)
class MovedFacts:
    """A word that changed.

    Attributes:
        word: itself.
        when: the text in which it had changed; of several steps, that of the surest.
        since: the text before; or the first one.
        change: how far, between these two.
        q_value: if all changes up to this one were named, this share of them would be noise.
        also: the other texts in which it had changed by more than noise.
    """

    word: str
    when: str
    since: str
    change: float
    q_value: float
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudyRecord(Record):
    """A study.json.

    Attributes:
        texts: in order.
        sentence: what was found.
        words: that all texts have.
        change_from_first, change_from_previous: a row for each text but the first, a number for each word; None where
            it is not known.
        noise: of each step.
        moved: words that changed by more than noise, the surest first.
        noise_from_first: from the first text to each other.
        moved_from_first: words that are farther from the first text than noise takes them, the surest first.
    """

    version: ClassVar[int] = 1

    texts: tuple[TextFacts, ...]
    sentence: str
    words: tuple[str, ...]
    change_from_first: tuple[tuple[float | None, ...], ...]
    change_from_previous: tuple[tuple[float | None, ...], ...]
    noise: tuple[NoiseFacts, ...]
    moved: tuple[MovedFacts, ...]
    noise_from_first: tuple[NoiseFacts, ...] = ()
    moved_from_first: tuple[MovedFacts, ...] = ()


def describe_study(
    study: Study,
    tokens: Sequence[int],
    trajectories: Trajectories,
    steps: Sequence[StudyStep],
    from_first: Sequence[StudyStep],
) -> StudyRecord:
    """What study.json says.

    Args:
        tokens: of each text.
        steps: from each text to the next.
        from_first: from the first text to each other.
    """
    ranking = rank_words(study, trajectories.from_previous, steps)
    return StudyRecord(
        texts=tuple(
            TextFacts(name, number, documents, model.dose)
            for name, number, documents, model in zip(study.names, tokens, study.documents, study.models, strict=True)
        ),
        sentence=describe_ranking(ranking, steps),
        words=study.words,
        change_from_first=_rows(trajectories.from_first),
        change_from_previous=_rows(trajectories.from_previous),
        noise=tuple(_describe_step(step) for step in steps),
        moved=_describe_moved(ranking, steps),
        noise_from_first=tuple(_describe_step(step) for step in from_first),
        moved_from_first=_describe_moved(rank_words(study, trajectories.from_first, from_first), from_first),
    )


def _describe_moved(ranking: Ranking, steps: Sequence[StudyStep]) -> tuple[MovedFacts, ...]:
    return tuple(
        MovedFacts(
            word=each.word,
            when=steps[each.step].right,
            since=steps[each.step].left,
            change=each.change,
            q_value=each.q_value,
            also=tuple(steps[step].right for step in each.steps if step != each.step),
        )
        for each in ranking.words
    )


def _describe_step(step: StudyStep) -> NoiseFacts:
    return NoiseFacts(
        left=step.left,
        right=step.right,
        kind="none" if step.movers is None else step.movers.kinds[0],
        why_not=step.why_not,
        documents=step.documents,
        deals=step.deals,
        judged=0 if step.movers is None else int(step.movers.judged.sum()),
        band=step.bands,
    )


def _rows(changes: np.ndarray) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(value if math.isfinite(value) else None for value in row) for row in changes.tolist())
