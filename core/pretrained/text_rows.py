"""Rows of text, read by numpy, or by compiled code where that is loaded or worth loading: with the same result."""

import gc
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from core.pretrained.files import VectorFile
from core.pretrained.stream import VectorBytes
from core.pretrained.tally import (
    BLANK,
    MALFORMED,
    MOST_OF_A_VALUE,
    NOT_FINITE,
    NOT_UTF8,
    TOO_LARGE,
    Rows,
    Tally,
    Wanted,
    beyond_most,
    is_utf8,
)
from core.pretrained.text_format import parse_row
from core.pretrained.tidy import TidyLines
from core.pretrained.word_forms import word_form, word_forms
from core.progress import silent
from core.system.compiled import marker

_BUFFER = 1 << 20
_BLOCK = 1 << 22
_BATCH = 1 << 19
_MOST_ROWS = 1 << 14
_FLOAT32_LIMIT = float(np.finfo(np.float32).max) * (1 + 2.0**-25)
"""From here on a number becomes infinity as float32."""
_BLANKS_OF_NUMPY = (b"\x1c", b"\x1d", b"\x1e", b"\x1f")
"""What numpy passes over around a number and `float()` does not."""


def read_text(
    file: VectorFile, stream: VectorBytes, wanted: Wanted, tally: Tally, *, compiled: bool | None = None
) -> Iterator[Rows]:
    """As `rows.read_rows`, of text; what is malformed is judged by `text_format.parse_row` alone."""
    if compiled is None:
        compiled = _kernels_are_loaded() or (_loading_pays(file, wanted) and kernels_are_ready())
    if compiled:
        prepare_kernels()
    lines = stream if file.rows is None else TidyLines(file, stream, file.rows)
    return (_read_compiled if compiled else _read_lines)(file, lines, wanted, tally)


def _loading_pays(file: VectorFile, wanted: Wanted) -> bool:
    """Whether compiled code saves more than the 0.3 seconds that loading numba takes, by measured costs."""
    rows = file.vocabulary if wanted is None else min(len(wanted), file.vocabulary)
    return 0.3e-9 * file.unpacked + 50e-9 * rows * file.vector_size > 0.3


def _kernels_are_loaded() -> bool:
    return f"{__package__}.kernels" in sys.modules


def kernels_are_ready() -> bool:
    """Whether compiled code is loaded, or lies in the cache folder: otherwise its first use would compile (2 s)."""
    return _kernels_are_loaded() or _kernels_marker().exists()


def prepare_kernels() -> None:
    """Load what `read_text` uses of compiled code (0.3 s); the first time on a machine, compile it (2 s)."""
    if _kernels_are_loaded():
        return
    content = b"a 1 2\n"
    file = VectorFile(Path(), None, len(content), "glove", 2, unpacked=len(content))
    everything: Wanted = None
    # What is only for wanted words is loaded once some are.
    each = (everything,) if kernels_are_ready() else (everything, frozenset({b"a"}))
    with _garbage_kept():
        for wanted in each:
            for _ in _read_compiled(file, VectorBytes(file, io.BytesIO(content), silent), wanted, Tally()):
                pass
    _kernels_marker().touch()


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """No search for garbage meanwhile: importing numba makes so many objects that it takes a tenth of the time."""
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searches:
            gc.enable()


def _kernels_marker() -> Path:
    return marker("vector-kernels", ("numba",), (Path(__file__).with_name("kernels.py"),))


def _read_lines(file: VectorFile, stream: io.RawIOBase, wanted: Wanted, tally: Tally) -> Iterator[Rows]:
    beginnings = None if file.spelling else _beginnings(wanted, file.separator)
    seen: set[bytes] = set()
    batch: list[bytes] = []
    size = 0
    lines = io.BufferedReader(stream, _BUFFER)
    lines.read(file.start)
    # glibc gives freed arrays back to the system, and gets their pages anew for the next batch (4 % of the time), until
    # it has seen a larger one freed. This one is never touched, so it costs nothing.
    np.empty(32 * _BATCH, np.uint8)
    separator = file.separator
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007
        if beginnings is None or _is_wanted(line[: line.find(separator)], beginnings, tally):
            batch.append(line)
            size += max(len(line), 2 * file.vector_size)  # what its vector takes, however short it is
            if size > _BATCH:
                yield _parse_lines(file, batch, wanted, seen, tally)
                batch, size = [], 0
    tally.rows = count
    if batch:
        yield _parse_lines(file, batch, wanted, seen, tally)


