"""Rows of files that are no rows of text."""

from collections.abc import Iterator

import numpy as np

from core.pretrained.containers.contents import Contents
from core.pretrained.containers.opening import read_blocks
from core.pretrained.files import VectorFile
from core.pretrained.stream import VectorBytes
from core.pretrained.tally import MALFORMED, NOT_FINITE, NOT_UTF8, TOO_LARGE, Rows, Tally, Wanted, beyond_most, is_utf8
from core.pretrained.word_forms import word_forms


def read_container(
    file: VectorFile, contents: Contents, stream: VectorBytes, wanted: Wanted, tally: Tally
) -> Iterator[Rows]:
    """As `rows.read_rows`. The bytes of the file, and of the words beside it, pass first: the digest is theirs."""
    buffer = bytearray(1 << 20)
    while stream.readinto(buffer):
        pass
    if file.words_beside is not None:
        with open(file.words_beside, "rb") as beside:
            while part := beside.read(1 << 20):
                stream.add(part)
    seen: set[bytes] = set()
    for block in read_blocks(file.path, file.inside, file.name, contents):
        tally.rows += len(block.words) + block.malformed
        if block.malformed:
            tally.reasons[MALFORMED] += block.malformed
        words = word_forms(block.words, "", tally)
        kept = _usable(words, block.vectors, wanted, seen, tally)
        yield [words[row] for row in kept], block.vectors[kept]


def _usable(words: list[bytes], vectors: np.ndarray, wanted: Wanted, seen: set[bytes], tally: Tally) -> list[int]:
    kept = []
    checked = zip(words, np.isfinite(vectors).all(axis=1).tolist(), beyond_most(vectors).tolist(), strict=True)
    for row, (word, finite, large) in enumerate(checked):
        if wanted is not None and word not in wanted:
            continue
        if not word or b"\n" in word:
            tally.reasons[MALFORMED] += 1
        elif not finite:
            tally.reasons[NOT_FINITE] += 1
        elif large:
            tally.reasons[TOO_LARGE] += 1
        elif not is_utf8(word):
            tally.reasons[NOT_UTF8] += 1
        elif word in seen:
            tally.duplicates += 1
        else:
            seen.add(word)
            kept.append(row)
    return kept
