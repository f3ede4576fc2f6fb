"""Uploaded bytes become documents: names and texts, one per file, line, paragraph or row of a table."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from core.errors import CorpusError
from core.progress import Progress, silent
from core.prose.numbers import readable_size
from core.text.reading.allowances import Allowances
from core.text.reading.archives import Budget, unpack
from core.text.reading.columns import Table, about_empty, describe, texts_of, without_placeholders
from core.text.reading.contents import Content, read_content
from core.text.reading.divided_words import MOST_GUESSED, LineEnd
from core.text.reading.escapes import find_escapes
from core.text.reading.kinds import kind_of
from core.text.reading.name_labels import check_pattern, label_in_name
from core.text.reading.units import Unit, cut, guess_unit_of, has_words
from core.text.reading.uploads import LIMITS, Limits, Problem, Upload, check_size, is_litter

_REPORTED = 1 << 14
"""After so many documents, progress is told."""


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
        encoding: of every text file that has none of its own below; None finds it out.
        encodings: (file name, encoding) of single files, of members of archives too.
        text_column: of tables; None guesses it.
        label_column, id_column: of tables; None uses no label, and names documents by row.
        label_pattern: where the names of documents have their label, for those that have none of a column
            (`core/text/reading/name_labels.py`).
        header: whether the first row of tables names the columns; None guesses.
        as_is: nothing is mended: words stay divided at line ends, pages keep their heads, cells their markup.
        line_ends: words in small letters as they are written wherever a line end divides them: well-known, understand.
            Of others the text tells, or a guess.
    """

    unit: Literal["auto", "file", "line", "paragraph"] = "auto"
    encoding: str | None = None
    encodings: tuple[tuple[str, str], ...] = ()
    text_column: str | None = None
    label_column: str | None = None
    id_column: str | None = None
    header: bool | None = None
    label_pattern: str | None = None
    as_is: bool = False
    line_ends: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "line_ends", tuple(sorted(set(self.line_ends))))
        # What JSON made lists of is hashable again; the order in which they were chosen does not matter.
        object.__setattr__(self, "encodings", tuple(sorted((name, encoding) for name, encoding in self.encodings)))

    def encoding_of(self, file: str) -> str | None:
        """The encoding chosen for the file of this name; None where it is to be found out."""
        return dict(self.encodings).get(file, self.encoding)


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
        divided: words at line ends of which the text does not say how they are written, each once.
    """

    documents: tuple[Document, ...]
    unit: Unit
    guessed: bool
    encodings: Mapping[str, str] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    divided: tuple[LineEnd, ...] = ()


def read_documents(
    uploads: Sequence[Upload],
    options: ReadOptions = ReadOptions(),
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Reading:
    """Documents of `uploads`. A bad file among good ones is left out and named in `problems`.

    In a confined child each file has its allowance of time and memory.

    Raises:
        CorpusError: nothing is usable, or all of it is too much; the message names the files and the remedies.
        Cancelled: out of `progress`.
    """
    if options.label_pattern is not None:
        check_pattern(options.label_pattern)
    files: list[_File] = []
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    divided: dict[LineEnd, None] = {}
    line_ends = frozenset(options.line_ends)
    allowances = Allowances(limits)
    for upload, start, share in _unpacked(uploads, limits, problems, progress, allowances):

        def within(fraction: float, message: str, start: float = start, share: float = share) -> None:
            progress(start + share * fraction, message)

        about: dict[str, Table] = {}
        odd: list[Problem] = []
        allowances.check()
        try:
            with allowances.hold(upload):
                content = read_content(
                    upload,
                    limits,
                    options.encoding_of(upload.name),
                    options.header,
                    within,
                    as_is=options.as_is,
                    line_ends=line_ends,
                )
                rows = _rows_of(upload, content, options, about, odd)
        except CorpusError as error:
            problems.append(Problem(upload.name, str(error)))
            continue
        tables |= about
        divided |= dict.fromkeys(content.divided)
        problems += odd
        problems += [Problem(upload.name, note, used=True) for note in content.notes]
        if rows or not content.sheets:
            files.append(_File(upload.name, content.text, rows, content.encoding, content.sample, content.printed))
    if not files:
        raise CorpusError(_nothing_usable(problems, hidden=[each.name for each in uploads if is_litter(each.name)]))
    running = [file for file in files if file.text]
    printed = any(file.printed for file in running)
    unit: Unit = options.unit if options.unit != "auto" else "line"
    if options.unit == "auto" and running:
        unit = guess_unit_of([file.text for file in running], printed)
    cut_files = _cut(files, unit, rows_apart=options.unit != "file")
    return Reading(
        tuple(_within_limit(_labelled(cut_files, options.label_pattern), limits, progress)),
        unit,
        options.unit == "auto",
        {file.name: file.encoding for file in files if file.encoding},
        {file.name: file.sample for file in files if file.sample},
        tuple(problems),
        tables,
        tuple(divided)[:MOST_GUESSED],
    )


def preview_table(upload: Upload, options: ReadOptions = ReadOptions(), limits: Limits = LIMITS) -> Table | None:
    """The first rows of a table and the columns to propose; None if `upload` is running text or an archive.

    Raises:
        CorpusError: it cannot be read.
    """
    check_size(upload, limits)
    with Allowances(limits).hold(upload):
        if kind_of(upload) not in ("text", "spreadsheet"):
            return None
        content = read_content(
            upload, limits, options.encoding_of(upload.name), options.header, only_start=True, as_is=options.as_is
        )
        if not content.sheets:
            return None
        return describe(content.sheets[0], options.text_column, options.label_column, options.id_column)


@dataclass(frozen=True, slots=True)
class _File:
    """What is kept of one file: running text, or a document for each row."""

    name: str
    text: str
    rows: tuple[Document, ...]
    encoding: str
    sample: str
    printed: bool


def _unpacked(
    uploads: Sequence[Upload], limits: Limits, problems: list[Problem], progress: Progress, allowances: Allowances
) -> Iterator[tuple[Upload, float, float]]:
    """(file, share done before it, share it makes up) of every file, those in archives too."""
    total = sum(len(upload.data) for upload in uploads)
    if total > limits.total_bytes:
        raise CorpusError(
            f"These files have {readable_size(total)} together; {readable_size(limits.total_bytes)} are allowed. Leave "
            f"some out: the largest is “{max(uploads, key=lambda upload: len(upload.data)).name}”."
        )
    budget = Budget.of(limits)
    done = 0
    names = _Names()
    for upload in uploads:
        if is_litter(upload.name):
            continue
        share = len(upload.data) / (total or 1)
        try:
            check_size(upload, limits)
        except CorpusError as error:
            problems.append(Problem(upload.name, str(error)))
            continue
        for part, file in _held(unpack(upload, budget), upload, allowances):
            start = done / total + part * share
            if isinstance(file, Problem):
                problems.append(file)
            else:
                whole, file = file is upload, names.distinct(file)
                progress(start, f"Reading {file.name}")
                yield file, start, share if whole else 0.0
        done += len(upload.data)


class _Names:
    """What the files of one reading are called: no two alike, so that a name tells one."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def distinct(self, file: Upload) -> Upload:
        """`file`, with a number in its name where another one has that name."""
        name, number = file.name, 1
        while name in self._used:
            number += 1
            stem, extension = os.path.splitext(file.name)
            name = f"{stem} ({number}){extension}"
        self._used.add(name)
        return file if name == file.name else Upload(name, file.data)


