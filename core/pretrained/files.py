"""What a file of pretrained vectors is, told from its first bytes: format, size, vocabulary; and its bytes, unpacked.

GloVe text (with or without a header), word2vec text and binary, fastText `.vec`; plain, packed (gzip, bzip2, xz), or
members of a zip archive; and what `core.pretrained.containers` reads. Nothing is ever unpickled.
"""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from core.errors import PretrainedError
from core.pretrained.containers.contents import ContainerKind, Contents
from core.pretrained.containers.opening import (
    describe_archive,
    describe_container,
    describe_matrix_text,
    describe_table,
)
from core.pretrained.foreign import pickled, refuse_foreign
from core.pretrained.text_format import (
    MAX_VECTOR_SIZE,
    RowFormat,
    find_case,
    find_row_format,
    find_spelling,
    parse_row,
    without_words,
)
from core.pretrained.unpacking import named_errors, open_archive, open_unpacked, read_head, unpacked_size
from core.system.magic import format_of

RowsKind = Literal["glove", "glove-header", "word2vec-text", "word2vec-binary", "fasttext"]
VectorsKind = RowsKind | ContainerKind

VECTORS_VARIABLE = "VECTUNE_VECTORS"
PARTIAL_SUFFIX = ".part"
"""Ends the name of a download that is not finished."""

_SAMPLE = 1 << 18
_SAMPLE_ROWS = 200
_FURTHER = 1 << 15
SUBWORDS = "subwords"
"""As a member of a fastText model: with vectors, made of parts of letters, for words that it lacks."""
_MADE = "Words that the file lacks get vectors made of their parts of letters, as fastText makes them."
_MAX_MEMBERS = 50
_MOST = 0.5
_DEFLATE_LIMIT = 1032
"""Deflate cannot shrink anything further than this."""

_HEADER = re.compile(rb"\s*(\d{1,18})[ \t]+(\d{1,18})\s*")


@dataclass(frozen=True, slots=True)
class VectorFile:
    """One set of vectors: a file, or a member of a zip archive.

    Attributes:
        path: of the file.
        member: name inside a zip archive, else None.
        size: bytes on disk (of the compressed member, in an archive).
        kind: told from the content; among files with a header the name tells whose they are. None with a problem.
        vector_size: values per row.
        vocabulary: rows, as the first line says or estimated from the first rows and the size.
        declared: rows that the first line says there are; None without a header.
        separator: between word and values of a text file, once its rows are tidy.
        start: bytes before the first row (a byte order mark, the header).
        unpacked: bytes when unpacked (an estimate where the file is gzipped).
        problem: why the file cannot be used, empty if it can.
        note: what is odd about a file that can be used, empty if all is well.
        rows: of a text, how its rows are written; None where they are as the separator says.
        contents: of a file that is no rows of text, what is where in it; None for those rows.
        spelling: how its words are written, where they are not plain: "/c/en/dog", "dog_NOUN".
    """

    path: Path
    member: str | None
    size: int
    kind: VectorsKind | None
    vector_size: int = 0
    vocabulary: int = 0
    declared: int | None = None
    separator: bytes = b" "
    start: int = 0
    unpacked: int = 0
    problem: str = ""
    note: str = ""
    rows: RowFormat | None = None
    spelling: str = ""
    contents: Contents | None = None

    @property
    def name(self) -> str:
        return self.path.name if self.member is None else f"{self.path.name}/{self.member}"

    @property
    def inside(self) -> str | None:
        """The member of a zip archive; not of what is one file that can be read in two ways."""
        return None if self.makes_missing else self.member

    @property
    def makes_missing(self) -> bool:
        """Whether words that the file lacks get vectors of their parts of letters."""
        return self.contents is not None and self.contents.has_parts and self.member == SUBWORDS

    @property
    def words_beside(self) -> Path | None:
        """The file that has its words, where they are not in the file itself."""
        contents = self.contents
        return None if contents is None or contents.archive or not contents.words else self.path.parent / contents.words

    @property
    def memory(self) -> int:
        """Bytes that all its vectors take as float32."""
        return self.vocabulary * self.vector_size * 4


def vectors_folder() -> Path:
    """Where vector files lie: $VECTUNE_VECTORS, else `vectors/` in the project."""
    return Path(os.environ.get(VECTORS_VARIABLE) or Path(__file__).resolve().parents[2] / "vectors")


def list_vector_files(folder: Path) -> tuple[VectorFile, ...]:
    """Every set of vectors in `folder`, by name, from each file's first bytes; bad ones with their `problem`.

    A folder that is not there has none. Hidden files and unfinished downloads are left out.

    Raises:
        PretrainedError: the folder may not be read.
    """
    if not folder.is_dir():
        return ()
    found: list[VectorFile] = []
    with named_errors(str(folder)):
        paths = sorted(folder.iterdir())
    for path in paths:
        if path.is_file() and not path.name.startswith(".") and path.suffix != PARTIAL_SUFFIX:
            try:
                found.extend(describe_file(path))
            except PretrainedError as error:
                size = path.stat().st_size if path.exists() else 0
                found.append(VectorFile(path, None, size, None, problem=str(error)))
    lists = {file.words_beside for file in found}
    return tuple(file for file in found if file.path not in lists)


