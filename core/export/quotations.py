"""Sentences for the words that a report is to explain: as they were written where that is kept, else as tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.system.typed_json import Record, read_record
from core.text.concordance import SENTENCE_MARK, Occurrence, find_occurrences, read_page
from core.text.corpus import Corpus
from core.text.quotes import Quote, find_quotes
from core.text.reading.documents import Document, Reading

QUOTED = 2
"""Sentences of each text for a word."""


@dataclass(frozen=True, slots=True)
class KeptReading(Record):
    """Of what is kept of a text (`core.workspace.texts`), the beginning of its documents as they were read."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class Quotation:
    """What one text says with a word.

    Attributes:
        quotes: sentences, or where `as_tokens` what stands around the word.
        total: how often the text has it.
        as_tokens: they were put together from tokens: the text as it was written is not kept, or has them too late.
    """

    quotes: tuple[Quote, ...]
    total: int
    as_tokens: bool = False


def read_documents_kept(path: Path | None) -> tuple[Document, ...]:
    """The first documents of a text as they were read; none where they are not kept."""
    try:
        return () if path is None else read_record(path, KeptReading).reading.documents
    except (OSError, ValueError):
        return ()


def quote_word(corpus: Corpus, documents: Sequence[Document], word: str) -> Quotation:
    """What `corpus` says with `word`; `documents` are the first of it, as they were read."""
    occurrences = find_occurrences(corpus, word)
    quotes = find_quotes(documents, word, corpus.options, QUOTED) if documents and occurrences.total else ()
    if quotes or not occurrences.total:
        return Quotation(quotes, occurrences.total)
    size = max(1, occurrences.total // QUOTED)
    pages = range(1, min(QUOTED, occurrences.total) + 1)
    found = [read_page(corpus, occurrences, page, size)[0] for page in pages]
    return Quotation(tuple(map(_write, found)), occurrences.total, as_tokens=True)


def _write(found: Occurrence) -> Quote:
    before, after = (" ".join(each for each in side if each != SENTENCE_MARK) for side in (found.left, found.right))
    return Quote(found.document, f"… {before} ", found.word, f" {after} …")
