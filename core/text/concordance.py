"""A word's occurrences in the text, each with what stands around it (keyword in context), cited by document."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.prose.cells import plain_cell
from core.text.corpus import Corpus

OccurrenceOrder = Literal["document", "left", "right"]

WIDTH = 20
"""Tokens on each side of an occurrence: more than a line holds, so that the page decides how many are seen."""
PAGE = 10
MOST_SORTED = 20_000
"""Of more occurrences than these, evenly spread ones are sorted, and written to a file."""
SENTENCE_MARK = "|"
_SORTED_BY = 4  # tokens on a side that decide the order


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One token and its surroundings.

    Attributes:
        document: name of the document it stands in.
        label: of that document; None where it has none.
        position: offset into the corpus's tokens.
        place: its number among its document's tokens, counted from 1.
        left, right: the tokens before and after it in its document, in reading order; `SENTENCE_MARK` where a
            sentence ends.
        word: itself.
    """

    document: str
    label: str | None
    position: int
    place: int
    left: tuple[str, ...]
    word: str
    right: tuple[str, ...]

    @property
    def runs_left(self) -> bool:
        """The word is of a script that is written from right to left: what follows it stands on its left."""
        strong = (unicodedata.bidirectional(letter) for letter in self.word)
        return next((each in ("R", "AL") for each in strong if each in ("L", "R", "AL")), False)


@dataclass(frozen=True, slots=True, eq=False)
class Concordance:
    """Where a word occurs. Arrays are read-only.

    Attributes:
        word: the word.
        total: how often the text has it.
        documents: how many documents have it.
        positions: int64, offsets into the corpus's tokens, in `order`; at most `MOST_SORTED` when sorted by context.
        order: "document" in reading order; "right" by the words that follow; "left" by those before, nearest first.
    """

    word: str
    total: int
    documents: int
    positions: np.ndarray
    order: OccurrenceOrder

    def __post_init__(self) -> None:
        self.positions.flags.writeable = False

    def pages(self, size: int = PAGE) -> int:
        return max(1, -(-len(self.positions) // size))


def find_occurrences(corpus: Corpus, word: str, order: OccurrenceOrder = "document") -> Concordance:
    """Where `word` occurs: one pass over the token ids. A word that the text does not have occurs nowhere."""
    try:
        token = corpus.words.index(word)
    except ValueError:
        return Concordance(word, 0, 0, np.empty(0, np.int64), order)
    positions = np.flatnonzero(corpus.tokens == np.int32(token))
    documents = np.unique(np.searchsorted(corpus.document_starts, positions, side="right"))
    total = len(positions)
    if order != "document":
        positions = _spread(positions)
        positions = positions[_sort_by_context(corpus, positions, 1 if order == "right" else -1)]
    return Concordance(word, total, len(documents), positions, order)


def _spread(positions: np.ndarray) -> np.ndarray:
    """At most `MOST_SORTED` of them, evenly spread."""
    if len(positions) <= MOST_SORTED:
        return positions
    return np.asarray(positions[np.linspace(0, len(positions) - 1, MOST_SORTED).astype(np.int64)])


def _sort_by_context(corpus: Corpus, positions: np.ndarray, step: int) -> np.ndarray:
    """Order of `positions` by their next tokens in direction `step`, alphabetical; the document's end comes first."""
    document = np.searchsorted(corpus.document_starts, positions, side="right")
    begins, ends = corpus.document_starts[document - 1], corpus.document_starts[document]
    places = positions[:, None] + step * np.arange(1, _SORTED_BY + 1)
    inside = (places >= begins[:, None]) & (places < ends[:, None])
    tokens = np.where(inside, corpus.tokens[places.clip(0, corpus.n_tokens - 1)], -1)
    ids, columns = np.unique(tokens, return_inverse=True)
    alphabetical = sorted(range(len(ids)), key=lambda i: "" if ids[i] < 0 else corpus.words[ids[i]].casefold())
    rank = np.empty(len(ids), np.int64)
    rank[alphabetical] = np.arange(len(ids))
    ranks = rank[columns.reshape(tokens.shape)]
    return np.lexsort((positions, *ranks.T[::-1]))


def read_page(
    corpus: Corpus, found: Concordance, page: int = 1, size: int = PAGE, width: int = WIDTH
) -> tuple[Occurrence, ...]:
    """The occurrences on `page`, counted from 1, with `width` tokens on each side."""
    if page < 1:
        raise ValueError(f"page is {page}; the first one is 1")
    return tuple(
        _describe(corpus, position, width) for position in found.positions[(page - 1) * size : page * size].tolist()
    )


def locate_token(corpus: Corpus, occurrence: Occurrence) -> tuple[int, int]:
    """Its document and the number of its token there, both from 0."""
    return int(np.searchsorted(corpus.document_starts, occurrence.position, side="right")) - 1, occurrence.place - 1


def write_occurrences_csv(corpus: Corpus, found: Concordance, width: int = WIDTH) -> bytes:
    """At most `MOST_SORTED` occurrences in their order as CSV for spreadsheets: document, label, position, context.

    UTF-8 with its mark; no cell that a spreadsheet would run as a formula. `position` is the token's number in its
    document, counted from 1.
    """
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(["document", "label", "position", "left", "word", "right"])
    for position in _spread(found.positions).tolist():
        each = _describe(corpus, position, width)
        left, right = " ".join(each.left), " ".join(each.right)
        words: Sequence[str] = (each.document, each.label or "", left, each.word, right)
        document, label, left, word, right = map(plain_cell, words)
        out.writerow([document, label, each.place, left, word, right])
    return text.getvalue().encode("utf-8-sig")


def _describe(corpus: Corpus, position: int, width: int) -> Occurrence:
    document = int(np.searchsorted(corpus.document_starts, position, side="right")) - 1
    begin, end = (int(corpus.document_starts[each]) for each in (document, document + 1))
    return Occurrence(
        document=corpus.document_names[document],
        label=corpus.labels[document],
        position=position,
        place=position - begin + 1,
        left=_read(corpus, max(begin, position - width), position, position),
        word=corpus.words[corpus.tokens[position]],
        right=_read(corpus, position + 1, min(end, position + width + 1), position),
    )


def _read(corpus: Corpus, begin: int, end: int, occurrence: int) -> tuple[str, ...]:
    """Tokens begin to end with a mark where a sentence starts, towards `occurrence` too."""
    first, last = (begin, end) if begin > occurrence else (begin + 1, end + 1)
    starts = corpus.sentence_starts
    marked = set(starts[np.searchsorted(starts, first) : np.searchsorted(starts, last)].tolist())
    read: list[str] = []
    for place in range(begin, end):
        if place in marked and place >= first:
            read.append(SENTENCE_MARK)
        read.append(corpus.words[corpus.tokens[place]])
    if end in marked and end == occurrence:
        read.append(SENTENCE_MARK)
    return tuple(read)
