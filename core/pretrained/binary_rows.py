"""Rows of word2vec's binary format."""

import io
from collections.abc import Iterator

import numpy as np

from core.errors import PretrainedError
from core.pretrained.files import VectorFile
from core.pretrained.stream import VectorBytes
from core.pretrained.tally import CUT_OFF, Rows, Tally, Wanted, find_usable
from core.pretrained.word_forms import word_forms

_BUFFER = 1 << 20
_LONGEST_WORD = 4096


def read_binary(file: VectorFile, stream: VectorBytes, wanted: Wanted, tally: Tally) -> Iterator[Rows]:
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
        words, starts, end = _cut_rows(block, width, missing, file.name)
        rest = block[end:]
        tally.rows += len(words)
        words = word_forms(words, "", tally)
        candidates = [i for i, word in enumerate(words) if wanted is None or word in wanted]
        if candidates:
            cells = np.lib.stride_tricks.sliding_window_view(np.frombuffer(block, np.uint8), width)
            vectors = cells[[starts[i] for i in candidates]].view("<f4").astype(np.float32, copy=False)
            kept = find_usable([words[i] for i in candidates], vectors, None, seen, tally)
            yield [words[candidates[i]] for i in kept], vectors[kept]
    while data.read(_BUFFER):
        pass  # the digest is of every byte


def _cut_rows(block: bytes, width: int, limit: int, name: str) -> tuple[list[bytes], list[int], int]:
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
