"""fastText's models (.bin): the vector of a word is the mean of its own row and those of its parts of letters.

The format is that of `Dictionary::load` and `FastText::loadModel` in <https://github.com/facebookresearch/fastText>.
"""

import io
import os
import struct
from collections.abc import Sequence
from typing import IO, Any, NamedTuple, cast

import numpy as np

from core.errors import PretrainedError
from core.pretrained.containers.arrays import read_exactly
from core.pretrained.containers.contents import Block, Blocks, Contents

_MAGIC, _VERSION = 793_712_314, 12
_ARGUMENTS = struct.Struct("<12id")
_SIZES = struct.Struct("<iiiqq")
_LONGEST_WORD = 10_000
_AFTER_WORD = 9
_BUFFER = 1 << 20
_WORDS_AT_A_TIME = 2_000
_LARGEST = 1 << 36


class Model(NamedTuple):
    """What a model's beginning says.

    Attributes:
        vector_size, words, labels: of the model.
        rows: of its matrix: words, then buckets of parts.
        buckets, shortest, longest: parts of `shortest` to `longest` letters are hashed into so many buckets.
        start: where the matrix begins.
    """

    vector_size: int
    words: tuple[bytes, ...]
    labels: int
    rows: int
    buckets: int
    shortest: int
    longest: int
    start: int


def describe_fasttext(stream: IO[bytes], name: str) -> Contents:
    """What the file has.

    Raises:
        PretrainedError: it is damaged, or one of fastText's small models, whose matrix is packed.
    """
    vector_size, sizes = _read_beginning(stream, name)
    buckets, longest = sizes[5 + 8], sizes[5 + 10]
    return Contents("fasttext-binary", vector_size, sizes[1], has_parts=buckets > 0 and longest > 0)


def _read_beginning(stream: IO[bytes], name: str) -> tuple[int, tuple[int, ...]]:
    magic, version = struct.unpack("<ii", read_exactly(stream, 8, name))
    arguments = _ARGUMENTS.unpack(read_exactly(stream, _ARGUMENTS.size, name))
    sizes = _SIZES.unpack(read_exactly(stream, _SIZES.size, name))
    if magic != _MAGIC or version != _VERSION:
        raise PretrainedError(f"{name} is a fastText model of version {version}; those of version 12 are read.")
    vector_size, (size, words, labels, _, pruned) = arguments[0], sizes
    if not 2 <= vector_size <= 10_000 or words < 1 or words + labels != size or labels < 0:
        raise PretrainedError(f"{name} is a damaged fastText model. Download it again.")
    if pruned >= 0:
        raise PretrainedError(
            f"{name} is one of fastText's small models (.ftz), whose vectors are packed. Use the .bin or .vec file."
        )
    return vector_size, (*sizes, *arguments)


def read_model(stream: Any, name: str) -> Model:
    """All but the matrix, at whose first number the stream then stands."""
    vector_size, (_, count, labels, _, _, *arguments) = _read_beginning(stream, name)
    words, length = _read_words(stream, count + labels, name)
    start = 8 + _ARGUMENTS.size + _SIZES.size + length
    packed = read_exactly(stream, 1, name) != b"\0"
    rows, columns = struct.unpack("<qq", read_exactly(stream, 16, name))
    buckets, shortest, longest = int(arguments[8]), int(arguments[9]), int(arguments[10])
    if packed or columns != vector_size or not count <= rows <= _LARGEST // columns:
        raise PretrainedError(f"{name} is a fastText model whose vectors are packed. Use the .vec file.")
    if rows != count + buckets:  # without parts there are no buckets
        buckets = 0
    return Model(vector_size, tuple(words[:count]), labels, rows, buckets, shortest, longest, start + 17)


def _read_words(stream: Any, count: int, name: str) -> tuple[list[bytes], int]:
    """So many words, each followed by a zero, its count and its kind; and how many bytes these are."""
    words: list[bytes] = []
    length, rest = 0, b""
    while len(words) < count:
        block = rest + stream.peek(1)
        at = 0
        while len(words) < count:
            end = block.find(b"\0", at)
            if end < 0 or end + 1 + _AFTER_WORD > len(block):
                break
            words.append(block[at:end])
            at = end + 1 + _AFTER_WORD
        taken = at - len(rest) if len(words) == count else len(block) - len(rest)
        if len(block) == len(rest) or len(block) - at > _LONGEST_WORD + len(stream.peek(1)):
            raise PretrainedError(f"{name} is a damaged fastText model: a word does not end. Download it again.")
        stream.read(taken)
        length += taken
        rest = block[at:] if len(words) < count else b""
    return words, length


def read_fasttext(stream: IO[bytes], name: str) -> Blocks:
    """The words' vectors, as `fasttext print-word-vectors` gives them."""
    model, matrix = _open(stream, name)
    for start in range(0, len(model.words), _WORDS_AT_A_TIME):
        words = list(model.words[start : start + _WORDS_AT_A_TIME])
        yield Block(words, vectors_of(words, np.arange(start, start + len(words)), matrix, model))


def make_vectors(stream: IO[bytes], name: str, words: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Vectors of words that the model lacks, of their parts of letters alone: those words that have any, and theirs."""
    model, matrix = _open(stream, name)
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    vectors = vectors_of(encoded, np.full(len(words), -1), matrix, model)
    made = np.flatnonzero(vectors.any(axis=1)).tolist()
    return [words[row] for row in made], vectors[made]


def _open(stream: IO[bytes], name: str) -> tuple[Model, np.ndarray]:
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), _BUFFER)
    model = read_model(buffered, name)
    return model, _read_matrix(stream, buffered, model, name)


def _read_matrix(stream: IO[bytes], buffered: IO[bytes], model: Model, name: str) -> np.ndarray:
    shape = model.rows, model.vector_size
    if isinstance(stream, io.FileIO):  # a plain file: most of its 7 GB need not be in memory
        if os.fstat(stream.fileno()).st_size < model.start + 4 * shape[0] * shape[1]:
            raise PretrainedError(
                f"{name} ends before all of its numbers have come: it was cut off. Download it again."
            )
        return np.memmap(str(stream.name), np.float32, "r", model.start, shape)
    return np.frombuffer(read_exactly(buffered, 4 * shape[0] * shape[1], name), "<f4").reshape(shape)


def vectors_of(words: list[bytes], own: np.ndarray, matrix: np.ndarray, model: Model) -> np.ndarray:
    """Mean of each word's own row (-1: it has none) and those of its parts: float32 (len(words), vector_size)."""
    from core.pretrained import kernels as kernels

    written = [b"" if word == b"</s>" or not model.buckets else b"<" + word + b">" for word in words]
    blob = np.frombuffer(b"".join(written) + b"\0", np.uint8)
    starts = np.cumsum([0, *map(len, written)], dtype=np.int64)
    result = np.zeros((len(words), model.vector_size), np.float32)
    parts = len(model.words), model.buckets, model.shortest, model.longest
    kernels.mean_parts(blob, starts, own.astype(np.int64), np.asarray(matrix), np.array(parts, np.int64), result)
    return result
