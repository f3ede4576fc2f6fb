"""Uploads kept on disk as they came, and the text that they become under chosen options, kept beside them.

A kept text is found again after a restart, and a child process can make it: what stays in memory is little.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import CorpusError
from core.pretrained.joined_words import joined_words
from core.progress import Progress, portion, silent
from core.system.entries import is_kept
from core.system.files import cache_folder, digest_of, new_folder, room_for
from core.system.shelves import About, Shelf
from core.system.typed_json import Record, read_record, write_record
from core.text.corpus import Corpus, load_corpus, save_corpus
from core.text.opened import Copies, Reader, Text, find_copies, open_text, propose_options, relabel_by, take_part
from core.text.part import LabelSource, TextPart
from core.text.reading.allowances import hold_text
from core.text.reading.apart import load_readers
from core.text.reading.documents import Document, Reading, ReadOptions, read_documents
from core.text.reading.uploads import Upload, limits_from
from core.text.tokens.tokenisers import CorpusOptions

TEXTS_VERSION = "9"
"""Part of every kept text's identity: raise it when the same uploads no longer become the same text."""

SAMPLE_CHARACTERS = 1_000_000
"""So much of a kept text's documents is kept as it was read, to show it and to try other options on it."""

_BYTE_SECONDS = 1.4e-7
"""Of a byte of plain text or CSV, read and cut into words."""
_SLOW_FORMATS = (
    ".pdf",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".ods",
    ".docx",
    ".odt",
    ".epub",
    ".html",
    ".htm",
    ".xml",
    ".zip",
    ".gz",
)
_SLOWER = 8
"""So many times longer a byte of these takes than one of plain text."""


@dataclass(frozen=True, slots=True)
class TextChoice:
    """A text: which uploads, and how they are read and cut into words. Hashable.

    Attributes:
        upload: digest of the uploads as they came.
        reading: how documents are read from them.
        tokenising: how documents are cut into words.
        part: which of these documents are the text; None for all.
    """

    upload: str
    reading: ReadOptions = ReadOptions()
    tokenising: CorpusOptions = CorpusOptions()
    part: TextPart | None = None

    @property
    def key(self) -> str:
        """Names what they become."""
        part = () if self.part is None else (repr(self.part),)
        return digest_of(TEXTS_VERSION, self.upload, repr(self.reading), repr(self.tokenising), *part)

    @property
    def labelled_by(self) -> LabelSource:
        """Where the labels of its documents are from."""
        return LabelSource(column=self.reading.label_column, pattern=self.reading.label_pattern)

    def relabelled(self, by: LabelSource) -> "TextChoice":
        """The same documents with labels from elsewhere."""
        part = self.part if self.part is None or by == self.labelled_by else self.part.read_by(self.labelled_by)
        return replace(self, reading=replace(self.reading, label_column=by.column, label_pattern=by.pattern), part=part)

    @property
    def id(self) -> str:
        """Names the text, however it is read and cut into words: the same as long as its documents are meant."""
        if self.part is None:
            return digest_of("text", self.upload)
        by = self.reading.label_column, self.reading.label_pattern
        return digest_of("part", self.upload, repr(self.part), repr(by))


@dataclass(frozen=True, slots=True)
class TextSize:
    """Which corpus (digest) a text became, and how large it is."""

    corpus: str
    documents: int
    tokens: int


@dataclass(frozen=True, slots=True)
class _UploadNames(Record):
    names: tuple[str, ...]

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        """It was a bare list."""
        return {"names": values}


@dataclass(frozen=True, slots=True)
class OpenedUpload(Record):
    """Which corpus uploads became, and what it and its documents are called: the beginning of an `_OpenedText`."""

    corpus: str
    name: str
    upload: str = ""
    document_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _OpenedText(Record):
    """How a text was read. Its words are kept with other texts, under the digest `corpus`."""

    upload: str
    corpus: str
    name: str
    document_names: tuple[str, ...]
    reading: Reading
    copies: Copies


def _describe_opened(path: Path) -> About:
    opened = read_record(path, OpenedUpload)
    uses = {("uploads", opened.upload), ("texts", opened.corpus)}
    return About(opened.name, frozenset((kind, name) for kind, name in uses if name))


UPLOADS, OPENED = Shelf("uploads"), Shelf("opened", _describe_opened, ".json")


def name_uploads(uploads: Sequence[Upload]) -> str:
    """The digest under which `keep_uploads` keeps them."""
    return digest_of(*(part for upload in uploads for part in (upload.name, upload.data)))


