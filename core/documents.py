"""Uploaded bytes become documents: names and texts, one per file, line or paragraph."""

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from core.encodings import Decoded, decode
from core.errors import CorpusError
from core.progress import Progress, silent
from core.uploads import LIMITS, Limits, Upload, readable_size

__all__ = ["Document", "Limits", "Problem", "ReadOptions", "Reading", "Upload", "guess_unit", "read_documents"]

Unit = Literal["file", "line", "paragraph"]

MANY = 10
"""So many lines or paragraphs make documents of their own; fewer stay one document."""

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


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
        text_column, label_column, id_column: of tables; None guesses the text and uses no label or id.
    """

    unit: Literal["auto", "file", "line", "paragraph"] = "auto"
    encoding: str | None = None
    text_column: str | None = None
    label_column: str | None = None
    id_column: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one file; `used` tells whether it was read all the same."""

    file: str
    message: str
    used: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Documents and how they were read.

    Attributes:
        documents: never empty; each has a letter or digit in it.
        unit: what a document is.
        guessed: `unit` was guessed.
        encodings: of each text file, as used.
        samples: text around the first character outside ASCII of each file whose encoding was guessed.
        problems: files that were left out, and remarks on files that were used.
    """

    documents: tuple[Document, ...]
    unit: Unit
    guessed: bool
    encodings: Mapping[str, str] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_documents(
    uploads: Sequence[Upload],
    options: ReadOptions = ReadOptions(),
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Reading:
    """Documents of `uploads`. A bad file among good ones is left out and named in `problems`.

    Raises:
        CorpusError: nothing is usable; the message names the files and the remedies.
        Cancelled: out of `progress`.
    """
    texts: list[tuple[str, Decoded]] = []
    problems: list[Problem] = []
    total = sum(len(upload.data) for upload in uploads) or 1
    done = 0
    for upload in uploads:
        progress(done / total, f"Reading {upload.name}")
        try:
            texts.append((upload.name, _read_text(upload, options, limits)))
        except CorpusError as error:
            problems.append(Problem(upload.name, str(error)))
        done += len(upload.data)
    if not texts:
        raise CorpusError(_nothing_usable(problems))
    problems += [Problem(name, read.note, used=True) for name, read in texts if read.note]
    unit = options.unit if options.unit != "auto" else _guess_unit_of([read.text for _, read in texts])
    return Reading(
        tuple(document for name, read in texts for document in cut_documents(name, read.text, unit)),
        unit,
        options.unit == "auto",
        {name: read.encoding for name, read in texts},
        {name: read.sample for name, read in texts if read.guessed and read.sample},
        tuple(problems),
    )


def _nothing_usable(problems: Sequence[Problem]) -> str:
    if not problems:
        return "There is no file to read. Upload a text, or paste one."
    shown = [problem.message for problem in problems[:5]]
    if len(problems) > len(shown):
        shown.append(f"And {len(problems) - len(shown)} more files like these.")
    return "\n".join(shown)


def _read_text(upload: Upload, options: ReadOptions, limits: Limits) -> Decoded:
    name = upload.name
    if not upload.data:
        raise CorpusError(f"“{name}” is empty (0 bytes). Upload a file with text in it.")
    if len(upload.data) > limits.file_bytes:
        raise CorpusError(
            f"“{name}” has {readable_size(len(upload.data))}; one file may have {readable_size(limits.file_bytes)}. "
            "Split it, or upload a part of it."
        )
    read = decode(upload.data, name, options.encoding)
    if not read.text or read.text.isspace():
        raise CorpusError(f"“{name}” holds nothing but spaces and line ends. Upload a file with text in it.")
    if not re.search(r"[^\W_]", read.text):
        raise CorpusError(f"“{name}” holds no words: not one letter or digit. Upload a file with words in it.")
    return read


def cut_documents(name: str, text: str, unit: Unit) -> Iterator[Document]:
    """Documents of one file's text that have a letter or digit in them, named by file and place."""
    if unit == "file":
        yield Document(name, text)
        return
    parts = text.split("\n") if unit == "line" else _BLANK_LINES.split(text.strip())
    for number, part in enumerate(parts, 1):
        part = part.strip()
        if part:
            yield Document(f"{name}, {unit} {number}", part)


def guess_unit(text: str) -> Unit:
    """What a document is in a text that came alone.

    Lines that end where the next word would not have fitted any more were wrapped: then blank lines part documents.
    Otherwise many lines are documents, unless blank lines gather them in groups.
    """
    lines = [line.strip() for line in text[:2_000_000].split("\n")]
    full = [line for line in lines if line]
    if len(full) < MANY:
        return "file"
    paragraphs = len(_BLANK_LINES.split(text[:2_000_000].strip()))
    grouped = len(full) > 1.5 * paragraphs
    if _is_wrapped(lines) or (grouped and paragraphs >= MANY):
        return "paragraph" if paragraphs >= MANY else "file"
    return "line" if statistics.median(len(line.split()) for line in full) >= 3 else "file"


def _guess_unit_of(texts: Sequence[str]) -> Unit:
    """Of several files each is a document, unless every one of them is a long list of lines."""
    if len(texts) == 1:
        return guess_unit(texts[0])
    lists = all(text.count("\n") >= 10 * MANY and guess_unit(text) == "line" for text in texts)
    return "line" if lists else "file"


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether most lines that are followed by another one could not have taken its first word as well."""
    width = sorted(map(len, lines))[int(0.95 * len(lines))]
    pairs = [(line, following) for line, following in pairwise(lines) if line and following]
    if not pairs or width > 200:
        return False
    full = sum(len(line) + 1 + len(following.split(None, 1)[0]) > width for line, following in pairs)
    return full > 0.6 * len(pairs)
