"""Passages of a text as they were written: its uploads are read again, because only their beginning is kept as read."""

import os
from collections.abc import Sequence
from pathlib import Path

from core.progress import Progress
from core.text.corpus import Corpus, load_corpus
from core.text.originals import Passage, find_spans, read_passage
from core.text.reading.documents import Document, read_documents
from core.text.reading.uploads import limits_from
from core.workspace.texts import TextChoice, load_uploads

TokenPlace = tuple[int, int]
"""A document, and the number of a token in it; from 0."""


def read_passages(
    progress: Progress, choice: TextChoice, corpus_folder: Path, places: tuple[TokenPlace, ...]
) -> tuple[Passage | None, ...]:
    """The passage of each place; None where the document as it was read does not fit its tokens.

    A plain function of picklable arguments, for a confined child.

    Raises:
        CorpusError: the uploads are no longer there.
        Cancelled: out of `progress`.
    """
    read = read_documents(load_uploads(choice.upload), choice.reading, limits_from(os.environ), progress)
    documents: Sequence[Document] = read.documents
    if choice.part is not None:
        chosen = choice.part.find((document.name, document.label) for document in documents)
        documents = [documents[place] for place in chosen.tolist()]
    corpus = load_corpus(corpus_folder)
    if len(documents) != corpus.n_documents:
        return (None,) * len(places)
    return find_passages(corpus, documents, places)


def find_passages(
    corpus: Corpus, documents: Sequence[Document], places: Sequence[TokenPlace]
) -> tuple[Passage | None, ...]:
    """The same of documents at hand, which are the corpus's first ones."""
    spans = {}
    for number in {number for number, _ in places}:
        words = [corpus.words[token] for token in corpus.document(number).tolist()]
        spans[number] = find_spans(documents[number], words, corpus.options)
    return tuple(
        None if (found := spans[number]) is None else read_passage(documents[number], found[place].tolist())
        for number, place in places
    )