def keep_uploads(uploads: Sequence[Upload]) -> str:
    """Put `uploads` into the cache folder as they came, so that other options read them anew; gives their digest.

    Raises:
        CorpusError: the disk is full.
    """
    digest = name_uploads(uploads)
    folder = cache_folder("uploads", digest)
    if not is_kept(folder):
        with room_for("The text", CorpusError), new_folder(folder) as new:
            write_record(new / "names.json", _UploadNames(tuple(upload.name for upload in uploads)))
            for number, upload in enumerate(uploads):
                (new / f"{number}.bin").write_bytes(upload.data)
    return digest


def load_uploads(digest: str) -> tuple[Upload, ...]:
    """What `keep_uploads` kept.

    Raises:
        CorpusError: it is no longer there.
    """
    folder = cache_folder("uploads", digest)
    names = upload_names(digest)
    return tuple(Upload(name, (folder / f"{number}.bin").read_bytes()) for number, name in enumerate(names))


def has_uploads(digest: str) -> bool:
    """Whether uploads of this digest are kept."""
    return cache_folder("uploads", digest).is_dir()


def upload_names(digest: str) -> tuple[str, ...]:
    """Names of kept uploads, in their order.

    Raises:
        CorpusError: they are no longer there.
    """
    try:
        return read_record(cache_folder("uploads", digest) / "names.json", _UploadNames).names
    except (OSError, ValueError) as error:
        raise CorpusError("The uploaded text is no longer in the cache folder. Upload it again.") from error


def estimate_reading_seconds(digest: str) -> float:
    """Seconds that reading kept uploads takes on one core."""
    return 0.2 + _BYTE_SECONDS * _weigh(digest)


def _weigh(digest: str) -> int:
    """Bytes of plain text that take as long to read as these uploads."""
    folder = cache_folder("uploads", digest)
    return sum(
        (folder / f"{number}.bin").stat().st_size * (_SLOWER if name.lower().endswith(_SLOW_FORMATS) else 1)
        for number, name in enumerate(upload_names(digest))
    )


def propose_reading(progress: Progress, digest: str) -> ReadOptions:
    """`propose_options` for kept uploads; of picklable arguments, for a confined child.

    Raises:
        CorpusError: they are no longer there.
    """
    return propose_options(load_uploads(digest))


def prepare_reading() -> None:
    """Load all that reading texts needs and use it once, for the child that reads them."""
    load_readers()
    open_text([Upload("a.csv", b"text,n\nSome words.,1\nOther words.,2\n"), Upload("b.txt", b"Some words.")])
    gc.collect()
    gc.freeze()


def open_uploads(
    uploads: Sequence[Upload],
    reading: ReadOptions = ReadOptions(),
    tokenising: CorpusOptions = CorpusOptions(),
    progress: Progress = silent,
    *,
    part: TextPart | None = None,
    read: Reader = read_documents,
) -> Text:
    """`open_text`, with the joined words of the vectors file that `tokenising` names.

    Raises:
        CorpusError: there is no word in `uploads`, or none could be read.
        PretrainedError: the vectors file cannot be read.
        Cancelled: out of `progress`.
    """
    if not (tokenising.phrases and tokenising.phrase_file):
        return open_text(uploads, reading, tokenising, progress, part=part, read=read)
    member = tokenising.phrase_member or None
    known = joined_words(Path(tokenising.phrase_file), member, portion(progress, 0, 0.1))
    rest = portion(progress, 0.1, 1)
    return open_text(uploads, reading, tokenising, rest, joined_words=known, part=part, read=read)


def kept_corpus(key: str) -> str | None:
    """Digest of what the choice of this key became; None where it is not kept."""
    try:
        return read_record(opened_file(key), OpenedUpload).corpus
    except (OSError, ValueError):
        return None


