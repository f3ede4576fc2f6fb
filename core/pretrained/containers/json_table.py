"""JSON: an object of words and their vectors, a list of such objects, one on each line, or a list of each."""

import re
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from core.errors import PretrainedError
from core.pretrained.containers.contents import BLOCK_VALUES, Block, Blocks, to_float32
from core.pretrained.text_format import MAX_VECTOR_SIZE

LARGEST = 300_000_000
"""Bytes of a JSON file that is read at once; its numbers take six times that as objects."""
_NUMBER = rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_VECTOR = re.compile(rb"\[\s*(" + _NUMBER + rb"(?:\s*,\s*" + _NUMBER + rb")+)\s*\]")
_START = re.compile(rb"\s*[\[{]\s*[\[{\"]")
_WORDS, _VECTORS = (
    ("words", "word", "vocab", "tokens", "token", "index", "term"),
    ("vectors", "vector", "embeddings", "embedding", "values"),
)


def json_vector_size(head: bytes) -> int:
    """Values of the first vector in a JSON text that begins with `head`; 0 where it is none of words and vectors."""
    if not _START.match(head):
        return 0
    first = _VECTOR.search(head)
    size = 0 if first is None else first[1].count(b",") + 1
    return size if 2 <= size <= MAX_VECTOR_SIZE else 0


def read_json_rows(stream: IO[bytes], name: str, vector_size: int) -> Blocks:
    """Its rows.

    Raises:
        PretrainedError: it is no JSON, too large, or has no words and vectors.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise PretrainedError(
            f"{name} is JSON of more than {LARGEST // 1_000_000} MB, which takes too much memory. Save words and "
            "vectors as .npz instead."
        )
    words: list[bytes] = []
    rows: list[list[float]] = []
    malformed = 0
    for word, vector in _pairs(data.removeprefix(b"\xef\xbb\xbf"), name):
        if not word or not _is_vector(vector, vector_size):
            malformed += 1
            continue
        words.append(word.encode("utf-8", "replace"))
        rows.append(vector)
        if len(rows) * vector_size >= BLOCK_VALUES:
            yield Block(words, to_float32(rows), malformed)
            words, rows, malformed = [], [], 0
    if rows or malformed:
        yield Block(words, to_float32(rows).reshape(len(rows), vector_size), malformed)


def _is_vector(vector: Any, vector_size: int) -> bool:
    return (
        isinstance(vector, list)
        and len(vector) == vector_size
        and all(isinstance(value, (int, float)) and abs(value) < 1e300 for value in vector)
    )


def _pairs(data: bytes, name: str) -> Iterator[tuple[str, Any]]:
    try:
        content = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        yield from _lines(data, name)
        return
    if isinstance(content, dict):
        words, vectors = _find(content, _WORDS), _find(content, _VECTORS)
        if isinstance(words, list) and isinstance(vectors, list):
            yield from zip(map(str, words), vectors, strict=False)
        elif len(content) == 1 and isinstance(next(iter(content.values())), dict):
            yield from next(iter(content.values())).items()
        elif inner := _inner(content):
            yield from inner.items() if isinstance(inner, dict) else map(_record, inner)
        else:
            yield from content.items()
    elif isinstance(content, list):
        yield from map(_record, content)
    else:
        raise PretrainedError(f"{name} is JSON without words and vectors.")


def _inner(content: dict[str, Any]) -> dict[str, Any] | list[Any] | None:
    """The words and vectors in an object that says other things as well; None where it is these itself."""
    values = list(content.values())
    if any(isinstance(value, list) and value and isinstance(value[0], (int, float)) for value in values):
        return None
    inside = [value for value in values if isinstance(value, (dict, list)) and len(value) > 1]
    return max(inside, key=len, default=None)


def _lines(data: bytes, name: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(data.split(b"\n")):
        if line.strip():
            try:
                yield _record(msgspec.json.decode(line))
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
                if not number:
                    raise PretrainedError(f"{name} is damaged JSON ({error}). Save it again.") from error
                yield "", None


def _record(record: Any) -> tuple[str, Any]:
    """Word and vector of {"word": ..., "vector": [...]}, {"cat": [...]} or ["cat", [...]]."""
    if isinstance(record, list) and len(record) == 2:
        return str(record[0]), record[1]
    if not isinstance(record, dict):
        return "", None
    word, vector = _find(record, _WORDS), _find(record, _VECTORS)
    if word is None and len(record) == 1:
        word, vector = next(iter(record.items()))
    return "" if word is None else str(word), vector


def _find(record: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((record[name] for name in names if name in record), None)
