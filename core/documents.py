"""Uploaded bytes become documents: names and texts, one per file, line, paragraph or row of a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.archives import Budget, is_litter, unpack
from core.contents import Content, read_content
from core.errors import CorpusError
from core.kinds import EXTENSIONS, kind_of
from core.progress import Progress, silent
from core.sheets import Sheet
from core.tables import Table, describe, texts_of
from core.units import Unit, cut, guess_unit, guess_unit_of
from core.uploads import LIMITS, Limits, Problem, Upload, check_size, readable_size

__all__ = [
    "EXTENSIONS",
    "LIMITS",
    "Document",
    "Limits",
    "Problem",
    "ReadOptions",
    "Reading",
    "Table",
    "Unit",
    "Upload",
    "guess_unit",
    "preview_table",
    "read_documents",
]


@dataclass(frozen=True, slots=True)
class Document:
    """One document: what held-out splits, noise floors and citations count in."""

    name: str
    text: str
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How uploads are read. Hashable.

    Attributes:
        unit: what a document is in running text; "auto" guesses. A row of a table is a document, unless "file".
        encoding: of every text file; None finds it out.
        text_column: of tables; None guesses it.
        label_column, id_column: of tables; None uses no label, and names documents by row.
        header: whether the first row of tables names the columns; None guesses.
    """

    unit: Literal["auto", "file", "line", "paragraph"] = "auto"
    encoding: str | None = None
    text_column: str | None = None
    label_column: str | None = None
    id_column: str | None = None
    header: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Documents and how they were read.

    Attributes:
        documents: never empty; each has a letter or digit in it.
        unit: what a document is; where there are only tables, "line" stands for a row.
        guessed: `unit` was guessed.
        encodings: of each text file, as used.
        samples: text around the first character outside ASCII, of files whose encoding was guessed or chosen.
        problems: files that were left out, and remarks on files that were used.
        tables: of each file that is one, or sheet of it, as it was read.
    """

    documents: tuple[Document, ...]
    unit: Unit
    guessed: bool
    encodings: Mapping[str, str] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)


def read_documents(
    uploads: Sequence[Upload],
    options: ReadOptions = ReadOptions(),
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Reading:
    """Documents of `uploads`. A bad file among good ones is left out and named in `problems`.

    Raises:
        CorpusError: nothing is usable, or all of it is too much; the message names the files and the remedies.
        Cancelled: out of `progress`.
    """
    contents: list[tuple[Content, list[Document]]] = []
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    for file in _files_of(uploads, limits, progress):
        if isinstance(file, Problem):
            problems.append(file)
            continue
        try:
            content = read_content(file, limits, options.encoding, options.header, progress)
            rows = [row for sheet in content.sheets for row in _documents_of(sheet, options, tables)]
        except CorpusError as error:
            problems.append(Problem(file.name, str(error)))
            continue
        problems += [Problem(file.name, note, used=True) for note in _notes(content)]
        contents.append((content, rows))
    if not contents:
        raise CorpusError(_nothing_usable(problems))
    texts = [content.text for content, rows in contents if not rows]
    unit: Unit = options.unit if options.unit != "auto" else guess_unit_of(texts) if texts else "line"
    decoded = {content.name: content.decoded for content, _ in contents if content.decoded}
    return Reading(
        tuple(_counted(_cut(contents, unit, rows_apart=options.unit != "file"), limits)),
        unit,
        options.unit == "auto",
        {name: read.encoding for name, read in decoded.items()},
        {name: read.sample for name, read in decoded.items() if read.sample and (read.guessed or options.encoding)},
        tuple(problems),
        tables,
    )


def preview_table(upload: Upload, options: ReadOptions = ReadOptions()) -> Table | None:
    """The first rows of a table and the columns to propose; None if `upload` is running text or an archive.

    Raises:
        CorpusError: it cannot be read.
    """
    check_size(upload, LIMITS)
    if kind_of(upload) not in ("text", "xlsx"):
        return None
    content = read_content(upload, LIMITS, options.encoding, options.header, only_start=True)
    if not content.sheets:
        return None
    return describe(content.sheets[0], options.text_column, options.label_column, options.id_column)


def _files_of(uploads: Sequence[Upload], limits: Limits, progress: Progress) -> Iterator[Upload | Problem]:
    """Every file, those in archives too, while telling how far it is."""
    total = sum(len(upload.data) for upload in uploads)
    if total > limits.total_bytes:
        raise CorpusError(
            f"These files have {readable_size(total)} together; {readable_size(limits.total_bytes)} are allowed. Leave "
            f"some out: the largest is “{max(uploads, key=lambda upload: len(upload.data)).name}”."
        )
    budget = Budget.of(limits)
    done = 0
    for upload in uploads:
        progress(done / (total or 1), f"Reading {upload.name}")
        try:
            check_size(upload, limits)
        except CorpusError as error:
            if not is_litter(upload.name):
                yield Problem(upload.name, str(error))
            continue
        if is_litter(upload.name):
            continue
        for share, file in unpack(upload, budget):
            yield file
            progress((done + share * len(upload.data)) / total, f"Reading {upload.name}")
        done += len(upload.data)


def _documents_of(sheet: Sheet, options: ReadOptions, tables: dict[str, Table]) -> list[Document]:
    """A document for each row; what the table looks like goes to `tables`."""
    table = describe(sheet, options.text_column, options.label_column, options.id_column)
    rows = texts_of(sheet, table, options.label_column, options.id_column)
    documents = [Document(name, text, label) for name, text, label in rows]
    tables[sheet.name] = table
    return documents


def _notes(content: Content) -> list[str]:
    notes = [content.decoded.note] if content.decoded else []
    return [note for note in (*notes, *(sheet.note for sheet in content.sheets)) if note]


def _cut(contents: list[tuple[Content, list[Document]]], unit: Unit, rows_apart: bool) -> Iterator[Document]:
    for content, rows in contents:
        if rows and rows_apart:
            yield from rows
        elif rows:
            yield Document(content.name, "\n\n".join(row.text for row in rows))
        else:
            for name, text in cut(content.name, content.text, unit):
                yield Document(name, text)


def _counted(documents: Iterator[Document], limits: Limits) -> Iterator[Document]:
    for number, document in enumerate(documents):
        if number == limits.documents:
            raise CorpusError(
                f"“{document.name}” is one document too many: {limits.documents:,} are allowed. Make the whole file "
                "one document, or upload a part of it."
            )
        yield document


def _nothing_usable(problems: Sequence[Problem]) -> str:
    if not problems:
        return "There is no file to read. Upload a text, or paste one."
    shown = [problem.message for problem in problems[:5]]
    if len(problems) > len(shown):
        shown.append(f"And {len(problems) - len(shown)} more files like these.")
    return "\n".join(shown)