def opened_names(key: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Which corpus (digest) the choice of this key became, and what it and its documents are called.

    None where it is not kept.
    """
    try:
        opened = read_record(opened_file(key), OpenedUpload)
    except (OSError, ValueError):
        return None
    return opened.corpus, opened.name, opened.document_names


def measure_text(choice: TextChoice) -> TextSize:
    """How large a kept text is; costs no look at its tokens.

    Raises:
        CorpusError: it is not kept.
    """
    try:
        opened = read_record(opened_file(choice.key), OpenedUpload)
        tokens = np.load(cache_folder("texts", opened.corpus) / "tokens.npy", mmap_mode="r")
    except (OSError, ValueError) as error:
        raise CorpusError("This text is not read yet.") from error
    return TextSize(opened.corpus, len(opened.document_names), len(tokens))


def opened_file(key: str) -> Path:
    """Where it is kept what the choice of this key became."""
    return cache_folder("opened", f"{key}.json")


def has_text(choice: TextChoice) -> bool:
    """Whether that text is kept."""
    corpus = kept_corpus(choice.key)
    return corpus is not None and cache_folder("texts", corpus).is_dir()


def keep_text(progress: Progress, choice: TextChoice) -> str:
    """Read and cut kept uploads and keep what they become; gives its key.

    A plain function of picklable arguments, for a background job.

    Raises:
        CorpusError: no text comes of them, or the disk is full.
        Cancelled: out of `progress`.
    """
    uploads = load_uploads(choice.upload)
    text = open_uploads(uploads, choice.reading, choice.tokenising, portion(progress, 0, 0.9), part=choice.part)
    _keep(choice, text, portion(progress, 0.9, 1))
    return choice.key


def keep_texts(progress: Progress, choices: Sequence[TextChoice]) -> None:
    """`keep_text` for several texts; parts of one text are made of one reading.

    Raises:
        CorpusError, Cancelled: as `keep_text`; texts before the one that cannot be read are kept.
    """
    wholes = list(dict.fromkeys(replace(choice, part=None) for choice in choices))
    for number, whole in enumerate(wholes):
        report = portion(progress, number / len(wholes), (number + 1) / len(wholes))
        parts = [each.part for each in choices if each.part is not None and replace(each, part=None) == whole]
        if whole in choices:
            keep_text(portion(report, 0, 0.5 if parts else 1), whole)
        if parts:
            keep_parts(portion(report, 0.5 if whole in choices else 0, 1), whole, parts)


def keep_parts(progress: Progress, whole: TextChoice, parts: Sequence[TextPart]) -> None:
    """`keep_text` for several parts of a text, which is read once.

    Raises:
        CorpusError, Cancelled: as `keep_text`; parts before the one that has no word are kept.
    """
    uploads = load_uploads(whole.upload)
    text = open_uploads(uploads, whole.reading, whole.tokenising, portion(progress, 0, 0.6))
    relabel = relabel_by(uploads, whole.reading, text.corpus.document_names)
    for number, part in enumerate(parts):
        begin, end = (0.6 + 0.4 * place / len(parts) for place in (number, number + 1))
        _keep(replace(whole, part=part), take_part(text, part, relabel), portion(progress, begin, end))


def _keep(choice: TextChoice, text: Text, progress: Progress) -> None:
    with hold_text(sum(len(document.text) for document in text.reading.documents), limits_from(os.environ)):
        copies = find_copies(text.corpus, progress)
    corpus, read = text.corpus, replace(text.reading, documents=tuple(_first(text.reading.documents)))
    folder = cache_folder("texts", corpus.digest)
    with room_for("The text", CorpusError):
        if not is_kept(folder):
            save_corpus(corpus, folder)
        opened = _OpenedText(choice.upload, corpus.digest, corpus.name, corpus.document_names, read, copies)
        write_record(opened_file(choice.key), opened)


def kept_text(choice: TextChoice, keep: Callable[[TextChoice], object] | None = None) -> Text:
    """That text: from where it is kept, or made and kept now.

    `keep` does so, where it is not to happen in this process.

    Raises:
        CorpusError: no text comes of the uploads, or the disk is full.
    """
    keep = keep or partial(keep_text, silent)
    if not has_text(choice):
        keep(choice)
    try:
        opened = read_record(opened_file(choice.key), _OpenedText)
    except (OSError, ValueError):  # damaged: the uploads tell it again
        keep(choice)
        opened = read_record(opened_file(choice.key), _OpenedText)
    corpus = load_corpus(cache_folder("texts", opened.corpus))
    # The same content may have been kept under other names before.
    corpus = replace(corpus, name=opened.name, document_names=opened.document_names, options=_options(choice, corpus))
    return Text(opened.reading, corpus, opened.copies)


def _options(choice: TextChoice, corpus: Corpus) -> CorpusOptions:
    """Those chosen; whether the text was found to be Turkish is the corpus's to know."""
    chosen = choice.tokenising
    return chosen if chosen.turkish is not None else replace(chosen, turkish=corpus.options.turkish)


def _first(documents: Sequence[Document]) -> Iterator[Document]:
    """The first documents, the last one cut, that have `SAMPLE_CHARACTERS` together."""
    left = SAMPLE_CHARACTERS
    for document in documents:
        yield replace(document, text=document.text[:left])
        left -= len(document.text) + 100  # many tiny documents cost something too
        if left <= 0:
            return
