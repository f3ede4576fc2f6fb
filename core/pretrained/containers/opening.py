"""What a container has, and its rows."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from core.errors import PretrainedError
from core.pretrained.containers.arrays import (
    ArrayHeader,
    is_safetensors,
    read_header,
    read_parts,
    read_tensor,
    read_tensors,
)
from core.pretrained.containers.beside import find_word_list
from core.pretrained.containers.contents import Blocks, Contents, cut_blocks
from core.pretrained.containers.csv_table import find_csv_format, read_csv
from core.pretrained.containers.fasttext_model import describe_fasttext, make_vectors, read_fasttext
from core.pretrained.containers.json_table import json_vector_size, read_json_rows
from core.pretrained.containers.parquet_table import count_parquet, describe_parquet, read_parquet
from core.pretrained.containers.projector import count_lines, read_projector, tensor_size
from core.pretrained.containers.word_lists import read_word_list
from core.pretrained.unpacking import named_errors, open_archive, open_unpacked, read_head, refuse_bomb
from core.system.magic import format_of

_HEAD = 1 << 18
_WITHIN = "\n"
"""Between the name of a member and that of a tensor in it."""
_COUNTED_BYTES = 300_000_000
"""A list of words that is larger is not looked at to see whether it belongs to a matrix."""


def describe_container(path: Path, head: bytes) -> Contents | None:
    """What the file at `path`, which begins with `head` once it is unpacked, has; None where it is no container.

    Raises:
        PretrainedError: it is one that cannot be used; says why.
    """
    name, found = path.name, format_of(head)
    with named_errors(name), open_unpacked(path, None) as stream:
        if found == "numpy":
            header = read_header(stream, name)
            if header.is_words:
                raise PretrainedError(f"{name} is a list of {header.shape[0]:,} words. Pick the vectors beside it.")
            return _matrix(path, header)
        if found == "parquet":
            table = describe_parquet(stream, name, path.stat().st_size)
            if table is None:
                raise PretrainedError(f"{name} is a list of words, without vectors. Pick the vectors beside it.")
            return table
        if found == "fasttext":
            return describe_fasttext(stream, name)
        if found is None and is_safetensors(head):
            return _tensors(path, stream)
    return None


def _matrix(path: Path, header: ArrayHeader) -> Contents:
    if not header.is_matrix:
        shape = " × ".join(f"{size:,}" for size in header.shape) or "one number"
        raise PretrainedError(f"{path.name} is an array of {shape}, and no matrix of vectors.")
    rows, size = header.shape
    words = _beside(path, rows)
    if not words:
        raise PretrainedError(_without_words(path.name, rows, size))
    return Contents("numpy", size, rows, words=words)


def _without_words(name: str, rows: int, size: int) -> str:
    stem = name.rpartition(".")[0] or name
    return (
        f"{name} is a matrix of {rows:,} × {size:,} numbers, without words. Put the list of its words beside it, one a "
        f"line, as {stem}.txt; or pack both into one .zip."
    )


def _tensors(path: Path, stream: IO[bytes]) -> Contents:
    tensors, _ = read_tensors(stream, path.name)
    for tensor in tensors:
        words = _beside(path, tensor.shape[0])
        if words:
            return Contents("safetensors", tensor.shape[1], tensor.shape[0], matrix=tensor.name, words=words)
    if not tensors:
        raise PretrainedError(f"{path.name} has no matrix of vectors in it.")
    raise PretrainedError(_without_words(path.name, *tensors[0].shape))


def _beside(path: Path, rows: int | None) -> str:
    """The list of words in the same folder."""
    try:
        others = [each.name for each in os.scandir(path.parent) if each.is_file() and not each.name.startswith(".")]
    except OSError:
        return ""

    def count(name: str) -> int | None:
        other = path.parent / name
        if other.stat().st_size > _COUNTED_BYTES:
            return None
        with named_errors(name), open_unpacked(other, None) as stream:
            return _count(stream, name, rows)

    return find_word_list(path.name, others, count, rows)


def _count(stream: IO[bytes], name: str, rows: int | None) -> int:
    if name.lower().endswith(".parquet"):
        return count_parquet(stream, name)
    if name.lower().endswith(".npy"):
        header = read_header(stream, name)
        return header.shape[0] if header.is_words else -1
    return len(read_word_list(stream, name, rows))


def describe_matrix_text(path: Path, rows: list[bytes]) -> Contents | None:
    """A text of numbers alone, such as the Projector's vectors.tsv, with its words beside it; None without these."""
    size = tensor_size(rows)
    if size < 2 or not _beside(path, None):
        return None
    with named_errors(path.name), open_unpacked(path, None) as stream:
        lines = count_lines(stream)
    words = _beside(path, lines)
    return Contents("projector", size, lines, words=words) if words else None