def _held(
    files: Iterator[tuple[float, Upload | Problem]], archive: Upload, allowances: Allowances
) -> Iterator[tuple[float, Upload | Problem]]:
    """What `unpack` gives, each step within the allowance of the archive."""
    again = False
    while True:
        try:
            with allowances.hold(archive, again):
                found = next(files, None)
        except CorpusError as error:
            yield 1.0, Problem(archive.name, str(error))
            return
        if found is None:
            return
        yield found
        again = True


def _rows_of(
    file: Upload, content: Content, options: ReadOptions, tables: dict[str, Table], problems: list[Problem]
) -> tuple[Document, ...]:
    """A document for each row of each sheet; what the sheets look like, and what is wrong with them, is noted."""
    documents: list[Document] = []
    for sheet in content.sheets:
        try:
            table = describe(sheet, options.text_column, options.label_column, options.id_column)
            named_by = options.id_column or sheet.names or None
            rows, missing = list(texts_of(sheet, table, options.label_column, named_by)), ""
            empty = about_empty(sheet, table, rows)
            if not options.as_is:
                rows, missing = without_placeholders(rows, sheet.name)
            found = find_escapes([] if options.as_is else [text for _, text, _ in rows], sheet.name)
            if found.note:
                rows = [(name, found.clean(text).strip(), label) for name, text, label in rows]
                rows = [row for row in rows if has_words(row[1])]
        except CorpusError as error:
            problems.append(Problem(file.name, str(error)))
            continue
        tables[sheet.name] = table
        documents += [Document(name, text, label) for name, text, label in rows]
        notes = [*sheet.notes, *filter(None, [empty, missing, found.note])]
        problems += [Problem(file.name, note, used=True) for note in notes]
    return tuple(documents)


def _cut(files: Sequence[_File], unit: Unit, rows_apart: bool) -> Iterator[Document]:
    for file in files:
        if file.rows and rows_apart:
            yield from file.rows
        elif file.rows:
            yield Document(file.name, "\n\n".join(row.text for row in file.rows))
        else:
            for name, text in cut(file.name, file.text, unit):
                yield Document(name, text)


def _labelled(documents: Iterator[Document], pattern: str | None) -> Iterator[Document]:
    for document in documents:
        if pattern is None or document.label is not None:
            yield document
        else:
            yield replace(document, label=label_in_name(document.name, pattern))


def _within_limit(documents: Iterator[Document], limits: Limits, progress: Progress) -> Iterator[Document]:
    for number, document in enumerate(documents):
        if number % _REPORTED == 0:
            progress(1.0, f"{number:,} documents")
        if number == limits.documents:
            raise CorpusError(
                f"“{document.name}” is one document too many: {limits.documents:,} are allowed. Make the whole file "
                "one document, or upload a part of it."
            )
        yield document


def _nothing_usable(problems: Sequence[Problem], hidden: Sequence[str]) -> str:
    if not problems and hidden:
        return f"“{hidden[0]}” is a hidden file, and those are not read. Give it a name that does not begin with a dot."
    if not problems:
        return "There is no file to read. Upload a text, or paste one."
    shown = [problem.message for problem in problems[:5]]
    if len(problems) > len(shown):
        shown.append(f"And {len(problems) - len(shown)} more files like these.")
    return "\n".join(shown)
