"""The joined words of a vectors file, such as new_york: what its makers took for one word."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from core.pretrained.files import VectorFile, find_vectors
from core.pretrained.index import open_index
from core.pretrained.rows import read_rows
from core.pretrained.stream import VectorBytes, open_bytes
from core.pretrained.tally import Tally
from core.progress import Progress, silent

_PAIR = re.compile(rb"[^\n_]+_[^\n_]+")
_LINE_OF_PAIR = re.compile(rb"^[^\n_]+_[^\n_]+$", re.MULTILINE)


def joined_words(path: Path, member: str | None = None, progress: Progress = silent) -> tuple[str, ...]:
    """Every word of the file that is two joined by "_", in the file's order.

    Read from its index where there is one, else by a scan, which takes about as long as reading the bytes twice.
    What is wrong with the rest of a row is not looked at.

    Raises:
        PretrainedError: the file cannot be read.
        Cancelled: out of `progress`.
    """
    file = find_vectors(path, member)
    index = open_index(file)
    if index is not None:
        found: Iterator[bytes] = (match.group() for match in _LINE_OF_PAIR.finditer(index.text))
        return _decode(found)
    with open_bytes(file, progress) as stream:
        plain = file.contents is None and file.rows is None and not file.spelling
        is_text = plain and file.kind != "word2vec-binary"
        words = _text_words(file, stream) if is_text else _words_of_rows(file, stream)
        return _decode(word for word in words if b"_" in word and _PAIR.fullmatch(word))


def _decode(words: Iterator[bytes]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.decode("utf-8", "replace") for word in words))


def _text_words(file: VectorFile, stream: VectorBytes) -> Iterator[bytes]:
    lines = io.BufferedReader(stream, 1 << 20)
    lines.read(file.start)
    for line in lines:
        yield line[: line.find(file.separator)]


def _words_of_rows(file: VectorFile, stream: VectorBytes) -> Iterator[bytes]:
    for words, _ in read_rows(file, stream, None, Tally()):
        yield from words
