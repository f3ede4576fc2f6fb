"""Uploads become a text: documents, tokens, a corpus, and which documents are near-copies of others."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import CorpusError
from core.progress import Progress, portion, silent
from core.text.corpus import Corpus, CorpusOptions, build_corpus
from core.text.reading.documents import Reading, ReadOptions, preview_table, read_documents
from core.text.reading.uploads import Upload, limits_from

_EXAMPLES = 200


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """What a user brought: how it was read, and the corpus it became.

    Of a kept text, `reading.documents` are only the first ones, `SAMPLE_CHARACTERS` of them, and `copies` is known.
    """

    reading: Reading
    corpus: Corpus
    copies: "Copies | None" = None


@dataclass(frozen=True, slots=True)
class Copies:
    """Documents that are nearly the same as an earlier one.

    Attributes:
        documents: how many there are.
        share: of all tokens, how many are in them; 0 to 1.
        examples: (earlier document, its near-copy, estimated Jaccard similarity) of some, the most similar first.
    """

    documents: int
    share: float
    examples: tuple[tuple[str, str, float], ...]


def open_text(
    uploads: Sequence[Upload],
    reading: ReadOptions = ReadOptions(),
    tokenising: CorpusOptions = CorpusOptions(),
    progress: Progress = silent,
    *,
    joined_words: Sequence[str] = (),
) -> Text:
    """Read and tokenise `uploads`.

    `joined_words` are those of the vectors file that `tokenising` names (`core.workspace.texts.read_text` finds them).

    Raises:
        CorpusError: there is no word in them, or none could be read.
        Cancelled: out of `progress`.
    """
    read = read_documents(uploads, reading, limits_from(os.environ), portion(progress, 0, 0.5))
    left_out = {problem.file for problem in read.problems if not problem.used}
    used = [upload.name for upload in uploads if upload.name not in left_out] or [upload.name for upload in uploads]
    name = used[0] if len(used) == 1 else f"{used[0]} and {len(used) - 1} more"
    corpus = build_corpus(
        read.documents, tokenising, name=name, known_phrases=joined_words, progress=portion(progress, 0.5, 1)
    )
    return Text(read, corpus)


def propose_options(uploads: Sequence[Upload]) -> ReadOptions:
    """How to read `uploads`: of a table that came alone, with the columns that look like label and id."""
    if len(uploads) != 1:
        return ReadOptions()
    try:
        table = preview_table(uploads[0])
    except CorpusError:
        return ReadOptions()  # reading it will say what is wrong
    if table is None:
        return ReadOptions()
    return ReadOptions(label_column=table.label_column, id_column=table.id_column)


def find_copies(corpus: Corpus, progress: Progress) -> Copies:
    """Near-copies among the documents of `corpus`."""
    from core.text.duplicates import near_duplicates_of_tokens

    found = near_duplicates_of_tokens(corpus.tokens, corpus.document_starts, progress)
    best = np.argsort(-found.similarities, kind="stable")[:_EXAMPLES]
    names = corpus.document_names
    examples = [
        (names[earlier], names[later], float(similarity))
        for (earlier, later), similarity in zip(found.pairs[best].tolist(), found.similarities[best], strict=True)
    ]
    return Copies(int(found.copies.sum()), found.share, tuple(examples))
