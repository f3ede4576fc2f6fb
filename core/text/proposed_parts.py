"""Parts that a text can be split into, with what is in each, before anything is split."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.corpus import Corpus
from core.text.part import TextPart
from core.text.parts import Grouping, find_periods, find_years, group_by_label, group_by_periods

_DASHES = re.compile(r"\s*[-–—]\s*")
_FIRST, _LAST = 1000, 2100
_SHOWN_YEARS = 40
MOST_PICKED = 5_000
"""So many documents can be told one by one: their names are kept with the workspace."""


@dataclass(frozen=True, slots=True)
class ProposedPart:
    """A part, and how many documents and tokens of the text are in it."""

    part: TextPart
    documents: int
    tokens: int

    @property
    def name(self) -> str:
        return self.part.name


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text in parts; `left_out`: documents that are in none of them."""

    parts: tuple[ProposedPart, ...]
    left_out: int


def propose_by_label(corpus: Corpus) -> Proposal:
    """A part for each label, in the order of `group_by_label`.

    Raises:
        CorpusError: no document has a label, or all have the same.
    """
    grouping = group_by_label(corpus)
    if len(grouping.names) == 1 and not grouping.left_out:
        raise CorpusError(
            f"All documents of “{corpus.name}” have the label “{grouping.names[0]}”, so there is nothing to split it "
            "by. Choose another column, or another piece of the file names."
        )
    return _propose(corpus, grouping, [TextPart(labels=(name,)) for name in grouping.names])


def propose_by_periods(corpus: Corpus, periods: Sequence[tuple[int, int]]) -> Proposal:
    """A part for each period, given by its first and last year; one without a document has none."""
    return _propose(corpus, group_by_periods(corpus, periods), [TextPart(years=period) for period in periods])


def find_named(names: Sequence[str], query: str) -> np.ndarray:
    """Places of the names that have `query` in them, upper and lower case alike, `*` for anything: int64, ascending."""
    pattern = re.compile(".*".join(map(re.escape, query.strip().split("*"))), re.IGNORECASE | re.DOTALL)
    return np.flatnonzero([pattern.search(name) is not None for name in names])


def propose_picked(corpus: Corpus, names: Sequence[str]) -> Proposal:
    """Two parts: the documents of these names, and all others.

    Raises:
        CorpusError: they are none of the documents, or all, or more than `MOST_PICKED`.
    """
    if not names or not frozenset(corpus.document_names) - frozenset(names):
        raise CorpusError(
            f"{'All' if names else 'No'} documents of “{corpus.name}” are picked. Pick some of them: the others become "
            "the second part."
        )
    if len(names) > MOST_PICKED:
        raise CorpusError(
            f"{len(names):,} documents are picked; up to {MOST_PICKED:,} can be told by their names. Split the text by "
            "label, file name or years instead."
        )
    parts = [TextPart(documents=tuple(names)), TextPart(others=tuple(names))]
    group = np.full(corpus.n_documents, -1, np.int64)
    about = list(zip(corpus.document_names, corpus.labels, strict=True))
    for number, part in enumerate(parts):
        group[part.find(about)] = number
    return _propose(corpus, Grouping(tuple(part.name for part in parts), group), parts)


def propose_shown_years(corpus: Corpus) -> Proposal | None:
    """What is of each year, or of each period where the years are many; None where less than two years are found."""
    years = find_years(corpus)
    if len(np.unique(years[years > 0])) < 2:
        return None
    return propose_by_periods(corpus, find_periods(corpus, _SHOWN_YEARS))


def _propose(corpus: Corpus, grouping: Grouping, parts: Sequence[TextPart]) -> Proposal:
    lengths, inside = np.diff(corpus.document_starts), grouping.group >= 0
    tokens = np.bincount(grouping.group[inside], lengths[inside], len(parts)).astype(np.int64).tolist()
    proposed = zip(parts, grouping.sizes, tokens, strict=True)
    return Proposal(tuple(ProposedPart(*each) for each in proposed), grouping.left_out)


