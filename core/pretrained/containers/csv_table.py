"""CSV: a word and its values in each row, or its whole vector in one cell."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from core.pretrained.containers.contents import BLOCK_VALUES, Block, Blocks, to_float32
from core.pretrained.text_format import MAX_VECTOR_SIZE
from core.prose.cells import unguarded_cell

_SAMPLE_ROWS = 100
_LONGEST_CELL = 1 << 20
_COUNTS = re.compile(r"(?i)counts?|freq\w*|occurrences|ranks?|index|id|n")
_NAME = re.compile(r"(?i)|words?|tokens?|terms?|labels?|names?|unnamed: \d+")
_LIST = re.compile(r"\s*[\[(](.*)[\])]\s*", re.DOTALL)
_BRACKETED = re.compile(r"\s*(\S.*?)[\s:,;=]*([\[(][^\[\]()]*[\])])[\s,;]*")
"""A word and its values in brackets."""
_MOST = 0.9


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """How a CSV of vectors is written.

    Attributes:
        delimiter: between cells.
        comma: decimals have a comma.
        header: the first row names the columns.
        word: the column of words.
        values: columns of values; of one alone, each cell has the whole vector.
        vector_size: values of a row.
        bracketed: each line is a word and its values in brackets, which the word is parted from by anything.
    """

    delimiter: str
    comma: bool
    header: bool
    word: int
    values: tuple[int, ...]
    vector_size: int
    bracketed: bool = False


def find_csv_format(head: bytes) -> CsvFormat | None:
    """How the table that begins with `head` is written; None where it is none of words and vectors."""
    text = head.decode("utf-8-sig", "replace")
    lines = text.split("\n")
    if len(lines) > 2 and len(head) > 1 << 17:
        lines.pop()  # it may be cut
    if (size := _size_in_brackets(lines)) > 1:
        return CsvFormat(",", False, False, 0, (1,), size, bracketed=True)
    best: tuple[int, CsvFormat] | None = None
    for delimiter in ",;\t":
        try:
            rows = [row for row in csv.reader(lines[:_SAMPLE_ROWS], delimiter=delimiter) if row]
        except csv.Error:
            return None
        found = _find_columns(rows, delimiter) if rows and max(map(len, rows)) > 1 else None
        if found is not None and (best is None or found.vector_size > best[0]):
            best = found.vector_size, found
    return None if best is None else best[1]


def _size_in_brackets(lines: list[str]) -> int:
    """Values in the brackets that end each line; 0 where they do not."""
    filled = [line for line in lines[:_SAMPLE_ROWS] if line.strip()]
    found = [row for row in map(_BRACKETED.fullmatch, filled) if row is not None and '"' not in row[1]]
    if not found or len(found) < _MOST * len(filled):
        return 0
    size = len(_packed(found[0][2]) or ())
    return size if size <= MAX_VECTOR_SIZE else 0


def _find_columns(rows: list[list[str]], delimiter: str) -> CsvFormat | None:
    ((width, _),) = Counter(map(len, rows)).most_common(1)
    rows = [row for row in rows if len(row) == width]
    for comma in (False, True) if delimiter != "," else (False,):
        body = rows[1:] if len(rows) > 1 else rows
        shares = [sum(_number(row[place], comma) is not None for row in body) / len(body) for place in range(width)]
        numeric = [share > 0.8 for share in shares]
        texts = [place for place in range(width) if not numeric[place]]
        if not texts:
            continue
        header = len(rows) > 1 and _names_columns(rows[0], texts[0])
        names = rows[0] if header else [""] * width
        values = [place for place in range(texts[0] + 1, width) if numeric[place] and not _is_count(names[place])]
        word = texts[0]
        if len(values) >= 2 and len(values) <= MAX_VECTOR_SIZE:
            return CsvFormat(delimiter, comma, header, word, tuple(values), len(values))
        packed = [place for place in texts if all(_LIST.fullmatch(row[place]) for row in body)]
        if packed:
            words = [place for place in texts if place != packed[0]]
            size = len(_packed(body[0][packed[0]]) or ())
            if words and 2 <= size <= MAX_VECTOR_SIZE:
                return CsvFormat(delimiter, comma, header, words[0], (packed[0],), size)
    return None


def _names_columns(row: list[str], word: int) -> bool:
    """Whether the first row names the columns: by words, or by the numbers that pandas counts them with."""
    numbers = [cell for place, cell in enumerate(row) if place > word and _number(cell, comma=True) is not None]
    if not numbers:
        return True
    counted = [[str(first + place) for place in range(len(numbers))] for first in (0, 1)]
    return numbers in counted and _NAME.fullmatch(row[word].strip()) is not None


def _is_count(name: str) -> bool:
    return _COUNTS.fullmatch(name.strip()) is not None


def _number(cell: str, comma: bool) -> float | None:
    try:
        return float(cell.replace(",", ".") if comma else cell)
    except ValueError:
        return None


def _packed(cell: str) -> list[float] | None:
    inside = _LIST.fullmatch(cell)
    if inside is None:
        return None
    try:
        return [float(part) for part in re.split(r"[,;\s]+", inside[1].strip())]
    except ValueError:
        return None


def read_csv(stream: IO[bytes], form: CsvFormat) -> Blocks:
    """Its rows."""
    size = max(1, BLOCK_VALUES // form.vector_size)
    words: list[bytes] = []
    rows: list[Sequence[float]] = []
    malformed = 0
    csv.field_size_limit(_LONGEST_CELL)
    for row in _rows_of(stream, form):
        vector = None if row is None else _vector_of(row, form)
        if row is None or vector is None or not row[form.word]:
            malformed += 1
            continue
        words.append(unguarded_cell(row[form.word]).encode("utf-8", "replace"))
        rows.append(vector)
        if len(rows) == size:
            yield Block(words, to_float32(rows), malformed)
            words, rows, malformed = [], [], 0
    if rows or malformed:
        yield Block(words, to_float32(rows).reshape(len(rows), form.vector_size), malformed)


def _rows_of(stream: IO[bytes], form: CsvFormat) -> Iterator[list[str] | None]:
    text = io.TextIOWrapper(_buffered(stream), "utf-8-sig", "replace", newline="")
    if form.bracketed:
        for line in text:
            if line.strip():
                found = _BRACKETED.fullmatch(line)
                yield None if found is None else [found[1], found[2]]
        return
    reader = csv.reader(text, delimiter=form.delimiter)
    skip = form.header
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None
            continue
        if row and not skip:
            yield row
        skip = skip and not row


def _buffered(stream: Any) -> Any:
    return stream if isinstance(stream, io.BufferedIOBase) else io.BufferedReader(stream)


def _vector_of(row: list[str], form: CsvFormat) -> Sequence[float] | None:
    if len(row) <= max(form.values):
        return None
    if len(form.values) == 1:
        packed = _packed(row[form.values[0]])
        return packed if packed is not None and len(packed) == form.vector_size else None
    values = [_number(row[place], form.comma) for place in form.values]
    return None if None in values else values  # type: ignore[return-value]
