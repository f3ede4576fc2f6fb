"""How the rows of a text of vectors are written, told from the first of them; and texts of numbers that have no words.

A row is a word and its values. What is between them may be a blank, a tab, or any run of both; decimals may have a
comma; there may be a count beside the values; and some files write /c/en/dog or dog_NOUN for dog.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import PretrainedError

MAX_VECTOR_SIZE = 10_000
ANY_BLANKS = b" \t"
"""As a separator: any run of blanks and tabs."""

_MOST = 0.95
_SPELLED = 0.8
_DWARFS = 20.0
_FEWEST_ROWS = 8
_VALUE = re.compile(rb"[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?")
_FRACTION = re.compile(rb"[-+]?\d*[.,]\d+(?:[eE][-+]?\d+)?|[-+]?\d+[eE][-+]?\d+")
_COMMA_DECIMAL = re.compile(rb"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_PAIR = re.compile(rb"\d+:[-+]?[\d.]+(?:[eE][-+]?\d+)?")
_BLANKS = re.compile(rb"[ \t]+")
_SPELLINGS = {
    "/c/en/dog": re.compile(rb"^/c/[a-z]{2,3}/(?P<plain>.+)"),
    "dog_NOUN": re.compile(
        rb"(?P<plain>(?<=.))[_|/](?:ADJ|ADP|ADV|AUX|CCONJ|CONJ|DET|INTJ|NOUN|NUM|PART|PRON|PROPN|PUNCT|SCONJ|SYM|VERB|X|"
        rb"NN|NNS|JJ|VB|RB)$"
    ),
    '"dog"': re.compile(rb'^"(?P<plain>.+)"$'),
    "b'dog'": re.compile(rb"^b(['\"])(?P<plain>.+)\1$"),
    "dog:": re.compile(rb"^(?P<plain>.+):$"),
}
"""Ways to write dog, and what of each is the word: ConceptNet's, with a class of words, as R, Python and YAML do."""

_CASES = ("DOG", "Dog")
_NO_NAMES = re.compile(
    "the|of|and|in|to|is|der|die|und|das|le|la|les|et|de|el|los|que|en|il|di|che|и|в|не|на|og|i|att|och|het|een"
)
_FEWEST_OF_THESE = 2


@dataclass(frozen=True, slots=True)
class RowFormat:
    """How each row of a text is written.

    Attributes:
        separator: b" ", b"\\t", or `ANY_BLANKS`.
        vector_size: values that are used of each row.
        comma: decimals have a comma.
        left_out: which number of each row is none of its values: 0 the first, -1 the last; None where all are.
        note: what is odd about that, for the user.
    """

    separator: bytes
    vector_size: int
    comma: bool = False
    left_out: int | None = None
    note: str = ""

    @property
    def plain(self) -> bool:
        """Whether rows can be read as they are."""
        return self.separator != ANY_BLANKS and not self.comma and self.left_out is None

    def tidy(self, line: bytes) -> bytes:
        """`line` as a plain row: a blank or the separator between word and values, and nothing else among them."""
        if self.separator == ANY_BLANKS:
            parts = _BLANKS.sub(b" ", line.strip(b" \t\r\n")).split(b" ")
        else:
            parts = line.rstrip().split(self.separator)
        first = len(parts) - self.vector_size - (self.left_out is not None)
        if first < 1:
            return line
        values = parts[first:]
        if self.left_out is not None:
            del values[self.left_out]
        if self.comma:
            values = [value.replace(b",", b".") for value in values]
        between = self.between
        return between.join((*parts[:first], *values))

    @property
    def between(self) -> bytes:
        """What stands between word and values of a tidy row."""
        return b" " if self.separator == ANY_BLANKS else self.separator