def describe_archive(path: Path) -> Contents | None:
    """A matrix in a zip archive with its words: numpy's .npz, a Projector's, a wheel; None where there is none.

    Raises:
        PretrainedError: it has arrays, and no words for them; or pickled objects.
    """
    with named_errors(path.name), open_archive(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.filename.endswith("/")]
        if any(name.endswith(".pkl") for name in names):
            return None
        headers: dict[str, ArrayHeader] = {}
        for name in [name for name in names if name.lower().endswith(".npy")][:50]:
            with archive.open(name) as stream:
                headers[name] = read_header(stream, f"{path.name}/{name}")
    matrices = [name for name, header in headers.items() if header.is_matrix]
    for name in sorted(matrices, key=lambda name: -headers[name].shape[0] * headers[name].shape[1]):
        rows, size = headers[name].shape
        texts = [other for other, header in headers.items() if header.is_words and header.shape[0] == rows]
        words = texts[0] if texts else find_word_list(name, names, partial(_count_member, path, rows), rows)
        if words:
            return Contents("numpy", size, rows, matrix=name, words=words, archive=True)
    if matrices:
        rows, size = headers[matrices[0]].shape
        raise PretrainedError(
            f"{path.name} has a matrix of {rows:,} × {size:,} numbers, and no words for it. Save them together: "
            "numpy.savez('vectors.npz', words=numpy.array(words, dtype=str), vectors=vectors)"
        )
    if headers:
        raise PretrainedError(
            f"{path.name} has arrays, and no matrix of vectors among them. Put the vectors into one, a row for each "
            "word: numpy.savez('vectors.npz', words=numpy.array(list(d), dtype=str), vectors=numpy.array(list("
            "d.values()))), where d is a dictionary of words and their vectors"
        )
    return _tensor_archive(path, names) or _projector_archive(path, names)


def _tensor_archive(path: Path, names: list[str]) -> Contents | None:
    """A safetensors file in an archive, with its words there.

    Raises:
        PretrainedError: there are no words for it.
    """
    for name in names:
        if not name.lower().endswith(".safetensors"):
            continue
        with named_errors(f"{path.name}/{name}"), open_unpacked(path, name) as stream:
            tensors, _ = read_tensors(stream, name)
        for tensor in tensors:
            rows, size = tensor.shape
            words = find_word_list(name, names, partial(_count_member, path, rows), rows)
            if words:
                chosen = f"{name}{_WITHIN}{tensor.name}"
                return Contents("safetensors", size, rows, matrix=chosen, words=words, archive=True)
        if tensors:
            rows, size = tensors[0].shape
            raise PretrainedError(
                f"{path.name} has a matrix of {rows:,} × {size:,} numbers, and no words for it. Put the list of its "
                "words into it, one a line, as words.txt."
            )
    return None


def _projector_archive(path: Path, names: list[str]) -> Contents | None:
    for name in names:
        if name.lower().endswith(".tsv") and not name.lower().endswith("metadata.tsv"):
            words = find_word_list(name, names, lambda _: None, None)
            if words:
                with named_errors(path.name), open_unpacked(path, name) as stream:
                    size = tensor_size(read_head(stream, _HEAD).split(b"\n")[:20])
                if size >= 2:
                    refuse_bomb(path, name)
                    with named_errors(path.name), open_unpacked(path, name) as stream:
                        lines = count_lines(stream)
                    return Contents("projector", size, lines, matrix=name, words=words, archive=True)
    return None


