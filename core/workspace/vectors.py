"""The vectors files that a visitor may choose from, and how much of a corpus each of them knows, remembered."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import PretrainedError
from core.pretrained.catalogue import CatalogueEntry
from core.pretrained.files import PARTIAL_SUFFIX, VectorFile, describe_file, vectors_folder
from core.pretrained.index import place_of
from core.pretrained.room import check_room
from core.pretrained.vectors import coverage_of_files
from core.progress import Progress, portion
from core.prose.numbers import count, write_share
from core.system.files import cache_folder, digest_of, room_for, whole_file
from core.system.shelves import Shelf
from core.system.typed_json import Record, read_record, write_record
from core.text.corpus import load_corpus
from core.workspace.demo_data import counted_vectors

QUICK_BYTES = 20_000_000
"""Vectors files of so many bytes, unpacked, are read in a fraction of a second."""

INDEX_FIRST_BYTES = QUICK_BYTES
"""A larger file is indexed before it is used: reading it without an index, in the server, could take seconds."""

_BYTE_SECONDS = 5e-9
"""Of a byte, unpacked, of a file that is searched for the words of a text."""


@dataclass(frozen=True, slots=True)
class Fit(Record):
    """How much of a corpus a vectors file knows: shares of its words and of its tokens, 0 to 1; or the `problem`."""

    types: float = 0.0
    tokens: float = 0.0
    problem: str = ""


Fits = Mapping[tuple[Path, str | None], Fit]
"""How much of a text each file knows, by its path and member."""

UPLOADED_VECTORS = Shelf("uploaded-vectors")


def upload_folder(visitor: str) -> Path:
    """Where the vectors files lie that this visitor uploaded; nobody else is offered them."""
    return cache_folder("uploaded-vectors", visitor)


def keep_vectors_upload(visitor: str, name: str, data: bytes | memoryview) -> tuple[VectorFile, ...]:
    """Put an uploaded vectors file where only its visitor finds it; gives the sets of vectors in it.

    Raises:
        PretrainedError: it holds none that can be used (then it is not kept), or the disk is full.
    """
    folder = upload_folder(visitor)
    name = Path(name.replace("\\", "/")).name.lstrip(".") or "vectors"
    with room_for(name, PretrainedError):
        folder.mkdir(parents=True, exist_ok=True)
    check_room(name, len(data), folder, "upload a smaller file")
    with room_for(name, PretrainedError), whole_file(folder / name) as new:
        new.write_bytes(data)
        try:
            usable = [each for each in describe_file(new) if not each.problem]
            problem = "" if usable else describe_file(new)[0].problem
        except PretrainedError as error:
            usable, problem = [], str(error)
        if not usable:
            raise PretrainedError(problem.replace(new.name, name))
    return tuple(each for each in describe_file(folder / name) if not each.problem)


def folder_state(folder: Path) -> str:
    """Changes whenever a file in `folder` comes, goes or changes; costs no look into the files."""
    if not folder.is_dir():
        return ""
    seen = [(file.name, file.stat()) for file in os.scandir(folder) if file.is_file()]
    return digest_of(*sorted(f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in seen))


def needs_index(file: VectorFile) -> bool:
    """Whether to index `file` before it is used."""
    return max(file.size, file.unpacked) > INDEX_FIRST_BYTES


def read_quickly(files: Sequence[VectorFile]) -> bool:
    """Whether all of `files` together are read in a fraction of a second."""
    return sum(max(file.size, file.unpacked) for file in files) <= QUICK_BYTES


def estimate_fits_seconds(files: Sequence[VectorFile]) -> float:
    """Seconds that `measure_fits` takes on one core, a child's start included."""
    return 1.0 + _BYTE_SECONDS * sum(max(file.size, file.unpacked) for file in files)


