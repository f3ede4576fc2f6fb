"""Uploads kept on disk as they came, and the corpus that they become under chosen options, kept beside them.

A kept text is found again after a restart, and a child process can make it: what stays in memory is little.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import CorpusError
from core.progress import Progress, portion, silent
from core.system.files import cache_folder, digest_of, new_folder, read_json, write_json
from core.text.corpus import Corpus, CorpusOptions, build_corpus, load_corpus, save_corpus
from core.text.reading.columns import Table
from core.text.reading.documents import Document, Reading, ReadOptions, preview_table, read_documents
from core.text.reading.uploads import Problem, Upload, limits_from

TEXTS_VERSION = "4"
"""Part of every kept text's identity: raise it when the same uploads no longer become the same text."""

SAMPLE_CHARACTERS = 1_000_000
"""So much of a kept text's documents is kept as it was read, to show it and to try other options on it."""

QUICK_BYTES = 2_000_000
_EXAMPLES = 200
_SLOW_FORMATS = (".pdf", ".xlsx", ".docx", ".html", ".htm", ".xml", ".zip", ".gz")
_SLOWER = 8
"""So many times longer a byte of these takes than one of plain text."""


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


def keep_uploads(uploads: Sequence[Upload]) -> str:
    """Put `uploads` into the cache folder as they came, so that other options read them anew; gives their digest.

    Raises:
        CorpusError: the disk is full.
    """
    digest = digest_of(*(part for upload in uploads for part in (upload.name, upload.data)))
    folder = cache_folder("uploads", digest)
    if not folder.exists():
        with _room_for(folder), new_folder(folder) as new:
            write_json(new / "names.json", [upload.name for upload in uploads])
            for number, upload in enumerate(uploads):
                (new / f"{number}.bin").write_bytes(upload.data)
    return digest


def load_uploads(digest: str) -> tuple[Upload, ...]:
    """What `keep_uploads` kept.

    Raises:
        CorpusError: it is no longer there.
    """
    folder = cache_folder("uploads", digest)
    return tuple(Upload(name, (folder / f"{number}.bin").read_bytes()) for number, name in enumerate(_names_in(digest)))


def upload_names(digest: str) -> tuple[str, ...]:
    """Names of kept uploads, in their order.

    Raises:
        CorpusError: they are no longer there.
    """
    return tuple(_names_in(digest))


def reads_quickly(digest: str) -> bool:
    """Whether kept uploads become a text in a second or so: then nobody need wait for a background job."""
    folder = cache_folder("uploads", digest)
    weights = [
        (folder / f"{number}.bin").stat().st_size * (_SLOWER if name.lower().endswith(_SLOW_FORMATS) else 1)
        for number, name in enumerate(_names_in(digest))
    ]
    return sum(weights) <= QUICK_BYTES


def _names_in(digest: str) -> list[str]:
    path = cache_folder("uploads", digest) / "names.json"
    if not path.exists():
        raise CorpusError("The uploaded text is no longer in the cache folder. Upload it again.")
    names: list[str] = read_json(path)
    return names


def open_text(
    uploads: Sequence[Upload],
    reading: ReadOptions = ReadOptions(),
    tokenising: CorpusOptions = CorpusOptions(),
    progress: Progress = silent,
) -> Text:
    """Read and tokenise `uploads`.

    Raises:
        CorpusError: there is no word in them, or none could be read.
        PretrainedError: the options name a vectors file for its joined words, and it cannot be read.
        Cancelled: out of `progress`.
    """
    read = read_documents(uploads, reading, limits_from(os.environ), portion(progress, 0, 0.5))
    left_out = {problem.file for problem in read.problems if not problem.used}
    used = [upload.name for upload in uploads if upload.name not in left_out] or [upload.name for upload in uploads]
    name = used[0] if len(used) == 1 else f"{used[0]} and {len(used) - 1} more"
    known = _known_phrases(tokenising, portion(progress, 0.5, 0.6))
    corpus = build_corpus(
        read.documents, tokenising, name=name, known_phrases=known, progress=portion(progress, 0.6, 1)
    )
    return Text(read, corpus)


def _known_phrases(tokenising: CorpusOptions, progress: Progress) -> tuple[str, ...]:
    from core.pretrained.joined_words import joined_words

    if not tokenising.phrases or not tokenising.phrase_file:
        return ()
    return joined_words(Path(tokenising.phrase_file), tokenising.phrase_member or None, progress)


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


