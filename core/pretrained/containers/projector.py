"""Texts of numbers alone, a row of values on each line, with their words in another file: TensorFlow's Projector."""

import io
from collections.abc import Sequence
from typing import IO, Any

from core.errors import PretrainedError
from core.pretrained.containers.contents import BLOCK_VALUES, Block, Blocks, to_float32


def tensor_size(rows: Sequence[bytes]) -> int:
    """How many numbers each of `rows` has, and nothing else; 0 where that is not so."""
    sizes = {len(_numbers(row)) for row in rows[:20] if row.strip()}
    return sizes.pop() if len(sizes) == 1 else 0


def _numbers(row: bytes) -> list[float]:
    try:
        return [float(part) for part in row.replace(b",", b" ").split()]
    except ValueError:
        return []


def count_lines(stream: IO[bytes]) -> int:
    """How many lines there are that are not blank."""
    return sum(bool(line.strip()) for line in _buffered(stream))


def _buffered(stream: Any) -> Any:
    return stream if isinstance(stream, io.BufferedIOBase) else io.BufferedReader(stream)


def read_projector(stream: IO[bytes], words: Sequence[str], vector_size: int, name: str) -> Blocks:
    """Its rows; line k is the vector of word k."""
    step = max(1, BLOCK_VALUES // vector_size)
    batch: list[bytes] = []
    rows: list[list[float]] = []
    malformed = used = 0
    for line in _buffered(stream):
        if not line.strip():
            continue
        if used == len(words):
            raise PretrainedError(f"{name} has more rows than the {len(words):,} words beside it. Save both again.")
        values = _numbers(line)
        if len(values) == vector_size:
            batch.append(words[used].encode("utf-8", "replace"))
            rows.append(values)
        else:
            malformed += 1
        used += 1
        if len(rows) == step:
            yield Block(batch, to_float32(rows), malformed)
            batch, rows, malformed = [], [], 0
    if rows or malformed:
        yield Block(batch, to_float32(rows).reshape(len(rows), vector_size), malformed)
