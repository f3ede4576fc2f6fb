"""Uploads kept on disk as they came, and the text that they become under chosen options, kept beside them.

A kept text is found again after a restart, and a child process can make it: what stays in memory is little.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from core.errors import CorpusError
from core.pretrained.joined_words import joined_words
from core.progress import Progress, portion, silent
from core.system.files import cache_folder, digest_of, new_folder, read_json, room_for, write_json
from core.text.corpus import CorpusOptions, load_corpus, save_corpus
from core.text.opened import Copies, Text, find_copies, open_text
from core.text.reading.columns import Table
from core.text.reading.documents import Document, Reading, ReadOptions
from core.text.reading.uploads import Problem, Upload

TEXTS_VERSION = "5"
"""Part of every kept text's identity: raise it when the same uploads no longer become the same text."""

SAMPLE_CHARACTERS = 1_000_000
"""So much of a kept text's documents is kept as it was read, to show it and to try other options on it."""

QUICK_TEXT_BYTES = 2_000_000
_SLOW_FORMATS = (".pdf", ".xlsx", ".xlsm", ".xls", ".ods", ".docx", ".html", ".htm", ".xml", ".zip", ".gz")
_SLOWER = 8
"""So many times longer a byte of these takes than one of plain text."""


def keep_uploads(uploads: Sequence[Upload]) -> str:
    """Put `uploads` into the cache folder as they came, so that other options read them anew; gives their digest.

    Raises:
        CorpusError: the disk is full.
    """
    digest = digest_of(*(part for upload in uploads for part in (upload.name, upload.data)))
    folder = cache_folder("uploads", digest)
    if not folder.exists():
        with room_for("The text", folder.parent, CorpusError), new_folder(folder) as new:
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
    return sum(weights) <= QUICK_TEXT_BYTES


def _names_in(digest: str) -> list[str]:
    path = cache_folder("uploads", digest) / "names.json"
    if not path.exists():
        raise CorpusError("The uploaded text is no longer in the cache folder. Upload it again.")
    names: list[str] = read_json(path)
    return names


def open_uploads(
    uploads: Sequence[Upload],
    reading: ReadOptions = ReadOptions(),
    tokenising: CorpusOptions = CorpusOptions(),
    progress: Progress = silent,
) -> Text:
    """`open_text`, with the joined words of the vectors file that `tokenising` names.

    Raises:
        CorpusError: there is no word in `uploads`, or none could be read.
        PretrainedError: the vectors file cannot be read.
        Cancelled: out of `progress`.
    """
    if not (tokenising.phrases and tokenising.phrase_file):
        return open_text(uploads, reading, tokenising, progress)
    member = tokenising.phrase_member or None
    known = joined_words(Path(tokenising.phrase_file), member, portion(progress, 0, 0.1))
    return open_text(uploads, reading, tokenising, portion(progress, 0.1, 1), joined_words=known)


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
    text = open_uploads(load_uploads(upload), reading, tokenising, portion(progress, 0, 0.9))
    copies = find_copies(text.corpus, portion(progress, 0.9, 1))
    key = text_key(upload, reading, tokenising)
    corpus, read = text.corpus, replace(text.reading, documents=tuple(_first(text.reading.documents)))
    folder = cache_folder("texts", corpus.digest)
    with room_for("The text", folder.parent, CorpusError):
        if not folder.exists():
            save_corpus(corpus, folder)
        names = {"name": corpus.name, "document_names": corpus.document_names}
        record = {"upload": upload, "corpus": corpus.digest, **names}
        write_json(_record(key), {**record, "reading": asdict(read), "copies": asdict(copies)})
    return key


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
