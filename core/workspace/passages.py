"""Passages of a text as they were written: its uploads are read again, because only their beginning is kept as read."""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.errors import CorpusError
from core.progress import Progress
from core.system.files import cache_folder, room_for
from core.system.unfinished import give_up, make_claimed, remove
from core.text.concordance import (
    Search,
    locate_tokens,
    read_spread,
    search_text,
    write_occurrences_csv,
)
from core.text.corpus import Corpus, load_corpus
from core.text.opened import relabel_by
from core.text.originals import Passage, find_spans, read_passage
from core.text.reading.documents import Document, read_documents
from core.text.reading.uploads import limits_from
from core.workspace.texts import TextChoice, load_uploads

TokenPlace = tuple[int, int, int]
"""A document, and the numbers of the first and the last token in it; from 0."""
_REACH = 120
"""Letters on each side of an occurrence in a file."""


def read_passages(
    progress: Progress, choice: TextChoice, corpus_folder: Path, places: tuple[TokenPlace, ...]
) -> tuple[Passage | None, ...]:
    """The passage of each place; None where the document as it was read does not fit its tokens.

    A plain function of picklable arguments, for a confined child.

    Raises:
        CorpusError: the uploads are no longer there.
        Cancelled: out of `progress`.
    """
    corpus = load_corpus(corpus_folder)
    return find_passages(corpus, _read_again(progress, choice, corpus), places)


def write_concordance(
    progress: Progress, choice: TextChoice | None, corpus_folder: Path, search: Search, path: Path
) -> None:
    """Write what `search` finds to `path` as CSV (`write_occurrences_csv`), as it was written where that is known.

    A plain function of picklable arguments, for a confined child.

    Raises:
        CorpusError: the uploads are no longer there, or the disk is full.
        Cancelled: out of `progress`.
    """
    corpus = load_corpus(corpus_folder)
    occurrences = read_spread(corpus, search_text(corpus, search))
    passages: Sequence[Passage | None] = [None] * len(occurrences)
    if choice is not None:
        documents = _read_again(progress, choice, corpus)
        places = [locate_tokens(corpus, each) for each in occurrences]
        passages = find_passages(corpus, documents, places, _REACH)
    with room_for("The file", CorpusError):
        path.write_bytes(write_occurrences_csv(occurrences, passages))


@contextmanager
def unkept_file() -> Iterator[Path]:
    """A file for a child to leave an answer in that is too large for a pipe; it is gone afterwards.

    Sentences of somebody's text are in it, so a sweep takes it, too, if this process is killed.
    """
    folder = cache_folder("exports")
    folder.mkdir(parents=True, exist_ok=True)
    path, claim = make_claimed(lambda: _make_file(folder))
    try:
        yield path
    finally:
        give_up(claim)
        remove(path)


def _make_file(folder: Path) -> Path:
    number, name = tempfile.mkstemp(prefix=".lines-", dir=folder)
    os.close(number)
    return Path(name)


def _read_again(progress: Progress, choice: TextChoice, corpus: Corpus) -> Sequence[Document]:
    """The documents of `corpus` as they were read; none where it is another text by now."""
    uploads = load_uploads(choice.upload)
    read = read_documents(uploads, choice.reading, limits_from(os.environ), progress)
    documents: Sequence[Document] = read.documents
    if choice.part is not None:
        relabel = relabel_by(uploads, choice.reading, [document.name for document in documents])
        chosen = choice.part.find(((document.name, document.label) for document in documents), relabel)
        documents = [documents[place] for place in chosen.tolist()]
    return documents if len(documents) == corpus.n_documents else ()


def find_passages(
    corpus: Corpus, documents: Sequence[Document], places: Sequence[TokenPlace], reach: int = 600
) -> tuple[Passage | None, ...]:
    """The same of documents at hand, which are the corpus's first ones, with `reach` letters on each side."""
    found: list[Passage | None] = [None] * len(places)
    rows: dict[int, list[int]] = defaultdict(list)
    for row, (number, _, _) in enumerate(places):
        rows[number].append(row)
    for number in rows:
        if number >= len(documents):
            continue
        words = [corpus.words[token] for token in corpus.document(number).tolist()]
        spans = find_spans(documents[number], words, corpus.options)
        if spans is None:
            continue
        for row in rows[number]:
            _, first, last = places[row]
            found[row] = read_passage(documents[number], (int(spans[first, 0]), int(spans[last, 1])), reach)
    return tuple(found)
