"""The words of a study by how much they changed from text to text, all steps together, and when they did most."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.comparison.candidates import find_candidates
from core.comparison.movers import LEAST_COUNT
from core.comparison.pair import SharedWords
from core.comparison.study.models import Study
from core.comparison.study.ranking import Ranking
from core.comparison.study.steps import StudyStep
from core.comparison.study.trajectories import Trajectories
from core.prose.cells import plain_cell


@dataclass(frozen=True, slots=True, eq=False)
class StudyTable:
    """Words that can have changed, those that changed most first. Arrays are read-only.

    A word is looked at in the steps in which both texts have it often enough and it carries a meaning of its own: where
    noise was measured for some steps, in those.

    Attributes:
        rows: int64 (listed,), of the words in the study, in their order here.
        change: float32 (listed,), from one text to the next, the mean of the word's steps.
        times: float32 (listed,), how many times as far as noise alone takes the word on the same steps; nan where no
            noise was measured.
        above: float32 (listed,), how far all its steps together stand above noise, in standard deviations: the sum of
            `Movers.above` by the square root of their number. Many steps tell more than one.
        when: int64 (listed,), the step in which it changed most, beside the noise where that is known.
        steps: int64 (listed,), in how many steps it is looked at.
        moved: bool (listed,), it changed in a step by more than noise, by `Ranking`.
    """

    rows: np.ndarray
    change: np.ndarray
    times: np.ndarray
    above: np.ndarray
    when: np.ndarray
    steps: np.ndarray
    moved: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.rows, self.change, self.times, self.above, self.when, self.steps, self.moved):
            array.flags.writeable = False

    @property
    def has_noise(self) -> bool:
        return bool(np.isfinite(self.times).any())


def make_study_table(
    study: Study, trajectories: Trajectories, steps: Sequence[StudyStep], ranking: Ranking
) -> StudyTable:
    """Put the words in order: those that moved as `ranking` has them, then the others by `above`, else by `change`."""
    looked_at = judgeable_steps(study)
    expected, height = (np.full(looked_at.shape, np.nan) for _ in range(2))
    measured = [step.movers is not None for step in steps]
    for number, step in enumerate(steps):
        if step.movers is not None:
            expected[number], height[number] = step.movers.expected, step.movers.above
            looked_at[number] &= step.movers.judged
    if any(measured):
        looked_at[~np.array(measured)] = False
    change = np.where(looked_at, trajectories.from_previous, np.nan)
    rows = np.flatnonzero(np.isfinite(change).any(axis=0))
    change = change[:, rows]
    expected, height = (np.where(np.isfinite(change), each[:, rows], np.nan) for each in (expected, height))
    way, noise = np.nansum(change, axis=0), np.nansum(expected, axis=0)
    times = np.divide(way, noise, out=np.full(len(rows), np.nan), where=noise > 0)
    number = np.isfinite(change).sum(axis=0)
    above = np.where(number > 0, np.nansum(height, axis=0) / np.sqrt(np.maximum(number, 1)), np.nan)
    when = np.where(np.isfinite(change), height if any(measured) else change, -np.inf).argmax(axis=0)
    place = {word.row: place for place, word in enumerate(ranking.words)}
    places = np.array([place.get(row, len(place)) for row in rows.tolist()], np.int64)
    mean = way / np.maximum(number, 1)
    order = np.lexsort((-(above if any(measured) else mean), places))
    for word_place, own in ((place[row], np.flatnonzero(rows == row)) for row in place):
        when[own] = ranking.words[word_place].step
    return StudyTable(
        rows[order],
        mean[order].astype(np.float32),
        times[order].astype(np.float32),
        (above if any(measured) else times)[order].astype(np.float32),
        when[order],
        number[order],
        (places < len(place))[order],
    )


def judgeable_steps(study: Study) -> np.ndarray:
    """bool (texts - 1, words): in that step the word can be looked at, whatever noise says."""
    found = []
    for step in range(len(study.names) - 1):
        shared = SharedWords(study.words, study.rows[step], study.rows[step + 1], (), ())
        left, right = study.models[step : step + 2]
        candidates = find_candidates(shared, left, right, study.languages[step : step + 2])
        often = study.counts[step : step + 2].min(axis=0) >= LEAST_COUNT
        found.append(candidates.judged & often)
    return np.array(found)


def describe_farthest(study: Study, table: StudyTable, most: int = 3) -> str:
    """Which words went farthest, and where; a sentence that claims nothing of noise that was not measured."""
    if not len(table.rows):
        return "No word is frequent enough in two texts that follow each other, and carries meaning of its own."
    told = []
    for row, when, times in zip(table.rows[:most], table.when[:most], table.times[:most], strict=True):
        where = f"most from “{study.names[when]}” to “{study.names[when + 1]}”"
        beside = f"{times:.1f} times as far as chance takes it, " if table.has_noise else ""
        told.append(f"“{study.words[row]}” ({beside}{where})")
    listed = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    if not table.has_noise:
        return f"{listed} changed most from text to text. Whether that is more than noise is not known yet."
    if table.moved.any():
        return f"{listed} went farthest."
    return (
        f"{listed} went farthest beside their noise. None of it is beyond chance, so the list below says where to "
        "look, and not what was found."
    )


def write_study_csv(
    study: Study, trajectories: Trajectories, table: StudyTable, ranking: Ranking, from_first: Ranking
) -> bytes:
    """The table as CSV, with each word's count in each text and its change from the first and from the one before.

    `from_first` judges changes from the first text.
    """
    names = [plain_cell(name) for name in study.names]
    head = ["word", "moved", "above_noise_sd", "times_noise", "mean_change", "changed_most_before", "changed_most_in"]
    head += [f"count {name}" for name in names]
    head += [f"from first to {name}" for name in names[1:]]
    head += [f"from previous to {name}" for name in names[1:]]
    head += [f"q_value to {name}" for name in names[1:]] if ranking.judged.any() else []
    head += [f"q_value from first to {name}" for name in names[1:]] if from_first.judged.any() else []
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    for place, row in enumerate(table.rows.tolist()):
        when = int(table.when[place])
        numbers = [trajectories.from_first[:, row], trajectories.from_previous[:, row]]
        numbers += [each.q_value[:, row] for each in (ranking, from_first) if each.judged.any()]
        writer.writerow(
            [
                plain_cell(study.words[row]),
                "yes" if table.moved[place] else "no" if table.has_noise else "",
                _write(table.above[place], 3),
                _write(table.times[place], 3),
                _write(table.change[place], 5),
                names[when],
                names[when + 1],
                *study.counts[:, row].tolist(),
                *(_write(value, 5) for values in numbers for value in values),
            ]
        )
    return file.getvalue().encode("utf-8-sig")


def _write(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else ""