def text_key(upload: str, reading: ReadOptions, tokenising: CorpusOptions) -> str:
    """Names the text that the uploads of digest `upload` become under these options."""
    return digest_of(TEXTS_VERSION, upload, repr(reading), repr(tokenising))


def has_text(upload: str, reading: ReadOptions, tokenising: CorpusOptions) -> bool:
    """Whether that text is kept."""
    record = _record(text_key(upload, reading, tokenising))
    return record.exists() and cache_folder("texts", read_json(record)["corpus"]).is_dir()


def keep_text(progress: Progress, upload: str, reading: ReadOptions, tokenising: CorpusOptions) -> str:
    """Read and tokenise kept uploads and keep what they become; gives its key.

    A plain function of picklable arguments, for a background job.

    Raises:
        CorpusError: no text comes of them, or the disk is full.
        Cancelled: out of `progress`.
    """
    text = open_text(load_uploads(upload), reading, tokenising, portion(progress, 0, 0.9))
    copies = _find_copies(text.corpus, portion(progress, 0.9, 1))
    key = text_key(upload, reading, tokenising)
    corpus, read = text.corpus, replace(text.reading, documents=tuple(_first(text.reading.documents)))
    folder = cache_folder("texts", corpus.digest)
    with _room_for(folder):
        if not folder.exists():
            save_corpus(corpus, folder)
        names = {"name": corpus.name, "document_names": corpus.document_names}
        record = {"upload": upload, "corpus": corpus.digest, **names}
        write_json(_record(key), {**record, "reading": asdict(read), "copies": asdict(copies)})
    return key


def _find_copies(corpus: Corpus, progress: Progress) -> Copies:
    from core.text.duplicates import near_duplicates_of_tokens

    found = near_duplicates_of_tokens(corpus.tokens, corpus.document_starts, progress)
    best = np.argsort(-found.similarities, kind="stable")[:_EXAMPLES]
    names = corpus.document_names
    examples = [
        (names[earlier], names[later], float(similarity))
        for (earlier, later), similarity in zip(found.pairs[best].tolist(), found.similarities[best], strict=True)
    ]
    return Copies(int(found.copies.sum()), found.share, tuple(examples))


def kept_text(upload: str, reading: ReadOptions, tokenising: CorpusOptions) -> Text:
    """That text: from where it is kept, or made and kept now.

    Raises:
        CorpusError: no text comes of the uploads, or the disk is full.
    """
    if not has_text(upload, reading, tokenising):
        keep_text(silent, upload, reading, tokenising)
    record = read_json(_record(text_key(upload, reading, tokenising)))
    corpus = load_corpus(cache_folder("texts", record["corpus"]))
    # The same content may have been kept under other names before.
    names = tuple(record["document_names"])
    corpus = replace(corpus, name=record["name"], document_names=names, options=tokenising)
    copies = record["copies"]
    examples = tuple((earlier, later, similarity) for earlier, later, similarity in copies["examples"])
    return Text(_reading(record["reading"]), corpus, Copies(copies["documents"], copies["share"], examples))


def _reading(about: dict[str, Any]) -> Reading:
    """What `asdict` made JSON of."""
    tables = {
        name: Table(**{**table, "columns": tuple(table["columns"]), "rows": tuple(map(tuple, table["rows"]))})
        for name, table in about["tables"].items()
    }
    return Reading(
        **{
            **about,
            "documents": tuple(Document(**document) for document in about["documents"]),
            "problems": tuple(Problem(**problem) for problem in about["problems"]),
            "tables": tables,
        }
    )


def _record(key: str) -> Path:
    return cache_folder("opened", f"{key}.json")


def _first(documents: Sequence[Document]) -> Iterator[Document]:
    """The first documents, the last one cut, that have `SAMPLE_CHARACTERS` together."""
    left = SAMPLE_CHARACTERS
    for document in documents:
        yield replace(document, text=document.text[:left])
        left -= len(document.text) + 100  # many tiny documents cost something too
        if left <= 0:
            return


@contextmanager
def _room_for(folder: Path) -> Iterator[None]:
    """A full disk becomes a `CorpusError` that names the place."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise CorpusError(
            f"The disk is full: the text cannot be kept in {folder.parent}. Free some space and try again."
        ) from error
