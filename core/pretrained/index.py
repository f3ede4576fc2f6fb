"""An index of a vectors file: all its rows as a memory-mapped matrix with a word list, in the cache folder.

Built once; afterwards opening costs milliseconds and neighbours come from the file's whole vocabulary.
"""

import mmap
import os
import shutil
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.errors import PretrainedError
from core.pretrained.files import VectorFile, find_vectors, list_vector_files, vectors_folder
from core.pretrained.room import check_room
from core.pretrained.rows import digest_reading, read_rows
from core.pretrained.stream import open_bytes
from core.pretrained.tally import MOST_OF_A_VALUE, Tally, refuse_unusable
from core.pretrained.text_rows import prepare_kernels
from core.progress import Progress
from core.prose.letters import is_composed
from core.system.files import cache_folder, digest_of, new_folder, room_for
from core.system.locking import hold_lock, try_lock
from core.system.typed_json import Record, read_record, write_record

INDEX_VERSION = "2"
"""Part of every index's identity: raise it when the layout of the files changes."""

LIMIT_VARIABLE = "VECTUNE_INDEX_LIMIT"
DEFAULT_LIMIT = 20_000_000_000

_READING = 1
"""How rows are read: 1 has words in one form, and leaves out values beyond a million."""
_BYTE_SECONDS = 1.4e-8
"""Of a byte, unpacked, of a file that is indexed."""
_SAMPLES = 64
_SAMPLE_BYTES = 4096
_ABOUT = "index.json"


@dataclass(frozen=True, slots=True)
class _IndexedFile(Record):
    """What index.json says of the file; as in `VectorIndex`, and in `StoredIndex`."""

    name: str
    kind: str
    digest: str
    vocabulary: int
    vector_size: int
    duplicates: int
    reasons: dict[str, int]
    declared: int | None
    place: str = ""
    reading: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class VectorIndex:
    """All usable rows of a vectors file, memory-mapped and read-only.

    Attributes:
        name, kind, digest: as in `PretrainedVectors`.
        vectors: float32 (vocabulary, vector_size), in the file's order.
        norms: float32 (vocabulary,), their lengths.
        duplicates: rows whose word had come before.
        reasons: unusable rows by what is wrong with them.
        declared: rows that the file's first line says there are; None without a header.
        text: every word in UTF-8, a newline after each.
        word_starts: int64 (vocabulary + 1,), where each word begins in `text`.
        keys: uint32 (vocabulary,), CRC-32 of the words, sorted.
        key_rows: int32 (vocabulary,), the row of each key.
    """

    name: str
    kind: str
    digest: str
    vectors: np.ndarray
    norms: np.ndarray
    duplicates: int
    reasons: dict[str, int]
    declared: int | None
    text: mmap.mmap
    word_starts: np.ndarray
    keys: np.ndarray
    key_rows: np.ndarray

    @property
    def vocabulary(self) -> int:
        return len(self.vectors)

    @property
    def vector_size(self) -> int:
        return int(self.vectors.shape[1])

    def word(self, row: int) -> str:
        return self.text[self.word_starts[row] : self.word_starts[row + 1] - 1].decode("utf-8")

    def words(self) -> tuple[str, ...]:
        """Every word, in the file's order."""
        return tuple(self.text[:-1].decode("utf-8").split("\n"))

    def rows_for(self, words: Sequence[str]) -> np.ndarray:
        """Row of each word, -1 where there is none: int64 (len(words),)."""
        encoded = [word.encode("utf-8", "surrogatepass") for word in words]
        keys = np.array([zlib.crc32(word) for word in encoded], np.uint32)
        first = np.searchsorted(self.keys, keys)
        last = np.searchsorted(self.keys, keys, side="right")
        rows = np.full(len(words), -1, np.int64)
        # Different words may share a key: each candidate's bytes are compared.
        for i in np.flatnonzero(last > first).tolist():
            for row in self.key_rows[first[i] : last[i]].tolist():
                if self.text[self.word_starts[row] : self.word_starts[row + 1] - 1] == encoded[i]:
                    rows[i] = row
        return rows


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """An index in the cache folder.

    Attributes:
        folder: where it lies.
        name: of the file it was built from.
        size: bytes on disk.
        used: when it was last opened, in seconds since 1970.
        place: digest of the folder that the file lay in; "" where an early version built it.
    """

    folder: Path
    name: str
    size: int
    used: float
    place: str = ""


def open_index(file: VectorFile) -> VectorIndex | None:
    """The index of `file`, or None when there is none for what the file is now."""
    folder = _folder_of(file)
    try:
        about = read_record(folder / _ABOUT, _IndexedFile)
        index = _map(folder, replace(about, name=file.name))
    except (OSError, ValueError):
        return None  # missing, or damaged from outside: it can be built again
    if about.reading < _READING:
        if not _is_read_so(index, file):
            return None
        with suppress(OSError):
            write_record(folder / _ABOUT, replace(about, reading=_READING))
    with suppress(OSError):  # another user's cache can be read all the same
        os.utime(folder / _ABOUT)  # last use, for `trim_indexes`
    return index


