"""NumPy's arrays (.npy) and the tensors of safetensors files, row by row from a stream. Nothing is ever unpickled."""

import json
import math
from collections.abc import Iterator
from tokenize import TokenError
from typing import IO, NamedTuple

import numpy as np

from core.errors import PretrainedError
from core.pretrained.containers.contents import BLOCK_VALUES, to_float32
from core.prose.numbers import readable_size

_LONGEST_HEADER, _LONGEST_READ = 100_000_000, 2_000_000
"""What may be the header of a safetensors file; what is read of one. A model of 10,000 tensors has 1 MB."""
_TENSOR_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I8": "<i1"}


class ArrayHeader(NamedTuple):
    """Shape and type of an array that a stream holds, and whether its columns come first."""

    shape: tuple[int, ...]
    dtype: np.dtype
    by_column: bool = False

    @property
    def is_matrix(self) -> bool:
        """Two dimensions of numbers."""
        return len(self.shape) == 2 and self.dtype.kind in "fiu" and not self.dtype.hasobject

    @property
    def is_words(self) -> bool:
        """One dimension of text."""
        return len(self.shape) == 1 and self.dtype.kind in "US"


def read_header(stream: IO[bytes], name: str) -> ArrayHeader:
    """What the beginning of a .npy file says; the stream then stands at the first number.

    Raises:
        PretrainedError: it is damaged, or holds pickled objects.
    """
    try:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            shape, by_column, dtype = np.lib.format.read_array_header_1_0(stream)
        else:
            shape, by_column, dtype = np.lib.format.read_array_header_2_0(stream)
    except (ValueError, TypeError, SyntaxError, EOFError, TokenError) as error:
        raise PretrainedError(f"{name} is a damaged NumPy file. Save it again.") from error
    if dtype.hasobject:
        raise PretrainedError(objects_refused(name))
    return ArrayHeader(tuple(map(int, shape)), dtype, by_column)


def objects_refused(name: str) -> str:
    """Why NumPy files with Python objects in them are refused, and what to do."""
    return (
        f"{name} holds Python objects (a pickle); opening one can run any code that was hidden in it, so it is "
        "refused. Where it was made, save words and vectors as plain arrays: "
        "numpy.savez('vectors.npz', words=numpy.array(words, dtype=str), vectors=numpy.array(vectors, dtype='float32'))"
    )


def read_parts(stream: IO[bytes], header: ArrayHeader, name: str) -> Iterator[np.ndarray]:
    """The rows of a matrix whose header was read, some at a time: float32 (rows, columns)."""
    rows, columns = header.shape
    width = columns * header.dtype.itemsize
    if header.by_column:
        whole = np.frombuffer(read_exactly(stream, rows * width, name), header.dtype).reshape(columns, rows)
        yield np.ascontiguousarray(to_float32(whole.T))
        return
    for numbers in _read_raw(stream, header, name):
        yield to_float32(numbers)


def read_text_array(stream: IO[bytes], header: ArrayHeader, name: str) -> list[str]:
    """The words of an array of text whose header was read."""
    size = header.shape[0] * header.dtype.itemsize
    array = np.frombuffer(read_exactly(stream, size, name), header.dtype)
    try:
        words = array.tolist()
    except UnicodeDecodeError as error:
        raise PretrainedError(f"{name} has characters that do not exist. Save it again.") from error
    return [word.decode("utf-8", "replace") if isinstance(word, bytes) else word for word in words]


def read_exactly(stream: IO[bytes], size: int, name: str) -> bytes:
    """`size` bytes of `stream`; memory is taken for what is there, whatever a header says."""
    parts, missing = [], size
    while missing and (part := stream.read(min(missing, 1 << 24))):
        parts.append(part)
        missing -= len(part)
    if missing:
        raise PretrainedError(f"{name} ends before all of its numbers have come: it was cut off. Download it again.")
    return b"".join(parts)


class Tensor(NamedTuple):
    """A matrix in a safetensors file: its name, shape, type, and where its numbers are after the header."""

    name: str
    shape: tuple[int, int]
    type: str
    start: int


def is_safetensors(head: bytes) -> bool:
    """Whether bytes begin as a safetensors file does: the length of a header, and the header, which is JSON."""
    length = int.from_bytes(head[:8], "little")
    return 2 < length < _LONGEST_HEADER and head[8:9] == b"{" and b'"dtype"' in head[: 8 + length]


def read_tensors(stream: IO[bytes], name: str) -> tuple[list[Tensor], dict[str, str]]:
    """The matrices that the header of a safetensors file names, the largest first, and its texts."""
    length = int.from_bytes(read_exactly(stream, 8, name), "little")
    if length > _LONGEST_HEADER:
        raise PretrainedError(f"{name} is a damaged safetensors file. Save it again.")
    if length > _LONGEST_READ:
        raise PretrainedError(
            f"{name} lists {readable_size(length)} of names of tensors, far more than a file of vectors does. Save the "
            "matrix of its vectors alone."
        )
    try:
        header = json.loads(read_exactly(stream, length, name))
        texts = {key: str(value) for key, value in header.pop("__metadata__", {}).items()}
        found = []
        for key, about in header.items():
            shape, (start, end) = tuple(about["shape"]), about["data_offsets"]
            kind = _TENSOR_TYPES.get(about["dtype"])
            if kind is not None and len(shape) == 2 and end - start == math.prod(shape) * np.dtype(kind).itemsize:
                found.append(Tensor(str(key), (int(shape[0]), int(shape[1])), about["dtype"], int(start)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PretrainedError(f"{name} is a damaged safetensors file. Save it again.") from error
    return sorted(found, key=lambda tensor: -math.prod(tensor.shape)), texts


def read_tensor(stream: IO[bytes], tensor: Tensor, name: str) -> Iterator[np.ndarray]:
    """The rows of a tensor, of a stream that stands at the end of the header: float32 (rows, columns)."""
    skip = tensor.start
    while skip and (part := stream.read(min(skip, 1 << 24))):
        skip -= len(part)
    header = ArrayHeader(tensor.shape, np.dtype(_TENSOR_TYPES[tensor.type]))
    for numbers in _read_raw(stream, header, name):
        if tensor.type == "BF16":  # the upper half of a float32
            yield (numbers.astype(np.uint32) << 16).view(np.float32)
        else:
            yield to_float32(numbers)


def _read_raw(stream: IO[bytes], header: ArrayHeader, name: str) -> Iterator[np.ndarray]:
    """As `read_parts`, the numbers as they are stored."""
    rows, columns = header.shape
    step = max(1, BLOCK_VALUES // max(1, columns))
    for start in range(0, rows, step):
        count = min(step, rows - start)
        data = read_exactly(stream, count * columns * header.dtype.itemsize, name)
        yield np.frombuffer(data, header.dtype).reshape(count, columns)
