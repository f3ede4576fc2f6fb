"""Parquet tables of a word and its vector in each row: the vector a list, or a column for each value."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import numpy as np

from core.errors import PretrainedError
from core.pretrained.containers.contents import BLOCK_VALUES, Block, Blocks, Contents

_LARGEST_NAMES, _MOST_PARTS = 100_000_000, 1_000_000  # of the footer, against forged files
_MOST_UNPACKED = 1000


def describe_parquet(stream: IO[bytes], name: str, size: int) -> Contents | None:
    """Where words and vectors are; None for a table that has words and no numbers.

    Raises:
        PretrainedError: it is damaged, or has no column of words.
    """
    with _opened(stream, name) as table:
        _, vectors, vector_size = _find_columns(table, name)
        rows = table.metadata.num_rows
        if not vectors:
            return None
        if rows * vector_size > _MOST_UNPACKED * size:
            raise PretrainedError(f"{name} says that it has {rows:,} rows, which do not fit into it. It is damaged.")
        return Contents("parquet", vector_size, rows)


def count_parquet(stream: IO[bytes], name: str) -> int:
    """How many rows a table has."""
    with _opened(stream, name) as table:
        return int(table.metadata.num_rows)


def read_parquet(stream: IO[bytes], name: str, vector_size: int) -> Blocks:
    """Its rows; one whose vector is missing or of another length is malformed."""
    with _opened(stream, name) as table:
        words, vectors, _ = _find_columns(table, name)
        for batch in table.iter_batches(max(1, BLOCK_VALUES // vector_size), columns=[words, *vectors]):
            yield _block_of(batch, words, vectors, vector_size)


def _block_of(batch: Any, word_column: str, columns: list[str], vector_size: int) -> Block:
    words = batch.column(word_column).cast("string").to_pylist()
    if len(columns) > 1:
        values = [np.asarray(batch.column(each).cast("float32").to_numpy(False)) for each in columns]
        matrix = np.stack(values, axis=1)
        whole = np.ones(len(words), bool)
    else:
        cells = batch.column(columns[0])
        lengths = np.asarray(cells.value_lengths().fill_null(0).to_numpy(False))
        whole = lengths == vector_size
        flat = np.asarray(cells.filter(_mask(whole)).flatten().cast("float32").to_numpy(False))
        matrix = np.full((len(words), vector_size), np.nan, np.float32)
        matrix[whole] = flat.reshape(-1, vector_size)
    kept = [row for row, word in enumerate(words) if word and whole[row]]
    encoded = [words[row].encode("utf-8", "replace") for row in kept]
    return Block(encoded, matrix[kept], len(words) - len(kept))


def _mask(whole: np.ndarray) -> Any:
    import pyarrow as arrow

    return arrow.array(whole)


def read_word_column(stream: IO[bytes], name: str) -> list[str]:
    """The first column of text."""
    with _opened(stream, name) as table:
        words, _, _ = _find_columns(table, name)
        return [word or "" for word in table.read(columns=[words]).column(0).cast("string").to_pylist()]


@contextmanager
def _opened(stream: IO[bytes], name: str) -> Iterator[Any]:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        limits = {"thrift_string_size_limit": _LARGEST_NAMES, "thrift_container_size_limit": _MOST_PARTS}
        with parquet.ParquetFile(stream, **limits) as table:
            yield table
    except (arrow.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        raise PretrainedError(f"{name} is a damaged Parquet file ({str(error)[:100]}). Download it again.") from error


def _find_columns(table: Any, name: str) -> tuple[str, list[str], int]:
    """The column of words, those of values, and how many values there are in a row."""
    import pyarrow as arrow

    words, lists, values = [], [], []
    for field in table.schema_arrow:
        if (
            arrow.types.is_string(field.type)
            or arrow.types.is_large_string(field.type)
            or (arrow.types.is_dictionary(field.type) and arrow.types.is_string(field.type.value_type))
        ):
            words.append(field.name)
        elif (
            arrow.types.is_fixed_size_list(field.type)
            or arrow.types.is_list(field.type)
            or arrow.types.is_large_list(field.type)
        ):
            lists.append(field)
        elif arrow.types.is_floating(field.type):
            values.append(field.name)
    if not words:
        raise PretrainedError(f"{name} is a Parquet table without a column of words. Save one with words and vectors.")
    if lists:
        vector = lists[0]
        size = (
            vector.type.list_size if arrow.types.is_fixed_size_list(vector.type) else _first_length(table, vector.name)
        )
        return words[0], [vector.name], size
    return words[0], values, len(values)


def _first_length(table: Any, column: str) -> int:
    for batch in table.iter_batches(100, columns=[column]):
        lengths = [len(cell) for cell in batch.column(0).to_pylist() if cell]
        if lengths:
            return max(set(lengths), key=lengths.count)
    return 0
