"""Where a text has a word or phrase, each occurrence with what stands around it (keyword in context), by document."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.prose.cells import plain_cell
from core.text.collocates import REACH
from core.text.corpus import Corpus
from core.text.dispersion import deviation_of_proportions, rate_interval
from core.text.originals import Passage
from core.text.queries import find_matches, parse_query

OccurrenceOrder = Literal["document", "left", "right", "word"]

WIDTH = 20
"""Tokens on each side of an occurrence: more than a line holds, so that the page decides how many are seen."""
PAGE = 10
MOST_SORTED = 20_000
"""Of more occurrences than these, evenly spread ones are sorted, and written to a file."""
SENTENCE_MARK = "|"
_SORTED_BY = 4  # tokens on a side that decide the order


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for in a text. Hashable.

    Attributes:
        sought: a word of the text as it stands, or with `typed` what somebody typed: a phrase, wildcards
            (`core.text.queries`).
        typed: whether it is that.
        near: typed likewise: what must stand within `REACH` tokens before or after, in the same document; "" for
            whatever.
        label: only documents with it; None for all.
        order: "document" in reading order; "right" by the words that follow; "left" by those before, nearest first;
            "word" by what was found, and then by what follows.
    """

    sought: str
    typed: bool = False
    near: str = ""
    label: str | None = None
    order: OccurrenceOrder = "document"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What was found in one place, and its surroundings.

    Attributes:
        document: name of the document it stands in.
        label: of that document; None where it has none.
        position: offset into the corpus's tokens.
        place: its number among its document's tokens, counted from 1.
        length: how many tokens it takes.
        left, right: the tokens before and after it in its document, in reading order; `SENTENCE_MARK` where a
            sentence ends.
        word: itself; with blanks between its tokens.
    """

    document: str
    label: str | None
    position: int
    place: int
    length: int
    left: tuple[str, ...]
    word: str
    right: tuple[str, ...]

    @property
    def runs_left(self) -> bool:
        """The word is of a script that is written from right to left: what follows it stands on its left."""
        strong = (unicodedata.bidirectional(letter) for letter in self.word)
        return next((each in ("R", "AL") for each in strong if each in ("L", "R", "AL")), False)


@dataclass(frozen=True, slots=True)
class HitCounts:
    """How often documents have something.

    Attributes:
        total: how often.
        documents: how many of them have it.
        n_documents, n_tokens: how many there are.
    """

    total: int
    documents: int
    n_documents: int
    n_tokens: int

    @property
    def per_million(self) -> float:
        """Occurrences in a million tokens; 0 where there is none."""
        return 1e6 * self.total / max(1, self.n_tokens)


@dataclass(frozen=True, slots=True, eq=False)
class Concordance:
    """What a search found. Arrays are read-only.

    Attributes:
        search: what was looked for.
        hits: how often all documents have it that were searched.
        by_label: likewise for each label of theirs, the most frequent in a million tokens first; empty without labels.
        interval: 95 % interval of how often it comes in a million tokens of documents like these.
        deviation: how unevenly it is spread over the documents (`deviation_of_proportions`); None where it is not
            found, or there is but one document.
        positions: int64, offsets into the corpus's tokens, in the search's order; at most `MOST_SORTED` when that is
            not the document's.
        lengths: int64 (positions,), how many tokens each takes.
    """

    search: Search
    hits: HitCounts
    by_label: tuple[tuple[str, HitCounts], ...]
    interval: tuple[float, float]
    deviation: float | None
    positions: np.ndarray
    lengths: np.ndarray

    def __post_init__(self) -> None:
        self.positions.flags.writeable = self.lengths.flags.writeable = False

    @property
    def total(self) -> int:
        """How often it was found."""
        return self.hits.total

    @property
    def documents(self) -> int:
        """How many documents have it."""
        return self.hits.documents

    def pages(self, size: int = PAGE) -> int:
        return max(1, -(-len(self.positions) // size))


def find_occurrences(corpus: Corpus, word: str, order: OccurrenceOrder = "document") -> Concordance:
    """Where `word` occurs. A word that the text does not have occurs nowhere."""
    return search_text(corpus, Search(word, order=order))


def search_text(corpus: Corpus, search: Search) -> Concordance:
    """What `search` finds: a few passes over the token ids.

    Raises:
        CorpusError: what was typed has no word in it, or too many.
    """
    if search.typed:
        positions, lengths = find_matches(corpus, parse_query(search.sought, corpus.options))
    else:
        token = corpus.words.index(search.sought) if search.sought in corpus.words else -1
        positions = np.flatnonzero(corpus.tokens == np.int32(token))
        lengths = np.ones(len(positions), np.int64)
    kept = _have_label(corpus, positions, search.label)
    if search.near:
        kept &= _are_near(corpus, positions, lengths, search.near)
    positions, lengths = positions[kept], lengths[kept]
    measured = _measure(corpus, positions, search.label)
    if search.order != "document":
        chosen = _spread(np.arange(len(positions)))
        chosen = chosen[_sort(corpus, positions[chosen], lengths[chosen], search.order)]
        positions, lengths = positions[chosen], lengths[chosen]
    return Concordance(search, *measured, positions, lengths)


def _documents_of(corpus: Corpus, positions: np.ndarray) -> np.ndarray:
    """The document of each position, from 0."""
    return np.searchsorted(corpus.document_starts, positions, side="right") - 1


def _have_label(corpus: Corpus, positions: np.ndarray, label: str | None) -> np.ndarray:
    if label is None:
        return np.ones(len(positions), bool)
    having = np.array([each == label for each in corpus.labels], bool)
    return np.asarray(having[_documents_of(corpus, positions)])


def _are_near(corpus: Corpus, positions: np.ndarray, lengths: np.ndarray, near: str) -> np.ndarray:
    """Which of these have `near` within `REACH` tokens before or after, in the same document."""
    begins, sizes = find_matches(corpus, parse_query(near, corpus.options))
    ends, documents = np.sort(begins + sizes), _documents_of(corpus, positions)
    first = np.maximum(positions - REACH, corpus.document_starts[documents])
    after = positions + lengths
    last = np.minimum(after + REACH, corpus.document_starts[documents + 1])
    before = np.searchsorted(ends, positions, side="right") > np.searchsorted(begins, first)
    return np.asarray(before | (np.searchsorted(ends, last, side="right") > np.searchsorted(begins, after)))


def _measure(
    corpus: Corpus, positions: np.ndarray, label: str | None
) -> tuple[HitCounts, tuple[tuple[str, HitCounts], ...], tuple[float, float], float | None]:
    """How often, by label, how surely, and how unevenly the documents have what stands at `positions`."""
    found = np.bincount(_documents_of(corpus, positions), minlength=corpus.n_documents)
    lengths = np.diff(corpus.document_starts)
    labels: dict[str | None, int] = {}
    group = np.array([labels.setdefault(each, len(labels)) for each in corpus.labels], np.int64)
    if label is not None:
        inside = group == labels.get(label, -1)
        found, lengths, group = found[inside], lengths[inside], group[inside]
    sums = (
        np.bincount(group, weights, len(labels)).astype(np.int64)
        for weights in (found, found > 0, np.ones(len(found)), lengths)
    )
    tallies = [HitCounts(*each) for each in zip(*(sum_.tolist() for sum_ in sums), strict=True)]
    by_label = [(name, tallies[place]) for name, place in labels.items() if name is not None and label in (None, name)]
    by_label.sort(key=lambda each: -each[1].per_million)
    whole = HitCounts(int(found.sum()), int((found > 0).sum()), len(found), int(lengths.sum()))
    low, high = rate_interval(found, lengths)
    return whole, tuple(by_label), (1e6 * low, 1e6 * high), deviation_of_proportions(found, lengths)


def _spread(positions: np.ndarray) -> np.ndarray:
    """At most `MOST_SORTED` of them, evenly spread."""
    if len(positions) <= MOST_SORTED:
        return positions
    return np.asarray(positions[np.linspace(0, len(positions) - 1, MOST_SORTED).astype(np.int64)])


def _sort(corpus: Corpus, positions: np.ndarray, lengths: np.ndarray, order: OccurrenceOrder) -> np.ndarray:
    """Order of `positions` by their next tokens to that side, alphabetical; the document's end comes first."""
    document = _documents_of(corpus, positions)
    begins, ends = corpus.document_starts[document], corpus.document_starts[document + 1]
    steps = np.arange(1, _SORTED_BY + 1)
    if order == "left":
        places = positions[:, None] - steps
    else:
        places = (positions if order == "word" else positions + lengths)[:, None] + steps - 1
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
    shown = slice((page - 1) * size, page * size)
    return tuple(_describe_all(corpus, found.positions[shown], found.lengths[shown], width))