def _is_wanted(first: bytes, beginnings: frozenset[bytes], tally: Tally) -> bool:
    """Whether a row with this first field may have a wanted word, in whatever form."""
    if first in beginnings:
        return True
    if first.isascii():
        return False
    form = word_form(first)
    tally.respelled = tally.respelled or form != first
    return form in beginnings


def _parse_lines(file: VectorFile, lines: list[bytes], wanted: Wanted, seen: set[bytes], tally: Tally) -> Rows:
    fields = [line.rstrip().partition(file.separator) for line in lines]
    words = [word for word, _, _ in fields]
    vectors = _parse_numbers([numbers for _, _, numbers in fields], file.separator)
    every_word = b"\n".join(words)
    if vectors.shape != (len(lines), file.vector_size) or not all(words) or b" " in every_word or b"\t" in every_word:
        vectors = np.full((len(lines), file.vector_size), np.nan, np.float32)
    refused = ~np.isfinite(vectors).all(axis=1)
    for i in np.flatnonzero(refused).tolist():
        words[i] = lines[i]
    return _usable(file, words, vectors, refused, wanted, seen, tally)


def _parse_numbers(rows: list[bytes], separator: bytes) -> np.ndarray:
    """The numbers in `rows`, float32 (rows, numbers in each); (0, 0) if one is none, or rows differ in length.

    What numpy takes for a number in ASCII, `float()` takes for the same one, unless there are blanks in it.
    """
    text = b"".join(rows)
    if text.strip() and not any(blank in text for blank in _BLANKS_OF_NUMPY):
        with suppress(ValueError):
            return np.loadtxt(rows, np.float32, comments=None, delimiter=separator.decode(), encoding="ascii", ndmin=2)
    return np.empty((0, 0), np.float32)


def _beginnings(wanted: Wanted, separator: bytes) -> Wanted:
    """First fields of the rows to look at: a wanted word may have the separator in it."""
    if wanted is None or separator not in b"\n".join(wanted):
        return wanted
    return frozenset(word.partition(separator)[0] for word in wanted)