def find_row_format(rows: Sequence[bytes], name: str) -> tuple[RowFormat | None, float]:
    """How `rows`, the first of a text, are written, and the share of them that is usable so.

    None where they are no rows of a word and two values or more.

    Raises:
        PretrainedError: they are numbers without words, or a sparse matrix.
    """
    _refuse_sparse(rows, name)
    best, best_score = None, 0
    for candidate in (
        RowFormat(b" ", 0),
        RowFormat(b"\t", 0),
        RowFormat(ANY_BLANKS, 0),
        RowFormat(ANY_BLANKS, 0, True),
    ):
        found, score = _fit(candidate, rows)
        if found is not None and score > best_score:
            best, best_score = found, score
        if best_score >= _MOST * len(rows):
            break
    if best is None:
        return None, 0.0
    table = [row for row in (parse_row(best.tidy(line), best.between, best.vector_size) for line in rows) if row]
    _refuse_matrix([word for word, _ in table], [best.tidy(line) for line in rows], best, name)
    if len(table) >= _FEWEST_ROWS and not any(any(values) for _, values in table):
        raise PretrainedError(f"{name} has nothing but zeros for values. Save the vectors again.")
    return _without_count(best, table), best_score / len(rows)


def _fit(form: RowFormat, rows: Sequence[bytes]) -> tuple[RowFormat | None, int]:
    """`form` with the number of values that most rows have, and how many rows then are usable."""
    lines = [_BLANKS.sub(b" ", row.strip(b" \t\r\n")) if form.separator == ANY_BLANKS else row.rstrip() for row in rows]
    if not lines or (form.comma and not any(_COMMA_DECIMAL.search(line) for line in lines)):
        return None, 0
    ((size, _),) = Counter(line.count(form.between) for line in lines).most_common(1)
    if not 2 <= size <= MAX_VECTOR_SIZE:
        return None, 0
    found = RowFormat(form.separator, size, form.comma)
    lines = list(rows) if found.plain else [found.tidy(row) for row in rows]
    return found, sum(parse_row(line, found.between, size) is not None for line in lines)


def parse_row(line: bytes, separator: bytes, vector_size: int) -> tuple[bytes, list[float]] | None:
    """Word and values of one row of text, or None: wrong number of values, or one is not a number.

    The last values count, and the rest is the word, which may contain the separator: GloVe 840B has “. . .”, others
    have “10 000” and “to infinity”. What looks like one value too many is one, and no part of a word.
    """
    parts = line.rstrip().rsplit(separator, vector_size)
    word = parts[0]
    if len(parts) != vector_size + 1 or not word:
        return None
    try:
        values = [float(part) for part in parts[1:]]
    except ValueError:
        return None
    if (b" " in word or b"\t" in word) and _ends_in_value(word.replace(b"\t", b" "), parts[1:]):
        return None
    return word, values


def _ends_in_value(word: bytes, values: Sequence[bytes]) -> bool:
    """Whether the last part of a word of several parts is a value of its row, which then has one too many."""
    first, _, last = word.rpartition(b" ")
    if not first.strip() or _VALUE.fullmatch(last) is None:
        return _VALUE.fullmatch(last) is not None
    if not last.isdigit():
        return True
    # Digits alone: of “10 000” they are the word's, unless the row's values are written so too.
    return all(value.lstrip(b"-+").isdigit() for value in values)


def _refuse_sparse(rows: Sequence[bytes], name: str) -> None:
    if rows and rows[0].startswith(b"%%MatrixMarket"):
        raise PretrainedError(
            f"{name} is a MatrixMarket file: a matrix of numbers, without words. Pick a file that has a word and its "
            "values on each line."
        )
    filled = [row.split() for row in rows if row.strip()]
    sparse = sum(len(parts) > 1 and all(map(_PAIR.fullmatch, parts[1:])) for parts in filled)
    if filled and sparse >= 0.5 * len(filled):
        raise PretrainedError(
            f"{name} holds sparse vectors (position:value), which are not read. Reduce them to dense ones, such as by "
            "a truncated SVD to 300 values, and save a word and its values on each line."
        )