def read_spread(corpus: Corpus, found: Concordance, width: int = WIDTH) -> tuple[Occurrence, ...]:
    """All occurrences in their order, or of very many `MOST_SORTED`, evenly spread."""
    chosen = _spread(np.arange(len(found.positions)))
    return tuple(_describe_all(corpus, found.positions[chosen], found.lengths[chosen], width))


def count_forms(corpus: Corpus, found: Concordance) -> list[tuple[str, int]]:
    """What was found in its different forms, the most frequent first; of very many those that are kept."""
    forms: list[tuple[str, int]] = []
    for length in np.unique(found.lengths).tolist():
        places = found.positions[found.lengths == length]
        rows, counts = np.unique(corpus.tokens[places[:, None] + np.arange(length)], axis=0, return_counts=True)
        names = (" ".join(corpus.words[token] for token in row) for row in rows.tolist())
        forms += zip(names, counts.tolist(), strict=True)
    return sorted(forms, key=lambda form: (-form[1], form[0]))


def locate_tokens(corpus: Corpus, occurrence: Occurrence) -> tuple[int, int, int]:
    """Its document, and the numbers of its first and its last token there, all from 0."""
    document = int(_documents_of(corpus, np.array(occurrence.position)))
    return document, occurrence.place - 1, occurrence.place + occurrence.length - 2


