"""One text as several: its documents by label, by the year in their names, or as somebody picked them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal

import numpy as np

from core.errors import CorpusError
from core.text.corpus import Corpus, digest_content
from core.text.part import LabelSource, Relabel, name_period
from core.text.reading.years import years_of
from core.text.resampling import take_units

SplitBy = Literal["label", "year"]
MOST_PERIODS, FEWEST_PERIODS = 12, 3
_SPANS = (10, 20, 25, 50, 100, 5)
"""Years that a period may have, in the order in which they are tried."""
_SMALL = 0.25
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Which documents of a text go together.

    Attributes:
        names: of the groups, in their order.
        group: int64 (documents,), the group of each document, an index into `names`; -1 for those in none.
    """

    names: tuple[str, ...]
    group: np.ndarray

    def __post_init__(self) -> None:
        self.group.flags.writeable = False

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many documents each group has."""
        return tuple(np.bincount(self.group[self.group >= 0], minlength=len(self.names)).tolist())

    @property
    def left_out(self) -> int:
        """How many documents are in no group."""
        return int((self.group < 0).sum())


@dataclass(frozen=True, slots=True)
class Cut:
    """How a text is cut into parts. Hashable.

    Attributes:
        by: by label, by year, or by both, one after the other: each part that the first gives is cut by the second.
        dates: the column of tables that has the years; None where labels or names have them.
    """

    by: tuple[SplitBy, ...]
    dates: str | None = None


def group_documents(corpus: Corpus, cut: Cut, relabel: Relabel) -> Grouping:
    """`group_by_label` or `group_by_year`, or both, crossed; periods are those of the whole text."""
    dated = corpus
    if cut.dates is not None:
        dated = replace(corpus, labels=tuple(relabel(LabelSource(column=cut.dates))))
    groupings = [group_by_label(corpus) if by == "label" else group_by_year(dated) for by in cut.by]
    return reduce(cross_groups, groupings)


def group_by_label(corpus: Corpus) -> Grouping:
    """A group for each label. Documents without one are in none.

    If every label has a number in it ("1910s", "volume 3"), they are in the order of these numbers; else in the order
    in which the text first has them.

    Raises:
        CorpusError: no document has a label.
    """
    names = list(dict.fromkeys(label for label in corpus.labels if label is not None))
    if not names:
        raise CorpusError(
            f"No document of “{corpus.name}” has a label. Choose the column of a table that has them "
            "(on the command line --label)."
        )
    if all(_NUMBER.search(name) for name in names):
        names.sort(key=lambda name: [int(number) for number in _NUMBER.findall(name)])
    place = {name: number for number, name in enumerate(names)}
    return Grouping(
        tuple(names), np.array([-1 if label is None else place[label] for label in corpus.labels], np.int64)
    )


def group_by_year(corpus: Corpus, most: int = MOST_PERIODS) -> Grouping:
    """Groups of documents by `find_years`: the periods of `find_periods`.

    Raises:
        CorpusError: fewer than two years are found.
    """
    return group_by_periods(corpus, find_periods(corpus, most))


def group_by_periods(corpus: Corpus, periods: Sequence[tuple[int, int]]) -> Grouping:
    """A group for each period, from its first to its last year; documents of other years, or of none, are in none."""
    years = find_years(corpus)
    group = np.full(len(years), -1, np.int64)
    for number, (begin, end) in enumerate(periods):
        group[(years >= begin) & (years <= end)] = number
    return Grouping(tuple(name_period(*each) for each in periods), group)


def find_periods(corpus: Corpus, most: int = MOST_PERIODS) -> tuple[tuple[int, int], ...]:
    """First and last years of the periods to cut a text into: each year if there are at most `most` years, else longer.

    Longer periods are those of the calendar: decades, if that makes 3 to `most` of them; else 20, 25, 50 or 100 years,
    the shortest that does; for a span of few years, 5. Years without a document make no period of their own, and one
    that has less than a quarter of the tokens that the middle one has goes with its smaller neighbour: a model of it
    would have few words, and only words of all parts can be followed.

    Raises:
        CorpusError: fewer than two years are found.
    """
    years = find_years(corpus)
    found = np.unique(years[years > 0])
    if len(found) < 2:
        raise CorpusError(_say_no_years(corpus, found.tolist()))
    if len(found) <= most:
        return tuple((year, year) for year in found.tolist())
    tokens = np.zeros(int(found[-1]) + 1, np.int64)
    np.add.at(tokens, years, np.diff(corpus.document_starts))
    periods: list[list[int]] = []
    for span in _SPANS:
        periods = _join_small([found[found // span == begin].tolist() for begin in np.unique(found // span)], tokens)
        if FEWEST_PERIODS <= len(periods) <= most:
            break
    # The first and the last period are named by the years that there are, not by those of the calendar.
    ends = [(period[0] // span * span, period[-1] // span * span + span - 1) for period in periods]
    ends[0], ends[-1] = (int(found[0]), ends[0][1]), (ends[-1][0], int(found[-1]))
    return tuple(ends)


def _join_small(periods: list[list[int]], tokens: np.ndarray) -> list[list[int]]:
    """Periods, years in order each, without those that are small beside the middle one; `tokens` of each year."""
    periods = list(periods)
    sizes = [int(tokens[period].sum()) for period in periods]
    while len(periods) > FEWEST_PERIODS and min(sizes) < _SMALL * float(np.median(sizes)):
        small = int(np.argmin(sizes))
        beside = min(
            (near for near in (small - 1, small + 1) if 0 <= near < len(periods)), key=lambda near: sizes[near]
        )
        first = min(small, beside)
        periods[first : first + 2] = [periods[first] + periods[first + 1]]
        sizes[first : first + 2] = [sizes[first] + sizes[first + 1]]
    return periods


def _say_no_years(corpus: Corpus, found: Sequence[int]) -> str:
    labels = [*dict.fromkeys(label for label in corpus.labels if label is not None)]
    kind, shown = ("labels", labels) if labels else ("names", list(corpus.document_names))
    examples = ", ".join(f"“{each}”" for each in shown[:2])
    what = f"All years found in “{corpus.name}” are {found[0]}" if found else f"No year is found in “{corpus.name}”"
    return (
        f"{what}. A year is a number of four digits from 1000 to 2100 in a document's label, or else in its name; "
        f"{kind} here are like {examples}. Name the files by year (letters-1912.txt), or choose the column of a table "
        "that has years or dates as its labels (on the command line --label)."
    )


def cross_groups(outer: Grouping, inner: Grouping) -> Grouping:
    """A group for each of `outer` and each of `inner` that have a document in common, those of one outer together."""
    both = (outer.group >= 0) & (inner.group >= 0)
    crossed = np.where(both, outer.group * len(inner.names) + inner.group, -1)
    found, group = np.unique(crossed[both], return_inverse=True)
    crossed[both] = group
    pairs = (divmod(each, len(inner.names)) for each in found.tolist())
    return Grouping(tuple(f"{outer.names[first]} {inner.names[second]}" for first, second in pairs), crossed)


def find_years(corpus: Corpus) -> np.ndarray:
    """`years_of` its documents."""
    return years_of(zip(corpus.document_names, corpus.labels, strict=True))


def take_documents(corpus: Corpus, documents: Sequence[int] | np.ndarray, name: str) -> Corpus:
    """Some documents of `corpus`, in its order, as a text of its own that is called `name`.

    It is the text that these documents would be if nothing else had been brought: the same counts, the same digest (but
    where phrases were joined, which were counted in all of `corpus`). Documents without a word are left out.

    Raises:
        CorpusError: not one of them has a word.
    """
    chosen = np.unique(np.asarray(documents, np.int64))
    chosen = chosen[np.diff(corpus.document_starts)[chosen] > 0]
    if not len(chosen):
        raise CorpusError(f"“{name}” has no document with a word in it. Leave it out, or give it a text.")
    starts = np.unique(corpus.document_starts)
    part = take_units(corpus, starts, np.searchsorted(starts, corpus.document_starts[chosen]), name)
    return replace(part, digest=digest_content(part), whole="")


def take_groups(corpus: Corpus, grouping: Grouping) -> tuple[Corpus, ...]:
    """Each group of documents as a text of its own, called by the text and by the group.

    Raises:
        CorpusError: a group has not one word.
    """
    return tuple(
        take_documents(corpus, np.flatnonzero(grouping.group == number), f"{corpus.name} {name}")
        for number, name in enumerate(grouping.names)
    )


def choose_groups(grouping: Grouping, names: Sequence[str]) -> Grouping:
    """Only the groups of these names, in this order; documents of others are in none.

    Raises:
        CorpusError: there is no group of a name, or one is named twice.
    """
    unknown = [name for name in names if name not in grouping.names]
    if unknown:
        there = ", ".join(grouping.names[:30]) + (" …" if len(grouping.names) > 30 else "")
        raise CorpusError(f"There is no part called “{unknown[0]}”. There are: {there}.")
    if len(set(names)) < len(names):
        raise CorpusError(f"“{next(name for name in names if names.count(name) > 1)}” is named twice. Name it once.")
    places = [grouping.names.index(name) for name in names]
    group = np.full(len(grouping.group), -1, np.int64)
    for number, place in enumerate(places):
        group[grouping.group == place] = number
    return Grouping(tuple(names), group)
