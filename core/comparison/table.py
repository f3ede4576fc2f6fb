"""Every word that two embeddings share as a row: neighbours kept, change, noise; to sort, filter and download.

Words that a vectors file lacks are rows like others, but in no ranking: they have a list of their own (`new_words`).
"""

import csv
import io
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from core.comparison.candidates import Candidates
from core.comparison.movers import Movers
from core.comparison.pair import Comparison
from core.models.embedding import Embedding
from core.prose.cells import plain_cell
from core.text.spelling import resolve_word

NEAR, WIDE = 10, 100
RowOrder = Literal["moved", "stable", "count", "overlap", "change"]


@dataclass(frozen=True, slots=True, eq=False)
class MovedTable:
    """Facts about the shared words. Arrays are read-only, rows are `words`.

    Attributes:
        words: the words.
        left_counts, right_counts: int64, how often the left and the right model's text has the word.
        candidates: which words are new, and which carry meaning of their own.
        overlap, wide_overlap: float32, of the 10 and of the 100 nearest neighbours (Jaccard), 0 to 1.
        weighted, wide_weighted: float32, the same with the nearest counting most (`weighted_overlap_at`).
        change: float32, 1 - cosine after alignment, averaged over retrainings where there are any.
        movers: what is known about noise; None before it was measured.
    """

    words: tuple[str, ...]
    left_counts: np.ndarray
    right_counts: np.ndarray
    candidates: Candidates
    overlap: np.ndarray
    weighted: np.ndarray
    wide_overlap: np.ndarray
    wide_weighted: np.ndarray
    change: np.ndarray
    movers: Movers | None

    @property
    def counts(self) -> np.ndarray:
        """int64 (words,), in the text of the model that has the word more rarely."""
        return np.asarray(np.minimum(self.left_counts, self.right_counts))

    @property
    def new(self) -> np.ndarray:
        """bool (words,): a vectors file that a model started from lacks the word."""
        return self.candidates.new

    @property
    def statistic(self) -> np.ndarray:
        """What the histogram shows: change above noise in standard deviations, else the raw change."""
        return self.change if self.movers is None else self.movers.above

    @property
    def shown(self) -> np.ndarray:
        """bool (words,): words that the histogram and the scatter show, all of them candidates."""
        known = np.isfinite(self.statistic) if self.movers is None else self.movers.judged
        return np.asarray(known & self.candidates.judged)

    @property
    def moved(self) -> np.ndarray:
        """bool (words,): changed more than noise; all False before the noise was measured."""
        return np.zeros(len(self.words), bool) if self.movers is None else self.movers.moved & self.candidates.judged

    def ranked(self, *, with_function_words: bool) -> np.ndarray:
        """bool (words,): words that rankings have: no new ones, and others than content words only where asked for."""
        return ~self.new if with_function_words else self.candidates.judged


def shared_counts(comparison: Comparison, left: Embedding, right: Embedding) -> np.ndarray:
    """How often the text has each shared word; where the models have two texts, the smaller number: int64 (words,)."""
    shared = comparison.shared
    return np.asarray(np.minimum(left.counts[shared.left_rows], right.counts[shared.right_rows]))


def make_table(
    comparison: Comparison, left: Embedding, right: Embedding, candidates: Candidates, movers: Movers | None
) -> MovedTable:
    """Put together what is known about the shared words."""
    shared = comparison.shared
    return MovedTable(
        words=shared.words,
        left_counts=left.counts[shared.left_rows],
        right_counts=right.counts[shared.right_rows],
        candidates=candidates,
        overlap=comparison.overlap_at(NEAR),
        weighted=comparison.weighted_overlap_at(NEAR),
        wide_overlap=comparison.overlap_at(WIDE),
        wide_weighted=comparison.weighted_overlap_at(WIDE),
        change=comparison.change if movers is None else movers.change,
        movers=movers,
    )


def sort_rows(table: MovedTable, order: RowOrder) -> np.ndarray:
    """All rows in an order for reading, int64. Words without the value come last.

    "moved": called moved first, then by change above noise (raw change where noise is not known). "stable": the
    reverse of that value. "count": most frequent first. "overlap": fewest neighbours kept first. "change": raw change.
    """
    value = {
        "moved": -table.statistic,
        "stable": table.statistic,
        "count": -table.counts.astype(np.float64),
        "overlap": table.wide_overlap,
        "change": -table.change,
    }[order]
    first = ~table.moved if order == "moved" else np.zeros(len(value), bool)
    unknown = ~table.shown if order in ("moved", "stable") else np.isnan(value)
    return np.lexsort((np.nan_to_num(value, nan=np.inf), first, unknown))


class Filtered(NamedTuple):
    """Rows that a list of words asks for, in its order, and the words that are not there."""

    rows: np.ndarray
    missing: tuple[str, ...]


def filter_words(text: str, index: dict[str, int]) -> Filtered:
    """Look up words separated by spaces, commas, semicolons or lines. A list of 10,000 takes a moment."""
    asked = dict.fromkeys(re.findall(r"[^\s,;]+", text))
    found = {word: resolve_word(word, index) for word in asked}
    rows = dict.fromkeys(index[form] for form in found.values() if form is not None)
    missing = tuple(word for word, form in found.items() if form is None)
    return Filtered(np.fromiter(rows, np.int64, len(rows)), missing)


def between(table: MovedTable, low: float, high: float) -> np.ndarray:
    """bool (words,): words whose statistic lies between two values, ends included."""
    with np.errstate(invalid="ignore"):
        return np.asarray(table.shown & (table.statistic >= low) & (table.statistic <= high))


def write_moved_csv(table: MovedTable, rows: np.ndarray, *, two_texts: bool = False) -> bytes:
    """The rows as CSV for spreadsheets: UTF-8 with its mark, and no cell that a spreadsheet would run as a formula.

    `two_texts`: a count in each, instead of one.
    """
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    head = ["word", *(("count_left", "count_right") if two_texts else ("count",)), "in_pretrained"]
    head += [f"{name}_{k}" for k in (NEAR, WIDE) for name in ("neighbour_overlap", "neighbour_overlap_weighted")]
    head += ["change"]
    movers = table.movers
    if movers is not None:
        head += ["noise_median", "noise_bound_95", "moved_from", "above_noise_sd", "q_value", "moved"]
    out.writerow(head)
    for row in rows.tolist():
        counts = (table.left_counts, table.right_counts) if two_texts else (table.counts,)
        cells: list[object] = [plain_cell(table.words[row]), *(int(each[row]) for each in counts)]
        cells.append("no" if table.new[row] else "yes")
        facts = [table.overlap, table.weighted, table.wide_overlap, table.wide_weighted, table.change]
        if movers is not None:
            facts += [movers.floor, movers.bound, movers.threshold, movers.above, movers.q_value]
        cells += ["" if np.isnan(fact[row]) else f"{fact[row]:.6g}" for fact in facts]
        if movers is not None:
            cells.append("yes" if table.moved[row] else "no" if table.shown[row] else "not judged")
        out.writerow(cells)
    return text.getvalue().encode("utf-8-sig")