def known_fit(file: VectorFile, corpus_digest: str) -> Fit | None:
    """What `measure_fits` found out about the file as it is now; None where that is still to be done."""
    try:
        return read_record(_fit_path(file, corpus_digest), Fit)
    except (OSError, ValueError):
        return None


def measure_fits(progress: Progress, files: Sequence[VectorFile], corpus_folder: Path) -> None:
    """Find out how much of the kept corpus each file knows. Of picklable arguments, for a background job.

    Raises:
        Cancelled: out of `progress`; what was found by then is kept.
    """
    corpus = load_corpus(corpus_folder)
    for number, file in enumerate(files):

        def report(fraction: float, message: str, number: int = number, name: str = file.name) -> None:
            progress((number + fraction) / len(files), name)

        (found,) = coverage_of_files([file], corpus.words, corpus.counts, report)
        known = found.coverage
        fit = Fit(problem=found.problem) if known is None else Fit(known.types, known.tokens)
        write_record(_fit_path(file, corpus.digest), fit)
    progress(1.0, "done")


def measure_fits_of(progress: Progress, file: VectorFile, corpus_folders: Sequence[Path]) -> None:
    """`measure_fits` of one file for several kept corpora."""
    for number, folder in enumerate(corpus_folders):
        measure_fits(
            portion(progress, number / len(corpus_folders), (number + 1) / len(corpus_folders)), [file], folder
        )


def _fit_path(file: VectorFile, corpus_digest: str) -> Path:
    try:
        changed = file.path.stat().st_mtime_ns
    except OSError:
        changed = 0
    identity = digest_of(file.path.name, file.member, str(file.size), str(changed))
    return cache_folder("coverage", f"{corpus_digest}-{place_of(file.path.parent)}-{identity}.json")


def find_best(files: Sequence[VectorFile], fits: Fits) -> VectorFile | None:
    """The file that knows most of a text, and among equals the one with the longest vectors, then the most words.

    The demo's counted vectors only where there are no others; vectors made of parts of words only by choice. None as
    long as not every file was looked at.
    """
    plain = [file for file in files if not file.makes_missing]
    others = [file for file in plain if file.path != counted_vectors()] or plain
    if any((file.path, file.member) not in fits for file in others):
        return None
    usable = [file for file in others if not fits[file.path, file.member].problem]
    return max(usable, key=lambda file: _worth(file, fits), default=None)


def _worth(file: VectorFile, fits: Fits) -> tuple[float, int, int, str]:
    return round(fits[file.path, file.member].tokens, 3), file.vector_size, file.vocabulary, file.name


def why_best(best: VectorFile, files: Sequence[VectorFile], fits: Fits) -> str:
    """Why that file was chosen, in a sentence."""
    share = write_share(fits[best.path, best.member].tokens, 0)
    others = [file for file in files if file != best and not file.makes_missing and file.path != counted_vectors()]
    if not others:
        return f"Chosen for you: it covers {share} of the text, and there is no other file."
    mine = _worth(best, fits)
    alike = [other for other in others if _worth(other, fits)[0] == mine[0]]
    if not alike:
        return f"Chosen for you: it covers {share} of the text, more than the other {count('file', len(others))}."
    if all(other.vector_size < best.vector_size for other in alike):
        return f"Chosen for you: it covers {share} of the text; no file covers more, and it has the longest vectors."
    return f"Chosen for you: it covers {share} of the text; no file covers more, and none is larger."


def part_there(entry: CatalogueEntry) -> int:
    """Bytes of a download that are there already; all of them when it is complete."""
    path = vectors_folder() / entry.file_name
    for there in (path, path.with_name(path.name + PARTIAL_SUFFIX)):
        if there.exists():
            return there.stat().st_size
    return 0


def is_there(entry: CatalogueEntry) -> bool:
    """Whether the vectors folder has it."""
    return (vectors_folder() / entry.file_name).exists()


def free_bytes() -> int:
    """Free space where the vectors folder is, or would be."""
    folder = vectors_folder()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