def _is_read_so(index: VectorIndex, file: VectorFile) -> bool:
    """Whether an index that an earlier version built is what this one would build."""
    plain = not file.spelling and (file.rows is None or file.rows.left_out is None)
    return plain and float(index.norms.max()) <= MOST_OF_A_VALUE and is_composed(index.text[:].decode("utf-8"))


def _map(folder: Path, about: _IndexedFile) -> VectorIndex:
    shape = (about.vocabulary, about.vector_size)
    if (folder / "vectors.f32").stat().st_size != 4 * shape[0] * shape[1]:
        raise ValueError(f"{folder} is damaged")
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
    with open(folder / "words.txt", "rb") as file:
        text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if len(text) != arrays["word_starts"][-1]:
        raise ValueError(f"{folder} is damaged")
    arrays["vectors"] = np.memmap(folder / "vectors.f32", np.float32, "r", shape=shape)
    plain = {name: np.asarray(array) for name, array in arrays.items()}  # a memmap's own indexing is slow
    return VectorIndex(
        name=about.name,
        kind=about.kind,
        digest=about.digest,
        duplicates=about.duplicates,
        reasons=about.reasons,
        declared=about.declared,
        text=text,
        **plain,
    )


_ARRAYS = ("norms", "word_starts", "keys", "key_rows")


def build_index(progress: Progress, path: Path, member: str | None = None) -> str:
    """Build the index of a vectors file where there is none; gives its folder.

    A plain function of picklable arguments, for a background job. The index appears whole or not at all, whatever
    kills the process. When two processes ask for the same one, the second waits for the first.

    Raises:
        PretrainedError: the file cannot be used, changed meanwhile, or the disk is full.
        Cancelled: out of `progress`.
    """
    file = find_vectors(path, member)
    folder = _folder_of(file)
    waiting = "Waiting for the same index, which is being built already"
    with hold_lock(_lock_file(folder.name), progress, waiting):
        _remove_leftovers(held=folder.name)
        if open_index(file) is None:
            shutil.rmtree(folder, ignore_errors=True)  # a damaged one
            _check_space(file, folder)
            what, advice = f"The index of {file.name}", "try again, or use the file without an index"
            with room_for(what, PretrainedError, advice), new_folder(folder) as new:
                _write_index(file, new, progress)
                if _folder_of(file) != folder:
                    raise PretrainedError(f"{file.name} changed while it was read. Try again.")
            trim_indexes(index_limit(), keep=folder)
    progress(1.0, "done")
    return str(folder)


def _write_index(file: VectorFile, folder: Path, progress: Progress) -> None:
    if file.contents is None:
        prepare_kernels()
    tally = Tally()
    norms: list[np.ndarray] = []
    keys: list[np.ndarray] = []
    lengths: list[np.ndarray] = []
    with open_bytes(file, progress) as stream:
        with open(folder / "vectors.f32", "wb") as vectors_file, open(folder / "words.txt", "wb") as words_file:
            for words, vectors in read_rows(file, stream, None, tally):
                vectors_file.write(np.ascontiguousarray(vectors).data)
                words_file.write(b"\n".join(words) + b"\n")
                norms.append(_norms(vectors))
                keys.append(np.fromiter(map(zlib.crc32, words), np.uint32, len(words)))
                lengths.append(np.fromiter(map(len, words), np.int64, len(words)))
            for written in (vectors_file, words_file):
                written.flush()
                os.fsync(written.fileno())
        digest = digest_reading(file, stream, tally)
    refuse_unusable(tally, file.name)
    unsorted = np.concatenate(keys)
    starts = np.zeros(len(unsorted) + 1, np.int64)
    np.cumsum(np.concatenate(lengths) + 1, out=starts[1:])
    order = np.argsort(unsorted).astype(np.int32)
    np.save(folder / "norms.npy", np.concatenate(norms))
    np.save(folder / "word_starts.npy", starts)
    np.save(folder / "keys.npy", unsorted[order])
    np.save(folder / "key_rows.npy", order)
    about = _IndexedFile(
        name=file.name,
        kind=str(file.kind),
        digest=digest,
        vocabulary=len(unsorted),
        vector_size=file.vector_size,
        duplicates=tally.duplicates,
        reasons=dict(tally.reasons),
        declared=file.declared,
        place=place_of(file.path.parent),
        reading=_READING,
    )
    write_record(folder / _ABOUT, about)


def _norms(vectors: np.ndarray) -> np.ndarray:
    """Length of each row, float32; in float64 where a square leaves the range of float32."""
    squares = np.einsum("ij,ij->i", vectors, vectors)
    extreme = ~((squares > 1e-20) & (squares < 1e30))
    norms: np.ndarray = np.sqrt(squares)
    norms[extreme] = np.linalg.norm(vectors[extreme].astype(np.float64), axis=1)
    return norms