def _read_compiled(file: VectorFile, stream: io.RawIOBase, wanted: Wanted, tally: Tally) -> Iterator[Rows]:
    from core.pretrained import kernels as kernels

    separator, vector_size = np.uint8(file.separator[0]), file.vector_size
    beginnings = None if file.spelling else _beginnings(wanted, file.separator)
    if beginnings == frozenset():
        beginnings = frozenset({b"\n"})  # begins no row; an empty table would mean every row
    table = np.empty(0, np.uint64) if beginnings is None else _table_of(beginnings)
    capacity = min(_BLOCK // (2 * vector_size), _MOST_ROWS) + 256
    starts, ends, word_ends = np.empty((3, capacity), np.uint64)
    doubts = np.empty(capacity, np.uint8)
    seen: set[bytes] = set()
    for block in _line_blocks(stream, file.start):
        while len(block):
            found, lines, stop = kernels.find_rows(block, len(block), separator, table, starts, ends, doubts)
            tally.rows += lines
            if beginnings is not None and doubts[:found].any():
                kernels.find_word_ends(block, starts, ends, found, separator, word_ends)
                kept = _settle_doubts(block, starts, word_ends, doubts[:found] != 0, beginnings, tally)
                found = len(kept)
                starts[:found], ends[:found] = starts[kept], ends[kept]
            if found:
                vectors = np.empty((found, vector_size), np.float32)
                kernels.parse_rows(block, starts, ends, found, separator, vectors, word_ends)
                words = _words_of_block(block, starts, ends, word_ends, found)
                rows = _usable(file, words, vectors, word_ends[:found] == starts[:found], wanted, seen, tally)
                if rows[0]:
                    yield rows
            block = block[stop:]


def _settle_doubts(
    block: np.ndarray,
    starts: np.ndarray,
    word_ends: np.ndarray,
    doubtful: np.ndarray,
    beginnings: frozenset[bytes],
    tally: Tally,
) -> np.ndarray:
    """Rows whose first field is one of `beginnings` in whatever form: int64."""
    from core.pretrained import kernels as kernels

    rows = np.flatnonzero(doubtful)
    first, last = starts[rows], word_ends[rows]
    blob = np.empty(int((last - first).sum()) + len(rows), np.uint8)
    size = kernels.join_words(block, first, last, len(rows), blob)
    fields = blob[: size - 1].tobytes().split(b"\n")
    noted = Tally()
    forms = word_forms(fields, "", noted)
    keep = ~doubtful
    if noted.respelled:
        tally.respelled = True
        keep[rows] = [form in beginnings for form in forms]
    return np.flatnonzero(keep)


def _table_of(beginnings: frozenset[bytes]) -> np.ndarray:
    from core.pretrained import kernels as kernels

    blob = np.frombuffer(bytearray(b"".join(beginnings)) or bytearray(1), np.uint8)
    ends = np.cumsum([len(beginning) for beginning in beginnings], dtype=np.int64)
    table: np.ndarray = kernels.build_table(blob, ends, 1 << (3 * len(beginnings)).bit_length())
    return table


def _line_blocks(stream: io.RawIOBase, start: int) -> Iterator[np.ndarray]:
    """The bytes from `start` on in pieces of whole lines that end in a newline: uint8, valid until the next piece."""
    buffer = bytearray(_BLOCK)
    kept = 0
    skipped = 0
    while count := stream.readinto(memoryview(buffer)[kept:-1]):
        filled = kept + count
        first = min(start - skipped, filled)
        skipped += first
        length = buffer.rfind(b"\n", first, filled) + 1
        if length:
            yield np.frombuffer(buffer, np.uint8)[first:length]
        else:
            length = first
        kept = filled - length
        buffer[:kept] = buffer[length:filled]
        if kept > len(buffer) // 2:
            buffer = buffer + bytes(len(buffer))
    if kept:
        buffer[kept] = 10
        yield np.frombuffer(buffer, np.uint8)[: kept + 1]


def _words_of_block(
    block: np.ndarray, starts: np.ndarray, ends: np.ndarray, word_ends: np.ndarray, rows: int
) -> list[bytes]:
    """The rows' words; for a refused row the whole line."""
    from core.pretrained import kernels as kernels

    stops = np.where(word_ends[:rows] == starts[:rows], ends[:rows], word_ends[:rows])
    blob = np.empty(int((stops - starts[:rows]).sum()) + rows, np.uint8)
    size = kernels.join_words(block, starts, stops, rows, blob)
    return blob[: size - 1].tobytes().split(b"\n")


def _usable(
    file: VectorFile,
    words: list[bytes],
    vectors: np.ndarray,
    refused: np.ndarray,
    wanted: Wanted,
    seen: set[bytes],
    tally: Tally,
) -> Rows:
    """Those rows that are usable, wanted and new; the others are counted. Judges `refused` rows, which are lines."""
    if not refused.any():
        words = word_forms(words, file.spelling, tally)
    large = beyond_most(vectors)
    if (
        not refused.any()
        and not large.any()
        and (wanted is None or wanted.issuperset(words))
        and is_utf8(b"\n".join(words))
    ):
        before = len(seen)
        if seen.isdisjoint(words):
            seen.update(words)
            if len(seen) == before + len(words):
                return words, vectors
            seen.difference_update(words)  # a word twice in these rows
    kept, kept_words = [], []
    for i, word in enumerate(words):
        if refused[i]:
            row = _checked_row(word, file.separator, file.vector_size, tally)
            if row is None:
                continue
            word, vectors[i] = row
        elif not is_utf8(word):
            tally.reasons[NOT_UTF8] += 1
            continue
        elif large[i]:
            tally.reasons[TOO_LARGE] += 1
            continue
        (word,) = word_forms([word], file.spelling, tally)
        if wanted is not None and word not in wanted:
            continue
        if word in seen:
            tally.duplicates += 1
            continue
        seen.add(word)
        kept.append(i)
        kept_words.append(word)
    return kept_words, vectors[kept]


def _checked_row(line: bytes, separator: bytes, vector_size: int, tally: Tally) -> tuple[bytes, list[float]] | None:
    """Word and values of a usable row; otherwise None, and the reason is counted."""
    row = parse_row(line, separator, vector_size)
    if row is None:
        tally.reasons[MALFORMED if line.strip() else BLANK] += 1
        return None
    word, values = row
    total = sum(values)
    if total != total or not -_FLOAT32_LIMIT < min(values) <= max(values) < _FLOAT32_LIMIT:
        tally.reasons[NOT_FINITE] += 1
        return None
    if not word.isascii() and not is_utf8(word):
        tally.reasons[NOT_UTF8] += 1
        return None
    if not -MOST_OF_A_VALUE <= min(values) <= max(values) <= MOST_OF_A_VALUE:
        tally.reasons[TOO_LARGE] += 1
        return None
    return row
