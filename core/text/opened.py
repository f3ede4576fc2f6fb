"""Uploads become a text: documents, tokens, a corpus, and which documents repeat earlier ones."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from core.errors import CorpusError
from core.progress import Progress, portion, silent
from core.text.corpus import Corpus, build_corpus
from core.text.duplicates import find_repeats
from core.text.part import LabelSource, Relabel, TextPart
from core.text.parts import take_documents
from core.text.reading.allowances import hold_text
from core.text.reading.archives import names_in
from core.text.reading.documents import Reading, ReadOptions, preview_table, read_documents
from core.text.reading.name_labels import guess_pattern, label_in_name
from core.text.reading.text_names import propose_name
from core.text.reading.uploads import Limits, Upload, limits_from
from core.text.tokens.tokenisers import CorpusOptions

Reader = Callable[[Sequence[Upload], ReadOptions, Limits, Progress], Reading]

_EXAMPLES = 200
_LOOKED_AT = 20_000
"""So many names of files tell whether they have labels."""
_PROPOSING_SECONDS = 5


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
    """Documents that say nearly word for word what earlier ones said.

    Attributes:
        documents: how many there are.
        share: of all tokens, how many are in them; 0 to 1.
        examples: (earlier document, the one that repeats it, share of its sequences of five tokens that are in the
            earlier one) of some, the most alike first.
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
    part: TextPart | None = None,
    read: Reader = read_documents,
) -> Text:
    """Read and tokenise `uploads`.

    Args:
        part: which documents of them are the text; None for all. Where words are joined, and where sentence ends are
            learnt from the text, all of them tell.
        joined_words: those of the vectors file that `tokenising` names (`open_uploads` finds them).
        read: what reads the documents; `read_apart` does so in a confined child.

    Raises:
        CorpusError: there is no word in them, or none could be read, or `part` has none of them.
        Cancelled: out of `progress`.
    """
    limits = limits_from(os.environ)
    found = read(uploads, reading, limits, portion(progress, 0, 0.5))
    left_out = {problem.file for problem in found.problems if not problem.used}
    used = [upload.name for upload in uploads if upload.name not in left_out] or [upload.name for upload in uploads]
    name = used[0] if len(used) == 1 else propose_name(used)
    with hold_text(sum(len(document.text) for document in found.documents), limits):
        corpus = build_corpus(
            found.documents, tokenising, name=name, known_phrases=joined_words, progress=portion(progress, 0.5, 1)
        )
    text = Text(found, corpus)
    return text if part is None else take_part(text, part, relabel_by(uploads, reading, corpus.document_names, read))


def relabel_by(
    uploads: Sequence[Upload], reading: ReadOptions, names: Sequence[str], read: Reader = read_documents
) -> Relabel:
    """The labels that documents have by another source: in their names, or in a column that is read for it.

    Args:
        uploads: where the documents are from.
        reading: how they were read.
        names: theirs, in their order.
        read: what reads them again.
    """

    @cache
    def relabel(source: LabelSource) -> Sequence[str | None]:
        if source.column is None:
            return [source.pattern and label_in_name(name, source.pattern) for name in names]
        options = replace(reading, label_column=source.column, label_pattern=source.pattern)
        again = read(uploads, options, limits_from(os.environ), silent).documents
        if tuple(document.name for document in again) == tuple(names):
            return [document.label for document in again]
        labels = {document.name: document.label for document in again}  # a file that lacks the column is left out
        return [labels.get(name) for name in names]

    return relabel


def take_part(text: Text, part: TextPart, relabel: Relabel) -> Text:
    """Some documents of `text` as a text of their own; `text` has all of its documents as they were read.

    Raises:
        CorpusError: there is none of them, or not one has a word.
    """
    corpus = text.corpus
    chosen = part.find(zip(corpus.document_names, corpus.labels, strict=True), relabel)
    chosen = chosen[np.diff(corpus.document_starts)[chosen] > 0]
    taken = take_documents(corpus, chosen, f"{corpus.name}, {part.full_name}")
    return Text(replace(text.reading, documents=tuple(text.reading.documents[place] for place in chosen)), taken)


def propose_options(uploads: Sequence[Upload]) -> ReadOptions:
    """How to read `uploads`.

    Of a table that came alone, with the columns that look like label and id; of several files, in archives too, with
    the labels that their names seem to have.
    """
    names = [name for upload in uploads for name in names_in(upload, _LOOKED_AT)]
    if len(names) > 1:
        return ReadOptions(label_pattern=guess_pattern(names[:_LOOKED_AT]))
    limits = limits_from(os.environ)
    limits = replace(limits, file_seconds=min(limits.file_seconds, _PROPOSING_SECONDS))
    try:
        table = preview_table(uploads[0], limits=limits)
    except CorpusError:
        return ReadOptions()  # reading it will say what is wrong
    if table is None:
        return ReadOptions()
    return ReadOptions(label_column=table.label_column, id_column=table.id_column)


def find_copies(corpus: Corpus, progress: Progress) -> Copies:
    """The documents of `corpus` that repeat earlier ones."""
    starts, names = corpus.document_starts, corpus.document_names
    found = find_repeats(corpus.tokens, starts, examples=_EXAMPLES, progress=progress)
    share = float(np.diff(starts)[found.repeated].sum() / max(1, len(corpus.tokens)))
    examples = tuple((names[earlier], names[later], similarity) for earlier, later, similarity in found.examples)
    return Copies(int(found.repeated.sum()), share, examples)