def _refuse_matrix(words: Sequence[bytes], lines: Sequence[bytes], form: RowFormat, name: str) -> None:
    """Refuse rows that have a number where the word should be."""
    if not words:
        return
    if sum(_FRACTION.fullmatch(word) is not None for word in words) >= _MOST * len(words):
        raise PretrainedError(without_words(name, form.vector_size + 1))
    if len(words) >= _FEWEST_ROWS and all(word.isdigit() for word in words):
        numbers = list(map(int, words))
        if numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1):
            raise PretrainedError(without_words(name, form.vector_size).replace(": a", " but those of its rows: a"))
    if form.vector_size == 2:
        cells = [line.split(form.between) for line in lines]
        whole = sum(len(parts) == 3 and parts[0].isdigit() and parts[1].isdigit() for parts in cells)
        if whole >= _MOST * len(words):
            raise PretrainedError(
                f"{name} lists the cells of a matrix (row, column, value), and has no words. Pick a file that has a "
                "word and its values on each line."
            )


def without_words(name: str, columns: int) -> str:
    """Why a matrix is refused, and what to do."""
    return (
        f"{name} has numbers and no words: a matrix of {columns} columns. Put each word before its row, or bring the "
        "matrix as .npy with a list of its words beside it."
    )


def _without_count(form: RowFormat, table: Sequence[tuple[bytes, list[float]]]) -> RowFormat:
    """`form` without the column that is a count; with a note where one dwarfs the others for whatever reason."""
    if len(table) < _FEWEST_ROWS or form.vector_size < 3:
        return form
    values = np.array([row for _, row in table])
    values = values[np.isfinite(values).all(axis=1)]
    if len(values) < _FEWEST_ROWS:
        return form
    sizes = np.median(np.abs(values), axis=0)
    column = int(np.argmax(sizes))
    others = float(np.median(np.delete(sizes, column)))
    if sizes[column] <= _DWARFS * others:
        return form
    whole = np.all(values[:, column] == np.round(values[:, column])) and np.all(values[:, column] >= 0)
    broken = np.mean(np.delete(values, column, axis=1) % 1 != 0) > 0.5
    if column in (0, form.vector_size - 1) and whole and broken:
        where, left_out = ("first", 0) if column == 0 else ("last", -1)
        note = (
            f"The {where} number of each row is a whole number far above the others, a count as it looks: it was left "
            f"out, and {form.vector_size - 1} values remain."
        )
        return RowFormat(form.separator, form.vector_size - 1, form.comma, left_out, note)
    note = (
        f"Value {column + 1} of each row dwarfs the others (about {sizes[column]:.3g}, where they are about "
        f"{others:.2g}): similarities say little else. Look whether it is a count or a rank, and take it out."
    )
    return RowFormat(form.separator, form.vector_size, form.comma, None, note)


def find_spelling(words: Sequence[bytes]) -> str:
    """How a file writes its words where that is not as they are, a key of `_SPELLINGS`; "" for plain words."""
    if len(words) < _FEWEST_ROWS:
        return ""
    for spelling, pattern in _SPELLINGS.items():
        if sum(pattern.search(word) is not None for word in words) >= _SPELLED * len(words):
            return spelling
    return ""


def find_case(words: Sequence[bytes]) -> str:
    """ "DOG" or "Dog" where a file writes all its words so; "" where it does not, or has names alone.

    Files of names are written with capitals too, and texts that keep theirs have the same.
    """
    cased = [text for word in words if (text := word.decode("utf-8", "replace")).lower() != text.upper()]
    if len(cased) < _FEWEST_ROWS:
        return ""
    if all(text == text.upper() for text in cased):
        return "DOG"
    if all(text[0] != text[0].lower() and text[1:] == text[1:].lower() for text in cased):
        return "Dog" if sum(_NO_NAMES.fullmatch(text.lower()) is not None for text in cased) >= _FEWEST_OF_THESE else ""
    return ""


def plain_word(word: bytes, spelling: str) -> bytes:
    """`word` without what `find_spelling` found around it."""
    if spelling in _CASES:
        try:
            return word.decode("utf-8").lower().encode("utf-8")
        except UnicodeDecodeError:
            return word
    return _SPELLINGS[spelling].sub(rb"\g<plain>", word, count=1) if spelling else word
