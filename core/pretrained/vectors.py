"""Files of pretrained vectors, opened for the words of a corpus."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np

from core.errors import PretrainedError
from core.pretrained.containers.opening import make_missing
from core.pretrained.files import SUBWORDS, VectorFile, find_vectors
from core.pretrained.index import VectorIndex, open_index
from core.pretrained.rows import digest_reading, read_rows
from core.pretrained.stream import open_bytes
from core.pretrained.tally import Rows, Tally, refuse_unusable
from core.progress import Progress, portion, silent
from core.system.files import bring, digest_of, new_folder, read_words, whole_file, write_words
from core.system.typed_json import Record, read_record, write_record

_SMALL_BYTES = 20_000_000
"""All rows of a file of so many bytes are looked at in a few tenths of a second."""
_ROWS = 128
"""So many are written at a time: as lists of Python, values take ten times their room, and more would be slower."""


@dataclass(frozen=True, slots=True, eq=False)
class PretrainedVectors:
    """Rows of a vectors file. Read-only.

    Where the file has no index, only the rows of the wanted words are looked at, unless all rows were to be counted.
    Then `vocabulary` includes unusable rows of other words, and skipped rows and duplicates are counted among the
    wanted words only.

    Attributes:
        name: the file's name.
        words: of the rows that are here (all of the file's, or those a corpus needs), in the file's order.
        vectors: float32 (len(words), vector_size), as in the file.
        digest: names the file's content, whichever rows are here, wherever the file lies and however it is packed.
        kind: "glove", "glove-header", "word2vec-text", "word2vec-binary", "fasttext".
        vocabulary: rows of the file that are usable.
        skipped_rows: rows that could not be used (wrong number of values, not a number, nan or infinity...).
        duplicates: rows whose word had come before; the first one counts.
        reasons: skipped rows by what is wrong with them, for the user; they add up to `skipped_rows`.
        declared: rows that the file's first line says there are; None without a header.
        whole: every row was looked at.
    """

    name: str
    words: tuple[str, ...]
    vectors: np.ndarray
    digest: str
    kind: str
    vocabulary: int
    skipped_rows: int = 0
    duplicates: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    declared: int | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.words):
            raise ValueError(f"{len(self.words)} words and vectors of shape {self.vectors.shape} do not match")
        self.vectors.flags.writeable = False

    @property
    def vector_size(self) -> int:
        return int(self.vectors.shape[1])

    def rows_for(self, words: Sequence[str]) -> np.ndarray:
        """Row of each word, -1 where there is none: int64 (len(words),)."""
        index = {word: row for row, word in enumerate(self.words)}
        return np.array([index.get(word, -1) for word in words], np.int64)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a corpus a vectors file knows.

    Attributes:
        types: share of the corpus's words, 0 to 1.
        tokens: share of its running words, 0 to 1.
    """

    types: float
    tokens: float


def open_pretrained(
    path: Path,
    words: Sequence[str] | None = None,
    *,
    member: str | None = None,
    count_all: bool | None = None,
    progress: Progress = silent,
) -> PretrainedVectors:
    """The rows of the vectors file at `path` for `words` (None: all rows), in the file's order.

    Args:
        path: GloVe, word2vec or fastText .vec; plain, .gz or .zip.
        words: what a corpus needs; the other rows are not parsed.
        member: which file of a zip archive, where it holds several; of a fastText model, `SUBWORDS`.
        count_all: look at the other rows too, so that the counts are those of the whole file; takes longer, so that
            by default only small files are looked at so.

    Raises:
        PretrainedError: no vectors can be read from the file; says why. A file that has none of `words` is no error.
        Cancelled: out of `progress`.
    """
    file = find_vectors(path, member)
    found = _open_as_it_is(file, words, count_all, progress)
    return _make_missing(file, found, words) if file.makes_missing and words is not None else found


def _make_missing(file: VectorFile, found: PretrainedVectors, words: Sequence[str]) -> PretrainedVectors:
    known = set(found.words)
    made, vectors = make_missing(file.path, file.name, [word for word in words if word not in known])
    return replace(
        found,
        words=(*found.words, *made),
        vectors=np.concatenate([found.vectors, vectors]),
        digest=digest_of(found.digest, SUBWORDS),
    )


def _open_as_it_is(
    file: VectorFile, words: Sequence[str] | None, count_all: bool | None, progress: Progress
) -> PretrainedVectors:
    index = open_index(file)
    if index is not None:
        return _open_indexed(index, words)
    wanted = None if words is None else frozenset(word.encode("utf-8", "surrogatepass") for word in words)
    if count_all is None:
        count_all = max(file.size, file.unpacked) <= _SMALL_BYTES
    tally = Tally()
    found: list[bytes] = []
    vectors = np.empty((0, file.vector_size), np.float32)
    with open_bytes(file, progress) as stream:
        for batch, rows in read_rows(file, stream, None if count_all else wanted, tally):
            if count_all and wanted is not None:
                batch, rows = _only(wanted, batch, rows)
            used = len(found)
            if used + len(batch) > len(vectors):
                # In place: a matrix and its larger copy never exist together.
                vectors.resize((max(used + len(batch), used * 5 // 4), file.vector_size), refcheck=False)
            vectors[used : used + len(batch)] = rows
            found += batch
        digest = digest_reading(file, stream, tally)
    vectors.resize((len(found), file.vector_size), refcheck=False)
    if wanted is None or count_all:
        refuse_unusable(tally, file.name)
    return PretrainedVectors(
        name=file.name,
        words=tuple(b"\n".join(found).decode("utf-8").split("\n")) if found else (),
        vectors=vectors,
        digest=digest,
        kind=str(file.kind),
        vocabulary=tally.usable,
        skipped_rows=tally.reasons.total(),
        duplicates=tally.duplicates,
        reasons=dict(tally.reasons),
        declared=file.declared,
        whole=wanted is None or count_all,
    )


def _only(wanted: frozenset[bytes], words: list[bytes], vectors: np.ndarray) -> Rows:
    kept = [row for row, word in enumerate(words) if word in wanted]
    return [words[row] for row in kept], vectors[kept]


def _open_indexed(index: VectorIndex, words: Sequence[str] | None) -> PretrainedVectors:
    if words is None:
        found, vectors = index.words(), index.vectors
    else:
        rows = index.rows_for(words)
        known = np.flatnonzero(rows >= 0)
        in_file_order, first = np.unique(rows[known], return_index=True)
        found, vectors = tuple(words[i] for i in known[first].tolist()), index.vectors[in_file_order]
    return PretrainedVectors(
        name=index.name,
        words=found,
        vectors=vectors,
        digest=index.digest,
        kind=index.kind,
        vocabulary=index.vocabulary,
        skipped_rows=sum(index.reasons.values()),
        duplicates=index.duplicates,
        reasons=index.reasons,
        declared=index.declared,
        whole=True,
    )


def coverage(words: Sequence[str], counts: Sequence[int] | np.ndarray, pretrained: PretrainedVectors) -> Coverage:
    """How much of `words`, which occur `counts` times each, is among the words of `pretrained`."""
    known = set(pretrained.words)
    missing = [int(count) for word, count in zip(words, counts, strict=True) if word not in known]
    tokens = int(np.sum(counts))
    return Coverage(
        types=1 - len(missing) / len(words) if len(words) else 0.0,
        tokens=1 - sum(missing) / tokens if tokens else 0.0,
    )


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """How much of a corpus one file knows; no `coverage` and a `problem` where it cannot be used."""

    file: VectorFile
    coverage: Coverage | None
    problem: str = ""


def coverage_of_files(
    files: Sequence[VectorFile], words: Sequence[str], counts: Sequence[int] | np.ndarray, progress: Progress = silent
) -> tuple[FileCoverage, ...]:
    """How much of a corpus each of `files` knows, so that users can choose; files with an index take milliseconds.

    Raises:
        Cancelled: out of `progress`.
    """
    found = []
    for number, file in enumerate(files):
        report = portion(progress, number / len(files), (number + 1) / len(files))
        try:
            if file.problem:
                raise PretrainedError(file.problem)
            known = open_pretrained(file.path, words, member=file.member, progress=report)
            found.append(FileCoverage(file, coverage(words, counts, known)))
        except PretrainedError as error:
            found.append(FileCoverage(file, None, str(error)))
    return tuple(found)


_ABOUT = "pretrained.json"


@dataclass(frozen=True, slots=True)
class _KeptRows(Record):
    """What is kept of `PretrainedVectors` beside words and vectors."""

    name: str
    digest: str
    kind: str
    vocabulary: int
    skipped_rows: int = 0
    duplicates: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    declared: int | None = None
    whole: bool = False


def save_pretrained(pretrained: PretrainedVectors, folder: Path) -> None:
    """Write `pretrained` to `folder`, whole or not at all; no pickle."""
    with new_folder(folder) as new:
        write_words(new / "words.txt", pretrained.words)
        np.save(new / "vectors.npy", pretrained.vectors, allow_pickle=False)
        about = _KeptRows(*(getattr(pretrained, each.name) for each in fields(_KeptRows)))
        write_record(new / _ABOUT, about)


def kept_digest(folder: Path) -> str:
    """Digest of the vectors file whose rows `save_pretrained` wrote to `folder`.

    Raises:
        OSError, ValueError: they are not there, or damaged.
    """
    return read_record(folder / _ABOUT, _KeptRows).digest


def rename_rows(folder: Path, names: Mapping[str, str]) -> None:
    """Where the vectors file of these rows is called by one of `names`, let it be called by the other."""
    about = read_record(folder / _ABOUT, _KeptRows)
    if about.name in names:
        write_record(folder / _ABOUT, replace(about, name=names[about.name]))


def load_pretrained(folder: Path) -> PretrainedVectors:
    """What `save_pretrained` wrote; the vectors are a read-only memory map."""
    bring(folder)
    about = read_record(folder / _ABOUT, _KeptRows)
    return PretrainedVectors(
        words=read_words(folder / "words.txt"),
        vectors=np.load(folder / "vectors.npy", mmap_mode="r"),
        **{each.name: getattr(about, each.name) for each in fields(about)},
    )


def write_glove(path: Path, words: Sequence[str], vectors: np.ndarray, *, header: bool = False) -> None:
    """Write GloVe text, whole or not at all; with `header` it is word2vec text.

    Raises:
        ValueError: a word is empty or has a line break in it, or words and vectors do not match.
    """
    if len(words) != len(vectors):
        raise ValueError(f"{len(words)} words and {len(vectors)} vectors do not match")
    wrong = next((word for word in words if not word or "\n" in word), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} cannot be written as a word")
    with whole_file(path) as new, open(new, "wb") as file:
        if header:
            file.write(first_line(len(words), vectors.shape[1]))
        file.writelines(text_rows(words, vectors))


def first_line(words: int, vector_size: int) -> bytes:
    """What makes word2vec text, and its binary format, of what follows."""
    return f"{words} {vector_size}\n".encode()


def text_rows(names: Sequence[str | None], vectors: np.ndarray) -> Iterator[bytes]:
    """GloVe text of `vectors` (rows, vector_size), some rows at a time; a row without a name is left out."""
    form = f" {_row_format(vectors, ' ')}\n"
    for start in range(0, len(vectors), _ROWS):
        rows = zip(names[start : start + _ROWS], vectors[start : start + _ROWS].tolist(), strict=True)
        yield "".join([name + form % tuple(row) for name, row in rows if name is not None]).encode()


def write_numbers(vectors: np.ndarray, separator: str) -> Iterator[str]:
    """The values of each row, as in GloVe text."""
    form = _row_format(vectors, separator)
    for start in range(0, len(vectors), _ROWS):
        for row in vectors[start : start + _ROWS].tolist():
            yield form % tuple(row)


def _row_format(vectors: np.ndarray, separator: str) -> str:
    """Nine digits for each value, so that float32 comes back as it was."""
    return separator.join(["%.9g"] * vectors.shape[1])
