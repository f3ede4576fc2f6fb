"""Which column of a table is the text, which the label and which the id: guessed, previewed, and changed at will."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.sheets import TEXT_NAMES, Sheet
from core.text.reading.uploads import IF_WRONG

PREVIEW_ROWS = 10
_SAMPLE_ROWS = 500
_CELL_LETTERS = 2000
_LONGEST_NAME = 1000
_WORD, _ASCII_WORD = re.compile(r"[^\W\d_]{2,}"), re.compile("[A-Za-z]{2,}")
"""Two letters or more; the second finds the same in ASCII, in a third of the time."""
_LABEL_WORDS, _RUNNING_WORDS = 2, 5
"""So few words in a row are a label, so many a text."""
_NAMED, _NAME_LETTERS = 30, 60  # of columns, in a message
_NOTHING = re.compile(r"NaN|nan|NULL|null|None|NA|<NA>|N/A|n/a|#N/A|#NULL!|#REF!|#VALUE!|\\N|\[deleted\]|\[removed\]")
"""What programs write into a cell that has no text."""
_LABEL_NAMES = re.compile(
    r"labels?|class(es)?|categor(y|ies)|target|sentiment|topics?|genre|tags?|ratings?|stars|score|section|group|polarity",
    re.IGNORECASE,
)
_ID_NAMES = re.compile(
    r"(.*[ _-])?(id|uuid|guid|key|index|no|nr|number|url|link|doi|file|filename)|.*[a-z]Id|#", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Table:
    """What a table looks like.

    Attributes:
        name: of the file, and the sheet where it has several.
        columns: their names; "column 2" where the file has none.
        rows: the first ten, one string for each column, the longest cut.
        text_column: the chosen or guessed column of the documents; None if no column holds words.
        label_column, id_column: chosen, or guessed for a form to propose; None for none.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_column: str | None
    label_column: str | None
    id_column: str | None


def describe(sheet: Sheet, text: str | None = None, label: str | None = None, identity: str | None = None) -> Table:
    """`sheet` as a `Table`; the columns that are not chosen are guessed.

    Raises:
        CorpusError: it has no such column.
    """
    columns = tuple(map(str, sheet.cells.columns))
    if len(longest := max(columns, key=len)) > _LONGEST_NAME:
        raise CorpusError(
            f"“{sheet.name}” has a column whose name is {len(longest):,} letters long: “{_shortened(longest)}”. Give "
            "its columns short names, or choose that its first row is no header."
        )
    for chosen in (text, label, identity):
        if chosen is not None and chosen not in columns:
            raise CorpusError(
                f"“{sheet.name}” has no column “{_shortened(chosen)}”. Choose one of: {_listed(columns)}."
            )
    start = sheet.cells.iloc[:_SAMPLE_ROWS]
    sample = {column: [str(cell) for cell in start[column]] for column in columns}
    text = text or _guess_text(sample)
    if text is not None and text == label:
        raise CorpusError(
            f"The column “{_shortened(text)}” of “{sheet.name}” is its text and cannot be its label too. Choose "
            "another column for one of them."
        )
    others = {column: cells for column, cells in sample.items() if column != text}
    rows = tuple(tuple(str(cell)[:_CELL_LETTERS] for cell in row) for row in start.iloc[:PREVIEW_ROWS].values.tolist())
    identity = identity or _guess_id({column: cells for column, cells in others.items() if column != label})
    label = label or _guess_label({column: cells for column, cells in others.items() if column != identity})
    return Table(sheet.name, columns, rows, text, label, identity)


def _listed(columns: Sequence[str]) -> str:
    more = len(columns) - _NAMED
    return ", ".join(map(_shortened, columns[:_NAMED])) + (f" and {more:,} more" if more > 0 else "")


def _shortened(column: str) -> str:
    return column if len(column) <= _NAME_LETTERS else f"{column[:_NAME_LETTERS]}…"


def likelier_text(table: Table) -> str | None:
    """The column that looks like running text where the chosen one has a word or two in a row; None for none."""
    cells = {column: [row[place] for row in table.rows] for place, column in enumerate(table.columns)}
    best = _guess_text(cells) if cells and table.text_column is not None else None
    if best is None or table.text_column is None or _words_a_row(cells[table.text_column]) > _LABEL_WORDS:
        return None
    return best if best != table.text_column and _words_a_row(cells[best]) >= _RUNNING_WORDS else None