def write_periods(corpus: Corpus) -> str:
    """Where the periods of `find_periods` begin, as `read_periods` reads it: "1850, 1900".

    Raises:
        CorpusError: fewer than two years are found.
    """
    return ", ".join(str(begin) for begin, _ in find_periods(corpus)[1:])


def read_periods(written: str, corpus: Corpus) -> tuple[tuple[int, int], ...]:
    """Periods as somebody wrote them: years in which a new one begins ("1850, 1900"), or each as "1790-1899".

    Years alone cut all years that the text has; before the first of them lies a period of its own.

    Raises:
        CorpusError: what is written is no year, or periods overlap, or the text has no years.
    """
    years = find_years(corpus)
    found = years[years > 0]
    if not len(found):
        find_periods(corpus)  # which says so
    pieces = [_read_piece(piece) for piece in re.split(r"[,;\n]+", written) if piece.strip()]
    if not pieces:
        raise CorpusError("No year is given. Write the years in which a new part begins, such as 1850, 1900.")
    first, last = int(found.min()), int(found.max())
    if all(end is None for _, end in pieces):
        starts = sorted({first, *(begin for begin, _ in pieces if first < begin <= last)})
        outside = [begin for begin, _ in pieces if not first <= begin <= last]
        if outside:
            raise CorpusError(
                f"No document is of {outside[0]}: the years of “{corpus.name}” are {first} to {last}. Write a year "
                "between these."
            )
        return tuple(zip(starts, [*(start - 1 for start in starts[1:]), last], strict=True))
    periods = sorted((begin, begin if end is None else end) for begin, end in pieces)
    for earlier, later in pairwise(periods):
        if later[0] <= earlier[1]:
            raise CorpusError(
                f"{_write(earlier)} and {_write(later)} overlap: a document would be in both. Let one end before the "
                "other begins."
            )
    return tuple(periods)


def _read_piece(written: str) -> tuple[int, int | None]:
    ends = _DASHES.split(written.strip())
    if not 1 <= len(ends) <= 2 or not all(_is_year(end) for end in ends):
        raise CorpusError(
            f"“{written.strip()[:40]}” is no year and no period. Write years of four digits from {_FIRST} to {_LAST}, "
            "such as 1850, 1900, or periods such as 1790-1899."
        )
    begin, end = int(ends[0]), int(ends[-1]) if len(ends) == 2 else None
    if end is not None and end < begin:
        raise CorpusError(f"“{written.strip()}” ends before it begins. Write the earlier year first.")
    return begin, end


def _is_year(written: str) -> bool:
    return re.fullmatch(r"[0-9]{4}", written) is not None and _FIRST <= int(written) <= _LAST


def _write(period: tuple[int, int]) -> str:
    return "{}-{}".format(*period)


def largest_parts(parts: Sequence[ProposedPart], most: int) -> tuple[int, ...]:
    """Places of the `most` parts with the most tokens, of those that have any, ascending."""
    order = sorted((place for place, each in enumerate(parts) if each.tokens), key=lambda place: -parts[place].tokens)
    return tuple(sorted(order[:most]))


def check_parts(chosen: Sequence[ProposedPart], most: int) -> None:
    """Whether these can be texts.

    Raises:
        CorpusError: there is none, there are more than `most`, or one has not one word.
    """
    if not chosen:
        raise CorpusError("No part is ticked. Tick those that are to become texts.")
    if len(chosen) > most:
        raise CorpusError(
            f"{count('part', len(chosen))} are ticked; at most {most} become texts at once. Untick some, or give the "
            "documents fewer, wider labels."
        )
    empty = [each for each in chosen if not each.tokens]
    if empty:
        raise CorpusError(f"{_list_names(empty)} has no word in it, so no text comes of it. Untick it.")


def _list_names(parts: Iterable[ProposedPart]) -> str:
    return " and ".join(f"“{each.name}”" for each in parts)
