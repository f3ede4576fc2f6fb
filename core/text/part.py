"""Which documents of a text are a text of their own: those of some labels, of a period, or picked one by one."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.years import years_of

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """Some documents of a text, told by exactly one of these. Hashable.

    Attributes:
        labels: documents that have one of these labels.
        years: first and last year of the documents (`core/text/reading/years.py` finds a document's year).
        documents: names of documents that were picked.
    """

    labels: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    documents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("labels", "years", "documents"):  # what JSON made lists of is hashable again
            if isinstance(value := getattr(self, field), list):
                object.__setattr__(self, field, tuple(value))
        if sum(map(bool, (self.labels, self.years, self.documents))) != 1:
            raise ValueError("a part is told by labels, by years or by documents, and by one of these alone")
        if self.years is not None and self.years[0] > self.years[1]:
            raise ValueError(f"a period cannot last from {self.years[0]} to {self.years[1]}")

    @property
    def name(self) -> str:
        """What it is called beside its text's name: "press", "1790-1899", "12 documents"."""
        if self.years is not None:
            return name_period(*self.years)
        if self.documents:
            return count("document", len(self.documents))
        more = len(self.labels) - _NAMED
        return ", ".join(self.labels[:_NAMED]) + (f", {more:,} more" if more > 0 else "")

    def find(self, documents: Iterable[tuple[str, str | None]]) -> np.ndarray:
        """Places of its documents among those of the text, given by name and label: int64, ascending.

        Raises:
            CorpusError: there is not one.
        """
        about = list(documents)
        if self.years is not None:
            years = years_of(about)
            found = np.flatnonzero((years >= self.years[0]) & (years <= self.years[1]))
        elif self.labels:
            found = np.flatnonzero([label in self.labels for _, label in about])
        else:
            names = frozenset(self.documents)
            found = np.flatnonzero([name in names for name, _ in about])
        if not len(found):
            raise CorpusError(self._say_none())
        return found

    def _say_none(self) -> str:
        if self.years is not None:
            there = f"is of {self.years[0]}" if len(set(self.years)) == 1 else "is of {}-{}".format(*self.years)
        elif self.labels:
            there = f"has the label “{self.labels[0]}”" if len(self.labels) == 1 else "has one of these labels"
        else:
            there = f"is called “{self.documents[0]}”" if len(self.documents) == 1 else "has one of these names"
        return (
            f"No document of the text {there}, as it is read now. Split the text again, or read it as it was read when "
            "it was split."
        )


def name_period(begin: int, end: int) -> str:
    """What years from `begin` to `end` are called: 1912, 1910s, 1790-1899."""
    return str(begin) if begin == end else f"{begin}s" if begin % 10 == 0 and end == begin + 9 else f"{begin}-{end}"