def _count_member(path: Path, rows: int, name: str) -> int:
    refuse_bomb(path, name)
    with named_errors(f"{path.name}/{name}"), open_unpacked(path, name) as stream:
        return _count(stream, name, rows)


def describe_table(head: bytes, unpacked: int) -> Contents | None:
    """A text that begins with `head` and is CSV or JSON of words and vectors; None where it is neither."""
    if b"\0" in head:
        return None
    size = json_vector_size(head)
    if size:
        return Contents("json", size, max(1, round(unpacked * head.count(b"]") / max(1, len(head)))), exact=False)
    form = find_csv_format(head)
    if form is None:
        return None
    rows = max(1, round(unpacked * head.count(b"\n") / max(1, len(head))))
    return Contents("csv", form.vector_size, rows, exact=False)


def read_blocks(path: Path, member: str | None, name: str, contents: Contents) -> Blocks:
    """The rows of a container.

    Raises:
        PretrainedError: it is damaged, or words and vectors do not belong together.
    """
    with named_errors(name):
        yield from _READERS[contents.kind](path, member, name, contents)


def _read_csv(path: Path, member: str | None, name: str, contents: Contents) -> Blocks:
    with open_unpacked(path, member) as stream:
        form = find_csv_format(read_head(stream, _HEAD))
    if form is None:
        raise PretrainedError(f"{name} changed while it was read. Try again.")
    with open_unpacked(path, member) as stream:
        yield from read_csv(stream, form)


def _read_json(path: Path, member: str | None, name: str, contents: Contents) -> Blocks:
    with open_unpacked(path, member) as stream:
        yield from read_json_rows(stream, name, contents.vector_size)


def _read_numpy(path: Path, member: str | None, name: str, contents: Contents) -> Blocks:
    words = _words_of(path, contents)
    with open_unpacked(path, contents.matrix or None) as stream:
        header = read_header(stream, name)
        if not header.is_matrix or header.shape[0] != len(words):
            raise PretrainedError(f"{name} changed while it was read. Try again.")
        yield from cut_blocks(words, read_parts(stream, header, name))


def _words_of(path: Path, contents: Contents) -> list[str]:
    where = (path, contents.words) if contents.archive else (path.parent / contents.words, None)
    with open_unpacked(*where) as stream:
        return read_word_list(stream, contents.words, contents.vocabulary)


def _read_parquet(path: Path, member: str | None, name: str, contents: Contents) -> Blocks:
    with open(path, "rb") as stream:
        yield from read_parquet(stream, name, contents.vector_size)


def _read_safetensors(path: Path, member: str | None, name: str, contents: Contents) -> Blocks:
    words = _words_of(path, contents)
    within, _, matrix = contents.matrix.rpartition(_WITHIN) if contents.archive else ("", "", contents.matrix)
    with open_unpacked(path, within or None) as stream:
        tensors, _ = read_tensors(stream, name)
        chosen = next((each for each in tensors if each.name == matrix), None)
        if chosen is None or chosen.shape[0] != len(words):
            raise PretrainedError(f"{name} changed while it was read. Try again.")
        yield from cut_blocks(words, read_tensor(stream, chosen, name))


def _read_fasttext(path: Path, member: str | None, name: str, contents: Contents) -> Blocks:
    with open_unpacked(path, None) as stream:
        yield from read_fasttext(stream, name)


def make_missing(path: Path, name: str, words: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Of a fastText model, vectors of words that it lacks; those words that get one, and theirs.

    Raises:
        PretrainedError: it is damaged.
    """
    with named_errors(name), open_unpacked(path, None) as stream:
        return make_vectors(stream, name, words)


def _read_projector(path: Path, member: str | None, name: str, contents: Contents) -> Blocks:
    words = _words_of(path, contents)
    with open_unpacked(path, contents.matrix or None) as stream:
        yield from read_projector(stream, words, contents.vector_size, name)


_READERS = {
    "csv": _read_csv,
    "json": _read_json,
    "numpy": _read_numpy,
    "parquet": _read_parquet,
    "safetensors": _read_safetensors,
    "fasttext-binary": _read_fasttext,
    "projector": _read_projector,
}
