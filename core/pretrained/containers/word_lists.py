"""Lists of words that come beside a matrix of their vectors."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from core.errors import PretrainedError
from core.pretrained.containers.arrays import read_header, read_text_array
from core.pretrained.containers.parquet_table import read_word_column
from core.prose.cells import unguarded_cell

SUFFIXES = (".txt", ".tsv", ".csv", ".vocab", ".words", ".json", ".parquet", ".npy", ".lst", ".dict")
_LARGEST = 500_000_000
_COUNTED = re.compile(r"(.+)[ \t]\d+")


def read_word_list(stream: IO[bytes], name: str, rows: int | None) -> list[str]:
    """The words of a list, of which there should be `rows`: the rows of the matrix beside it.

    A text has one a line (what follows a tab is something else, and the first line may name the columns), word2vec's
    .vocab a count behind each; JSON is a list, or an object that gives each word its row, as tokenizer.json and
    vocab.json do; Parquet the first column of text; NumPy an array of text.

    Raises:
        PretrainedError: it is no list of words, or not of so many.
    """
    lower = name.lower()
    if lower.endswith(".parquet"):
        words = read_word_column(stream, name)
    elif lower.endswith(".npy"):
        header = read_header(stream, name)
        if not header.is_words:
            raise PretrainedError(f"{name} is no list of words. Save it as an array of text.")
        words = read_text_array(stream, header, name)
    else:
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise PretrainedError(f"{name} is too large for a list of words.")
        words = _from_json(data, name) if lower.endswith(".json") else _from_text(data, rows)
    if rows is not None and len(words) != rows:
        raise PretrainedError(
            f"{name} has {len(words):,} words, and the matrix beside it has {rows:,} rows. They do not belong together."
        )
    return words


def _from_text(data: bytes, rows: int | None) -> list[str]:
    text = data.decode("utf-8-sig", "replace")
    lines = [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")]
    columns = any("\t" in line for line in lines[:20])
    if rows is not None and len(lines) == rows + 1 and columns:
        del lines[0]  # it names the columns
    if columns:
        lines = [line.split("\t")[0] for line in lines]
    elif lines and all(map(_COUNTED.fullmatch, lines)):
        lines = [line.rpartition(" ")[0] for line in lines]
    return [unguarded_cell(line) for line in lines]


def _from_json(data: bytes, name: str) -> list[str]:
    try:
        return _words_of(json.loads(data))
    except (ValueError, RecursionError) as error:
        raise PretrainedError(f"{name} is no list of words: neither a list nor an object of words and rows.") from error


def _words_of(content: Any) -> list[str]:
    if isinstance(content, dict) and isinstance(content.get("model"), dict):  # tokenizer.json
        content = content["model"].get("vocab")
    if isinstance(content, dict) and len(content) == 1 and isinstance(next(iter(content.values())), (list, dict)):
        content = next(iter(content.values()))
    if isinstance(content, Mapping) and all(isinstance(row, int) for row in content.values()):
        return sorted(map(str, content), key=content.__getitem__)
    if isinstance(content, Mapping) and all(str(row).isdigit() for row in content):  # {"0": "the", ...}
        return [str(content[row]) for row in sorted(content, key=int)]
    if isinstance(content, list) and all(isinstance(each, str) for each in content):
        return content
    if isinstance(content, list) and all(
        isinstance(each, list) and each and isinstance(each[0], str) for each in content
    ):
        return [each[0] for each in content]  # of words and their scores
    raise ValueError("no words")