def _folder_of(file: VectorFile) -> Path:
    """Where the index of `file` lies: named by size, time of change and samples of the content.

    So another file under the same name is another index, and the same file in another place is not.
    """
    try:
        with open(file.path, "rb", buffering=0) as opened:
            status = os.fstat(opened.fileno())
            places = np.linspace(0, max(0, status.st_size - _SAMPLE_BYTES), _SAMPLES).astype(np.int64)
            samples = []
            for place in places.tolist():
                opened.seek(place)
                samples.append(opened.read(_SAMPLE_BYTES))
    except OSError as error:
        raise PretrainedError(f"{file.name} cannot be read ({error.strerror}). Is it still there?") from error
    beside = file.words_beside
    words = [] if beside is None else [f"{beside.stat().st_size} {beside.stat().st_mtime_ns}"]
    parts = (str(status.st_size), str(status.st_mtime_ns), file.inside, b"".join(samples), *words)
    identity = digest_of(INDEX_VERSION, *parts)
    return cache_folder("indexes", identity)


def _check_space(file: VectorFile, folder: Path) -> None:
    needed = file.memory + 40 * file.vocabulary
    check_room(f"The index of {file.name}", needed, folder.parent, "use the file without an index")


def _lock_file(identity: str) -> Path:
    return cache_folder("indexes", f".{identity}.lock")


def _remove_leftovers(held: str = "") -> None:
    """Delete what killed builders left behind: unfinished folders whose lock is free or `held` by the caller."""
    root = cache_folder("indexes", "-").parent
    for folder in root.iterdir():
        if folder.is_dir() and folder.name.startswith("."):
            identity = folder.name.split(".")[1]
            with try_lock(_lock_file(identity)) as free:
                if free or identity == held:
                    shutil.rmtree(folder, ignore_errors=True)


def estimate_index_seconds(file: VectorFile) -> float:
    """Seconds that indexing `file` takes on one core, a child's start included."""
    return 1.0 + _BYTE_SECONDS * max(file.size, file.unpacked)


def list_indexes() -> tuple[StoredIndex, ...]:
    """The indexes in the cache folder, the most recently used first."""
    root = cache_folder("indexes", "-").parent
    found = []
    for folder in root.iterdir():
        try:
            if not folder.name.startswith("."):
                about = folder / _ABOUT
                size = sum(file.stat().st_size for file in folder.iterdir())
                file = read_record(about, _IndexedFile)
                found.append(StoredIndex(folder, file.name, size, about.stat().st_mtime, file.place))
        except (OSError, ValueError, KeyError):
            continue  # another process is deleting it
    return tuple(sorted(found, key=lambda index: -index.used))


def place_of(folder: Path) -> str:
    """Names a folder of vectors files without saying where it is; one in the cache folder wherever that is moved."""
    root = cache_folder().absolute()
    folder = folder.absolute()
    return digest_of("place", str(folder.relative_to(root) if folder.is_relative_to(root) else folder))


def indexes_of(folder: Path, file: str = "") -> list[StoredIndex]:
    """Indexes of files that lie, or lay, in `folder`; of that `file` only where one is named.

    One that a vectors file elsewhere has as well is that file's too and is not among them. Names say nothing: anybody
    may call a file "glove".
    """
    stored = list_indexes()
    if not stored:
        return []
    mine, shared, place = _folders_of(folder, file), _folders_of(vectors_folder()), place_of(folder)
    return [
        index
        for index in stored
        if index.folder not in shared
        and (index.folder in mine or (index.place == place and file in ("", index.name.split("/")[0])))
    ]


def _folders_of(folder: Path, file: str = "") -> set[Path]:
    """Where the indexes of the files in `folder` lie, or would; what cannot be read has none."""
    found: set[Path] = set()
    with suppress(PretrainedError):
        for each in list_vector_files(folder):
            if file in ("", each.path.name):
                with suppress(PretrainedError):
                    found.add(_folder_of(each))
    return found


def index_limit() -> int:
    """Bytes that indexes may take together: $VECTUNE_INDEX_LIMIT, else 20 GB."""
    return int(os.environ.get(LIMIT_VARIABLE) or DEFAULT_LIMIT)


def trim_indexes(limit: int, keep: Path | None = None) -> None:
    """Delete the least recently used indexes until the others take at most `limit` bytes; never `keep`."""
    total = 0
    for index in sorted(list_indexes(), key=lambda index: index.folder != keep):
        total += index.size
        if total > limit and index.folder != keep:
            total -= index.size
            delete_index(index)


def delete_index(index: StoredIndex) -> None:
    """Delete `index`. Whoever has it open keeps it until they close it."""
    doomed = index.folder.with_name(f".{index.folder.name}.deleted")
    try:
        index.folder.rename(doomed)  # so that nobody opens half of it
    except OSError:
        doomed = index.folder
    shutil.rmtree(doomed, ignore_errors=True)


def clear_indexes() -> None:
    """Delete every index that is not being built."""
    trim_indexes(0)
    _remove_leftovers()