def _words_a_row(cells: Sequence[str]) -> float:
    return sum(len(_WORD.findall(cell)) for cell in cells) / max(1, len(cells))


def _guess_text(sample: dict[str, list[str]]) -> str | None:
    """The column with the most words in it; one that is called "text" or so counts three times."""

    def words(column: str) -> float:
        cells = (cell[:_CELL_LETTERS] for cell in sample[column])
        found = sum(len((_ASCII_WORD if cell.isascii() else _WORD).findall(cell)) for cell in cells)
        return found * (3 if TEXT_NAMES.fullmatch(column) else 1)

    found = {column: words(column) for column in sample}
    best = max(found, key=found.__getitem__)
    return best if found[best] else None


def _guess_label(sample: dict[str, list[str]]) -> str | None:
    """A column with few short values, each of them often; one that is called "label" or so before others."""
    fitting = []
    for column, cells in sample.items():
        filled = [cell for cell in cells if cell.strip()]
        distinct = len(set(filled))
        if filled and 2 <= distinct <= max(20, len(filled) // 20) and max(map(len, filled)) <= 60:
            named = bool(_LABEL_NAMES.fullmatch(column))
            if named or (4 * distinct <= len(filled) and not _ID_NAMES.fullmatch(column)):
                fitting.append((not named, distinct, column))
    return min(fitting)[2] if fitting else None


def _guess_id(sample: dict[str, list[str]]) -> str | None:
    """A column that is called "id" or so, with another value in each row."""
    for column, cells in sample.items():
        if _ID_NAMES.fullmatch(column) and all(cells) and len(set(cells)) == len(cells):
            return column
    return None


def without_placeholders(
    rows: Sequence[tuple[str, str, str | None]], name: str
) -> tuple[list[tuple[str, str, str | None]], str]:
    """`rows` of `texts_of` but for those that say only that there is no text, and a note on them; "" if there are none.

    Where no other row would be left, all stay.
    """
    kept = [row for row in rows if not _NOTHING.fullmatch(row[1])]
    left_out = len(rows) - len(kept)
    if not left_out or not kept:
        return list(rows), ""
    shown = ", ".join(f"“{text}”" for text in dict.fromkeys(row[1] for row in rows if _NOTHING.fullmatch(row[1])))
    said = f"{count('cell', left_out)} of {len(rows):,} that {'says' if left_out == 1 else 'say'} only that there is no"
    return kept, f"“{name}” has {said} text ({shown}), left out. {IF_WRONG}"


def about_empty(sheet: Sheet, table: Table, rows: Sequence[tuple[str, str, str | None]]) -> str:
    """A note on rows without a word in the text column, which are none of `rows`; "" if there are none."""
    empty = len(sheet.cells) - len(rows)
    if not empty or table.text_column is None:
        return ""
    said = f"{count('row', empty)} of {len(sheet.cells):,} without a word in the column “{table.text_column}”, left out"
    return f"“{sheet.name}” has {said}."


def texts_of(
    sheet: Sheet, table: Table, label: str | None, identity: str | None
) -> Iterator[tuple[str, str, str | None]]:
    """(name, text, label) of each row that has a letter or digit in its text.

    Raises:
        CorpusError: the table has no column with words, or the text column has not one.
    """
    if table.text_column is None:
        raise CorpusError(f"“{sheet.name}” has no column with words in it. Upload a table with a column of texts.")
    texts = sheet.cells[table.text_column].tolist()
    labels: Sequence[Any] = sheet.cells[label].tolist() if label else [None] * len(texts)
    ids: Sequence[Any] = sheet.cells[identity].tolist() if identity else [""] * len(texts)
    found = False
    numbers = sheet.cells.index.tolist()
    for number, text, given, key in zip(numbers, texts, labels, ids, strict=True):
        text = text.strip()
        if re.search(r"[^\W_]", text):
            found = True
            place = key.strip() if key.strip() else f"row {number}"
            yield f"{sheet.name}, {place}", text, (given.strip() or None) if given else None
    if not found:
        raise CorpusError(
            f"The column “{table.text_column}” of “{sheet.name}” holds no words. Choose another column as the text."
        )
