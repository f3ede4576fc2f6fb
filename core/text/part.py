"""Which documents of a text are a text of their own: those of some labels, of a period, or picked one by one.

A part may be one of a part: of the press, the years 1900 to 1909.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.years import years_of

_NAMED = 3
_ALWAYS = ("labels", "years", "documents")
"""Fields that stand in what a part is named by, whatever is in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSource:
    """Where labels are from: a column of tables, or a piece of the names; both as in `ReadOptions`. Hashable."""

    column: str | None = None
    pattern: str | None = None


Relabel = Callable[[LabelSource], Sequence[str | None]]
"""The labels that the documents of a text have by another source, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TextPart:
    """Some documents of a text, told by exactly one of the first four. Hashable.

    Attributes:
        labels: documents that have one of these labels.
        years: first and last year of the documents (`core/text/reading/years.py` finds a document's year).
        documents: names of documents that were picked.
        others: names of documents that were picked, where all others are meant.
        by: where the labels are from by which it is told; None for those that the text is read with.
        within: the part of which this is a part; None for one of all documents.
    """

    labels: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    documents: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    by: LabelSource | None = None
    within: "TextPart | None" = None

    def __post_init__(self) -> None:
        for field, kind in (("by", LabelSource), ("within", TextPart)):  # what JSON made a mapping of
            if isinstance(value := getattr(self, field), dict):
                object.__setattr__(self, field, kind(**value))
        for field in ("labels", "years", "documents", "others"):  # what JSON made lists of is hashable again
            if isinstance(value := getattr(self, field), list):
                object.__setattr__(self, field, tuple(value))
        if sum(map(bool, (self.labels, self.years, self.documents, self.others))) != 1:
            raise ValueError("a part is told by labels, by years or by documents, and by one of these alone")
        if self.years is not None and self.years[0] > self.years[1]:
            raise ValueError(f"a period cannot last from {self.years[0]} to {self.years[1]}")

    def __repr__(self) -> str:
        """What it is told by. Texts are named by it (`TextChoice.key`): what is not given is not in it."""
        known = ((field.name, getattr(self, field.name)) for field in fields(self))
        given = (f"{name}={value!r}" for name, value in known if value or name in _ALWAYS)
        return f"TextPart({', '.join(given)})"

    @property
    def full_name(self) -> str:
        """Its name after that of the part it is of: "press, 1790-1899"."""
        return self.name if self.within is None else f"{self.within.full_name}, {self.name}"

    @property
    def name(self) -> str:
        """What it is called beside its text's name: "press", "1790-1899", "12 documents"."""
        if self.years is not None:
            return name_period(*self.years)
        if self.documents:
            return count("document", len(self.documents))
        if self.others:
            return f"all but {count('document', len(self.others))}"
        more = len(self.labels) - _NAMED
        return ", ".join(self.labels[:_NAMED]) + (f", {more:,} more" if more > 0 else "")

    def find(self, documents: Iterable[tuple[str, str | None]], relabel: Relabel | None = None) -> np.ndarray:
        """Places of its documents among those of the text, given by name and label: int64, ascending.

        `relabel` is asked where it, or a part that it is of, is told by labels of another source.

        Raises:
            CorpusError: there is not one.
        """
        about = list(documents)
        inside = None if self.within is None else self.within.find(about, relabel)
        if self.by is not None:
            if relabel is None:
                raise ValueError(f"nobody says what labels the documents have by {self.by}")
            about = [(name, label) for (name, _), label in zip(about, relabel(self.by), strict=True)]
        if self.years is not None:
            years = years_of(about)
            found = np.flatnonzero((years >= self.years[0]) & (years <= self.years[1]))
        elif self.labels:
            found = np.flatnonzero([label in self.labels for _, label in about])
        else:
            names, meant = frozenset(self.documents or self.others), bool(self.documents)
            found = np.flatnonzero([(name in names) == meant for name, _ in about])
        if inside is not None:
            found = np.intersect1d(found, inside, assume_unique=True)
        if not len(found):
            raise CorpusError(self._say_none())
        return found

    def read_by(self, source: LabelSource) -> "TextPart":
        """The same documents, also when the text is read with other labels than those of `source`."""
        return self if self.by is not None else replace(self, by=source)

    def _say_none(self) -> str:
        if self.years is not None:
            there = f"is of {self.years[0]}" if len(set(self.years)) == 1 else "is of {}-{}".format(*self.years)
        elif self.labels:
            there = f"has the label “{self.labels[0]}”" if len(self.labels) == 1 else "has one of these labels"
        elif self.others:
            there = "has another name than these"
        else:
            there = f"is called “{self.documents[0]}”" if len(self.documents) == 1 else "has one of these names"
        return (
            f"No document of the text {there}, as it is read now. Split the text again, or read it as it was read when "
            "it was split."
        )


def name_period(begin: int, end: int) -> str:
    """What years from `begin` to `end` are called: 1912, 1910s, 1790-1899."""
    return str(begin) if begin == end else f"{begin}s" if begin % 10 == 0 and end == begin + 9 else f"{begin}-{end}"
