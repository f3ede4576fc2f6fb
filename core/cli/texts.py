"""The text that a command is given: read and cut as its options say, and what is to be known about that."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.cli.printing import LineProgress
from core.errors import CorpusError
from core.text.opened import Text, open_text
from core.text.reading.apart import read_apart
from core.text.reading.columns import Table
from core.text.reading.documents import ReadOptions
from core.text.reading.encodings import check_encoding
from core.text.reading.name_labels import LABEL, guess_pattern, label_in_name
from core.text.reading.uploads import is_litter, read_files
from core.text.tokens.tokenisers import CorpusOptions

_NAMED = 3


def open_named_text(options: argparse.Namespace, paths: Sequence[Path] | None = None) -> Text:
    """The text of the files that are named: `paths`, or `options.text` where that is None.

    Raises:
        CorpusError: no text comes of them, or an option names what is not there.
    """
    if options.encoding is not None:
        check_encoding(options.encoding)
    reading, tokenising = reading_of(options), tokenising_of(options)
    files = read_files(options.text if paths is None else paths)
    text = open_text(files, reading, tokenising, LineProgress("reading"), read=read_apart)
    if not text.reading.tables:
        for name, column in (("--column", options.column), ("--label", options.label)):
            if column is not None and not _is_pattern(column):
                problems = " ".join(problem.sentence for problem in text.reading.problems[:_NAMED])
                raise CorpusError(f"{name} names a column, and no table was read. {problems or 'Leave it out.'}")
    return text


def reading_of(options: argparse.Namespace) -> ReadOptions:
    """How the files are to be read."""
    return ReadOptions(
        unit=options.documents or "auto",
        encoding=options.encoding,
        text_column=options.column,
        label_column=None if _is_pattern(options.label) else options.label,
        label_pattern=options.label if _is_pattern(options.label) else None,
        as_is=options.as_is,
        line_ends=tuple(word.lower() for word in options.line_ends or ()),
    )


def _is_pattern(label: str | None) -> bool:
    """Whether `--label` says where names have their label; else it is a column."""
    return label is not None and LABEL in label


def is_reading_chosen(options: argparse.Namespace) -> bool:
    """Whether an option says how to read the text."""
    chosen = (options.documents, options.encoding, options.column, options.label, options.line_ends)
    return options.as_is or any(each is not None for each in chosen)


def tokenising_of(options: argparse.Namespace) -> CorpusOptions:
    """How the text is to be cut into words."""
    usual = CorpusOptions()
    return CorpusOptions(
        tokeniser=options.tokeniser or usual.tokeniser,
        lowercase=not options.keep_case,
        habits=tuple(options.read or ()),
    )


def is_tokenising_chosen(options: argparse.Namespace) -> bool:
    """Whether an option says how to cut the text into words."""
    return options.tokeniser is not None or options.keep_case or options.read is not None


def notes_on_reading(text: Text, options: argparse.Namespace, paths: Sequence[Path] | None = None) -> Iterator[str]:
    """What the page shows of how a text was read: files with problems, what was guessed, and what overrules it."""
    reading = text.reading
    for problem in reading.problems:
        yield problem.sentence if problem.used else f"Left out: {problem.sentence}"
    for path in options.text if paths is None else paths:
        if is_litter(path.name) and not path.is_dir():
            yield f"Left out: “{path.name}” is a hidden file."
    how = "as chosen" if options.encoding else "a guess (--encoding overrules it)"
    for name, sample in reading.samples.items():
        yield f"{name} was read as {reading.encodings[name]}, {how}: “{sample}”"
    if reading.guessed:
        unit = "row" if reading.tables and reading.unit == "line" else reading.unit
        yield f"Each {unit} is a document, a guess (--documents overrules it)."
    yield from _notes_on_columns(reading.tables.values(), options)
    pattern = guess_pattern(text.corpus.document_names) if options.label is None and not reading.tables else None
    if pattern is not None:
        labels = dict.fromkeys(label_in_name(name, pattern) for name in text.corpus.document_names)
        found = _enumerate([label for label in labels if label is not None])
        yield f'The names look as if they had labels: {found}, which are not read without --label "{pattern}".'


def _notes_on_columns(tables: Iterable[Table], options: argparse.Namespace) -> Iterator[str]:
    """One sentence for all tables with the same columns."""
    alike: dict[tuple[str | None, str | None], list[str]] = {}
    for table in tables:
        alike.setdefault((table.text_column, table.label_column), []).append(table.name)
    for (column, label), names in alike.items():
        how = "as chosen" if options.column else "a guess (--column overrules it)"
        sentence = f"The texts of {_enumerate(names)} are the column “{column}”, {how}"
        if options.label and not _is_pattern(options.label):
            yield f"{sentence}; the labels are the column “{label}”."
        elif label is not None:
            yield f"{sentence}; the column “{label}” looks like labels, which are not read without --label."
        else:
            yield f"{sentence}."


def _enumerate(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(f"“{name}”" for name in names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