def find_vectors(path: Path, member: str | None = None) -> VectorFile:
    """The one set of vectors at `path`.

    Raises:
        PretrainedError: there is none, it cannot be used, or `path` is an archive of several and no `member` is named.
    """
    files = among = describe_file(path)
    if member is not None:
        files = tuple(file for file in files if file.member == member)
        if not files:
            raise PretrainedError(f"There is no “{member}” in {path.name}. {_members_of(path, among)}")
    usable = [file for file in files if not file.problem]
    if not usable:
        raise PretrainedError(files[0].problem)
    if len(usable) > 1 and usable[0].member is not None:
        names = ", ".join(str(file.member) for file in usable)
        raise PretrainedError(f"{path.name} holds {len(usable)} sets of vectors. Choose one of: {names}.")
    return usable[0]


def _members_of(path: Path, files: tuple[VectorFile, ...]) -> str:
    names = [file.member for file in files if file.member is not None]
    if not names:
        return f"{path.name} is no zip archive: name no member."
    return f"It has: {', '.join(names)}."


def describe_file(path: Path) -> tuple[VectorFile, ...]:
    """The sets of vectors at `path`: one, or one for each member of a zip archive (its other members are left out).

    Raises:
        PretrainedError: it cannot be read, or is no file of vectors.
    """
    size = _size_of(path)
    with named_errors(path.name), open(path, "rb") as file:
        archive = format_of(file.read(4)) == "zip"
    if archive:
        contents = describe_archive(path)
        return _describe_archive(path) if contents is None else (_contained(path, None, size, size, contents),)
    with named_errors(path.name), open_unpacked(path, None) as stream:
        head = read_head(stream, _SAMPLE)
        packed = getattr(stream, "fileobj", None)
        read = size if packed is None else packed.tell()
    contents = describe_container(path, head)
    if contents is not None:
        return _read_both_ways(_contained(path, None, size, size, contents))
    if packed is None:
        unpacked, room = size, size
    elif len(head) < _SAMPLE:
        unpacked, room = len(head), len(head)
    else:
        unpacked, room = unpacked_size(path, size * len(head) // read), size * _DEFLATE_LIMIT
    return (_describe(path, None, size, unpacked, room, head),)


def _describe_archive(path: Path) -> tuple[VectorFile, ...]:
    good: list[VectorFile] = []
    bad: list[VectorFile] = []
    with named_errors(path.name), open_archive(path) as archive:
        members = [
            info
            for info in archive.infolist()
            if not info.filename.endswith("/") and not info.filename.startswith("__MACOSX")
        ]
        if any(info.filename.endswith(".pkl") for info in members):
            raise PretrainedError(pickled(path.name, "an archive of PyTorch objects"))
        for info in members[:_MAX_MEMBERS]:  # opened once: a long list of names takes a while to read
            try:
                with named_errors(f"{path.name}/{info.filename}"), archive.open(info) as stream:
                    head = read_head(stream, _SAMPLE)
                good.append(_describe(path, info.filename, info.compress_size, info.file_size, info.file_size, head))
            except PretrainedError as error:
                bad.append(VectorFile(path, info.filename, info.compress_size, None, problem=str(error)))
    if not good and not bad:
        raise PretrainedError(f"{path.name} is an empty archive. Pick a file of vectors.")
    return tuple(good or bad[:1])


def _read_both_ways(file: VectorFile) -> tuple[VectorFile, ...]:
    """`file`, and of a fastText model also with vectors for words that it lacks."""
    if file.contents is None or not file.contents.has_parts:
        return (file,)
    return file, replace(file, member=SUBWORDS, note=_MADE)


def _contained(path: Path, member: str | None, size: int, unpacked: int, contents: Contents) -> VectorFile:
    rows = contents.vocabulary
    return VectorFile(
        path,
        member,
        size,
        contents.kind,
        contents.vector_size,
        rows,
        rows if contents.exact else None,
        unpacked=max(unpacked, 4 * rows * contents.vector_size),
        note=contents.note,
        contents=contents,
    )


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise PretrainedError(
            f"{path.name} cannot be read ({error.strerror}). Check that it is still there."
        ) from error


def _describe(path: Path, member: str | None, size: int, unpacked: int, room: int, head: bytes) -> VectorFile:
    """What `head` tells. `unpacked` is the length of everything, perhaps estimated; `room` is its upper limit."""
    name = path.name if member is None else f"{path.name}/{member}"
    refuse_foreign(head, name)
    start = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    lines = head[start:].split(b"\n")
    if len(head) == _SAMPLE:
        lines.pop()  # it may be cut
    header = _HEADER.fullmatch(lines[0]) if lines else None
    rows = [line for line in lines[1 if header else 0 :] if line.strip()][:_SAMPLE_ROWS]
    declared = None
    if header:
        declared, vector_size = int(header[1]), int(header[2])
        body = start + len(lines[0]) + 1
        binary = _is_binary_body(head[body:], vector_size, rows)
        if binary:
            _check_header(name, declared, vector_size, room, 4 * vector_size + 2)
            return VectorFile(
                path, member, size, "word2vec-binary", vector_size, declared, declared, start=body, unpacked=unpacked
            )
    contents, usable = None, 0.0
    try:
        form, usable = find_row_format(rows, name)
    except PretrainedError:
        contents = describe_matrix_text(path, rows) if member is None else None
        if contents is None:
            raise
        form = None
    if usable < _MOST and contents is None:
        contents = describe_table(head, unpacked)
    if contents is not None:
        return _contained(path, member, size, unpacked, contents)
    if form is None:
        raise _no_rows(name, head)
    vector_size, notes = form.vector_size, [form.note] if form.note else []
    if header and int(header[2]) == vector_size + (form.left_out is not None):
        start += len(lines[0]) + 1
        declared = int(header[1])
        _check_header(name, declared, vector_size, room, 2 * vector_size + 2)
    else:
        declared = None  # two numbers that say nothing about the rows: one more bad row
        if header:
            notes.append(
                f"The first line of {name} says {int(header[2]):,} values per word, and its rows have {vector_size:,}. "
                "The line was taken for a row that cannot be used."
            )
    words = [form.tidy(row).partition(form.between)[0] for row in rows]
    spelling = find_spelling(words) or find_case([*words, *_words_further_on(path, member, size, head, form)])
    if spelling:
        notes.append(f"The file writes its words as {spelling}; they are read as dog. The first of each counts.")
    row_bytes = sum(map(len, lines)) / len(lines) + 1
    vocabulary = declared if declared is not None else max(1, round((unpacked - start) / row_bytes))
    return VectorFile(
        path,
        member,
        size,
        _kind_of(name, declared),
        vector_size,
        vocabulary,
        declared,
        form.between,
        start,
        unpacked,
        note=" ".join(notes),
        rows=None if form.plain else form,
        spelling=spelling,
    )


def _words_further_on(path: Path, member: str | None, size: int, head: bytes, form: RowFormat) -> list[bytes]:
    """Words from the middle and the end of a file that goes on beyond `head`; none of one that is packed."""
    if len(head) < _SAMPLE or member is not None:
        return []
    found: list[bytes] = []
    try:
        with open(path, "rb") as stream:
            for place in (size // 2, size - _FURTHER):
                stream.seek(max(place, 0))
                lines = stream.read(_FURTHER).split(b"\n")[1:-1]
                found += [form.tidy(line).partition(form.between)[0] for line in lines if line.strip()]
    except OSError:
        return []
    return found


def _kind_of(name: str, declared: int | None) -> VectorsKind:
    """Files with a header are alike; only their names tell whose they are."""
    if declared is None:
        return "glove"
    bare = name.lower().removesuffix(".gz")
    if bare.endswith(".vec"):
        return "fasttext"
    return "glove-header" if "glove" in bare else "word2vec-text"


def _check_header(name: str, rows: int, vector_size: int, room: int, smallest_row: int) -> None:
    if not 2 <= vector_size <= MAX_VECTOR_SIZE:
        raise PretrainedError(
            f"The first line of {name} says {vector_size} values per word; 2 to {MAX_VECTOR_SIZE:,} can be used."
        )
    if rows < 1 or rows * smallest_row > room + 1:
        raise PretrainedError(
            f"The first line of {name} says {rows:,} words of {vector_size} values, which do not fit "
            "into the file. It is damaged or cut off: download it again."
        )


def _is_binary_body(body: bytes, vector_size: int, rows: list[bytes]) -> bool:
    if any(parse_row(row, b" ", vector_size) or parse_row(row, b"\t", vector_size) for row in rows[:5]):
        return False
    return b"\0" in body or body.translate(None, _CONTROL) != body or not _is_utf8(body)


_CONTROL = bytes(set(range(32)) - {9, 10, 13})


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(data) - 4 and error.reason == "unexpected end of data"
    return True


def _columns_of_numbers(head: bytes) -> int:
    """How many numbers each line has, but for a first one with names; 0 where lines have anything else."""
    lines = [line for line in head.split(b"\n")[1:_SAMPLE_ROWS] if line.strip()]
    rows = [re.split(rb"[\s,;]+", line.strip(b" \t\r,;")) for line in lines[: len(lines) - (len(head) == _SAMPLE)]]
    widths = {len(row) for row in rows}
    numbers = all(re.fullmatch(rb'"?[-+]?[\d.]+(?:[eE][-+]?\d+)?"?', cell) for row in rows for cell in row)
    return widths.pop() if len(widths) == 1 and numbers and widths != {1} else 0


def _no_rows(name: str, head: bytes) -> PretrainedError:
    if b"\0" in head or not _is_utf8(head):
        return PretrainedError(
            f"{name} is a binary file, and not word2vec's binary format. Pick a text file of vectors: GloVe, word2vec "
            "or fastText .vec."
        )
    if columns := _columns_of_numbers(head):
        return PretrainedError(without_words(name, columns))
    return PretrainedError(
        f"{name} has no rows of vectors: each line must be a word and its numbers (2 or more), separated by spaces. "
        "Pick a GloVe, word2vec or fastText .vec file."
    )
