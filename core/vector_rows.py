"""The rows of a vectors file, parsed and checked: all of them, or only those of wanted words."""

import io
from array import array
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

import numpy as np

from core.errors import PretrainedError
from core.vector_files import VectorBytes, VectorFile, parse_row

Rows = tuple[list[bytes], np.ndarray]
"""Some usable rows: words in UTF-8, and their vectors, float32 (len(words), vector_size)."""

BLANK = "blank line"
MALFORMED = "wrong number of values, or not numbers"
NOT_FINITE = "nan or infinity"
NOT_UTF8 = "word is not UTF-8"
CUT_OFF = "cut off at the end of the file"

_BUFFER = 1 << 20
_BATCH = 4096
_LONGEST_WORD = 4096
_FLOAT32_LIMIT = float(np.finfo(np.float32).max) * (1 + 2.0**-25)
"""From here on a number becomes infinity as float32."""


@dataclass(slots=True)
class Tally:
    """What a reader has met so far: lines of any sort, unusable rows by reason, repeated words."""

    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0

    @property
    def usable(self) -> int:
        return self.rows - self.reasons.total() - self.duplicates


def read_rows(file: VectorFile, stream: VectorBytes, wanted: Set[bytes] | None, tally: Tally) -> Iterator[Rows]:
    """Batches of the rows of `file` whose words are `wanted` (None: of all), each word once, in the file's order.

    The first row of a word counts. Rows of other words are counted, not looked at. Reads `stream` to its end.
    """
    rows = _read_binary if file.kind == "word2vec-binary" else _read_text
    return rows(file, stream, wanted, tally)


def _read_text(file: VectorFile, stream: VectorBytes, wanted: Set[bytes] | None, tally: Tally) -> Iterator[Rows]:
    separator, vector_size = file.separator, file.vector_size
    # A wanted word with a separator in it is found by its beginning.
    beginnings = None if wanted is None else {word.partition(separator)[0] for word in wanted}
    seen: set[bytes] = set()
    words: list[bytes] = []
    values = array("f")
    lines = io.BufferedReader(stream, _BUFFER)
    lines.read(file.start)
    for line in lines:
        tally.rows += 1
        if beginnings is not None and line[: line.find(separator)] not in beginnings:
            continue
        row = _checked_row(line, separator, vector_size, tally)
        if row is None or (wanted is not None and row[0] not in wanted):
            continue
        word, numbers = row
        if word in seen:
            tally.duplicates += 1
            continue
        seen.add(word)
        words.append(word)
        values.extend(numbers)
        if len(words) == _BATCH:
            yield words, np.frombuffer(values, np.float32).reshape(-1, vector_size)
            words, values = [], array("f")
    if words:
        yield words, np.frombuffer(values, np.float32).reshape(-1, vector_size)


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
    if not word.isascii() and not _is_utf8(word):
        tally.reasons[NOT_UTF8] += 1
        return None
    return row


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_binary(file: VectorFile, stream: VectorBytes, wanted: Set[bytes] | None, tally: Tally) -> Iterator[Rows]:
    """word2vec's binary format: word, space, float32 values (little-endian), sometimes a newline."""
    width = 4 * file.vector_size
    seen: set[bytes] = set()
    data = io.BufferedReader(stream, _BUFFER)
    data.read(file.start)
    rest = b""
    while missing := (file.declared or 0) - tally.rows:
        block = data.read(max(_BUFFER, 2 * (width + _LONGEST_WORD)))
        if not block:
            if rest.strip():
                tally.rows += 1
                tally.reasons[CUT_OFF] += 1
            break
        block = rest + block
        words, starts, end = _cut_binary(block, width, missing, file.name)
        rest = block[end:]
        tally.rows += len(words)
        candidates = [i for i, word in enumerate(words) if wanted is None or word in wanted]
        if candidates:
            cells = np.lib.stride_tricks.sliding_window_view(np.frombuffer(block, np.uint8), width)
            vectors = cells[[starts[i] for i in candidates]].view("<f4").astype(np.float32, copy=False)
            kept = _usable_binary([words[i] for i in candidates], vectors, seen, tally)
            yield [words[candidates[i]] for i in kept], vectors[kept]
    while data.read(_BUFFER):
        pass  # the digest is of every byte


def _cut_binary(block: bytes, width: int, limit: int, name: str) -> tuple[list[bytes], list[int], int]:
    """The words of at most `limit` whole rows, where their vectors start, and where the last row ends."""
    words: list[bytes] = []
    starts: list[int] = []
    end = 0
    while len(words) < limit:
        space = block.find(b" ", end, end + _LONGEST_WORD)
        if space < 0 and len(block) - end >= _LONGEST_WORD:
            raise PretrainedError(
                f"{name} is damaged: no word where row {len(words) + 1:,} of a block should start. Download it again."
            )
        start = space + 1
        if space < 0 or start + width > len(block):
            break
        words.append(block[end:space].lstrip(b"\n"))
        starts.append(start)
        end = start + width
    return words, starts, end


def _usable_binary(words: list[bytes], vectors: np.ndarray, seen: set[bytes], tally: Tally) -> list[int]:
    """Which rows are usable and new; the others are counted."""
    kept = []
    for i, (word, finite) in enumerate(zip(words, np.isfinite(vectors).all(axis=1).tolist(), strict=True)):
        if not word or b"\n" in word:
            tally.reasons[MALFORMED] += 1
        elif not finite:
            tally.reasons[NOT_FINITE] += 1
        elif not _is_utf8(word):
            tally.reasons[NOT_UTF8] += 1
        elif word in seen:
            tally.duplicates += 1
        else:
            seen.add(word)
            kept.append(i)
    return kept