def write_occurrences_csv(occurrences: Iterable[Occurrence], passages: Iterable[Passage | None]) -> bytes:
    """Occurrences as CSV for spreadsheets: left context, hit, right context, document, label, position.

    As they were written, or where `passages` has None as tokens. UTF-8 with its mark; no cell that a spreadsheet would
    run as a formula. `position` is the token's number in its document, counted from 1.
    """
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(["left", "hit", "right", "document", "label", "position"])
    for each, passage in zip(occurrences, passages, strict=True):
        parts = passage or (" ".join(each.left), each.word, " ".join(each.right))
        cells: Sequence[str] = (*(part.strip() for part in parts), each.document, each.label or "")
        out.writerow([*map(plain_cell, cells), each.place])
    return text.getvalue().encode("utf-8-sig")


def _describe_all(corpus: Corpus, positions: np.ndarray, lengths: np.ndarray, width: int) -> Iterator[Occurrence]:
    documents = _documents_of(corpus, positions)
    for document, position, length in zip(documents.tolist(), positions.tolist(), lengths.tolist(), strict=True):
        begin, end = (int(corpus.document_starts[each]) for each in (document, document + 1))
        after = position + length
        yield Occurrence(
            document=corpus.document_names[document],
            label=corpus.labels[document],
            position=position,
            place=position - begin + 1,
            length=length,
            left=_read(corpus, max(begin, position - width), position, position),
            word=" ".join(corpus.words[token] for token in corpus.tokens[position:after].tolist()),
            right=_read(corpus, after, min(end, after + width), position),
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
