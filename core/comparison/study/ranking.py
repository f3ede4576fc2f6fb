"""Which words changed in a study, and when: all words and all steps judged together, the surest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.comparison.false_discovery import find_q_values
from core.comparison.movers import LEVEL
from core.comparison.study.models import Study
from core.comparison.study.steps import StudyStep
from core.prose.numbers import count, write_share


class RankedWord(NamedTuple):
    """A word that changed.

    Attributes:
        word: itself.
        row: of it in the study.
        step: the step that it changed in; of several, the surest one.
        change: how far, between the two texts of that step.
        q_value: if all changes up to this one were named, this share of them would be noise.
        steps: all steps that it changed in.
    """

    word: str
    row: int
    step: int
    change: float
    q_value: float
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What changed by more than noise. Arrays are read-only.

    Attributes:
        q_value: float64 (texts - 1, words), of each word in each step; nan where it is not judged.
        moved: bool (texts - 1, words), `q_value` at most `level`.
        words: each word that moved in a step, the surest first.
        level: see `moved`.
    """

    q_value: np.ndarray
    moved: np.ndarray
    words: tuple[RankedWord, ...]
    level: float

    def __post_init__(self) -> None:
        for array in (self.q_value, self.moved):
            array.flags.writeable = False

    @property
    def judged(self) -> np.ndarray:
        """bool (texts - 1, words): whether a word is judged in a step."""
        return np.asarray(~np.isnan(self.q_value))


def rank_words(study: Study, change: np.ndarray, steps: Sequence[StudyStep], level: float = LEVEL) -> Ranking:
    """Which words changed in which step, all words and steps judged at once (`find_q_values`).

    Each word in each step with noise has a chance: that the documents of the two texts dealt out anew would change it
    as far (`Movers.chance`). Judged step by step, a study of twelve texts would name eleven times as many words that
    did not change as one of two. A word that changed in several steps is ranked by its surest one.

    Args:
        change: float32 (texts - 1, words), in each of the steps: one of the two of `Trajectories`.
        steps: from each text to the next, or from the first text to each.
        level: expected share of noise among the changes that are named.
    """
    shape = len(steps), len(study.words)
    chance, above = np.full(shape, np.nan), np.full(shape, -np.inf)
    for number, step in enumerate(steps):
        if step.movers is not None:
            chance[number], above[number] = step.movers.chance, step.movers.above
    judged = ~np.isnan(chance)
    q_value = np.full(shape, np.nan)
    if judged.any():
        q_value[judged] = find_q_values(chance[judged])
    with np.errstate(invalid="ignore"):
        moved = judged & (q_value <= level)
    found = []
    for row in np.flatnonzero(moved.any(axis=0)).tolist():
        own = np.flatnonzero(moved[:, row]).tolist()
        surest = min(own, key=lambda step, row=row: (chance[step, row], -above[step, row]))  # type: ignore[misc]
        found.append((chance[surest, row], -above[surest, row], row, surest, tuple(own)))
    words = tuple(
        RankedWord(
            study.words[row],
            row,
            step,
            float(change[step, row]),
            float(q_value[step, row]),
            own,
        )
        for _, _, row, step, own in sorted(found)
    )
    return Ranking(q_value, moved, words, level)


def describe_ranking(ranking: Ranking, steps: Sequence[StudyStep]) -> str:
    """How many words changed, as a plain sentence to be quoted."""
    measured = [step for step in steps if step.movers is not None]
    if not measured:
        return "How far each word changed is known, and not whether that is more than noise: no noise was measured."
    judged = int(ranking.judged.any(axis=0).sum())
    if not judged:
        return "No word is judged: none that all texts have is frequent enough and carries meaning of its own."
    where = f"{count('step', len(measured))}" + (f" of {len(steps)}" if len(measured) < len(steps) else "")
    changed, changes = len(ranking.words), int(ranking.moved.sum())
    sentence = (
        f"{f'{changed:,}' if changed else 'None'} of {count('judged word', judged)} changed in {where} by more than "
        "dealing the documents of the two texts out anew makes them differ"
    )
    if not changed:
        return f"{sentence}."
    return (
        f"{sentence}: {count('change', changes)}, at most {write_share(ranking.level, 0)} of them expected by chance."
    )


def describe_when(ranking: Ranking, names: Sequence[str], most: int = 4) -> str:
    """From which text to which most words changed, and the surest of them; "" where none did."""
    if not ranking.words:
        return ""
    number = ranking.moved.sum(axis=1)
    step = int(number.argmax())
    moved = [word.word for word in ranking.words if step in word.steps]
    listed = ", ".join(f"“{word}”" for word in moved[:most]) + (" …" if len(moved) > most else "")
    share = "All" if number[step] == number.sum() else f"{number[step]:,} of the {count('change', int(number.sum()))}"
    return f"{share} happened from “{names[step]}” to “{names[step + 1]}”: {listed}"
