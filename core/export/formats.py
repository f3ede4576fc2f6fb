"""A model written for other programs. Every number comes back as it was: nine digits are enough for float32."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from core.errors import ExportError
from core.export.format_texts import FORMAT_TEXTS, ExportFormat
from core.export.table import VectorTable
from core.pretrained.vectors import first_line, text_rows, write_numbers
from core.progress import Progress, silent
from core.prose.cells import plain_cell
from core.prose.numbers import count
from core.system.files import to_json, whole_file
from core.system.typed_json import as_values


class Written(NamedTuple):
    """The files that an export made, and what a reader of them should know."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


def write_export(
    table: VectorTable, format: ExportFormat, path: Path, *, counts: bool | None = None, progress: Progress = silent
) -> Written:
    """Write `table` to `path`, whole or not at all.

    Formats that have no place for counts get them in a second file, `path` + ".vocab", a word and its count on each
    line, as the original word2vec and GloVe write it.

    Args:
        counts: whether to write how often each word occurs; None writes it where the format has a place for it.

    Raises:
        ExportError: the format cannot hold this table, or the file cannot be written.
        Cancelled: out of `progress`.
    """
    if counts is None:
        counts = FORMAT_TEXTS[format].holds_counts
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _WRITERS[format](table, path, counts, progress)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error


def write_download(
    table: VectorTable, format: ExportFormat, folder: Path, name: str, counts: bool, progress: Progress = silent
) -> Written:
    """Like `write_export`, as one file in `folder`: a zip where the format takes two."""
    text = FORMAT_TEXTS[format]
    written = write_export(table, format, folder / f"{name}{text.ending}", counts=counts, progress=progress)
    if len(written.files) == 1:
        return written
    archive = folder / f"{name}.zip"
    with (
        whole_file(archive, 0o644) as new,
        open(new, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack,
    ):
        for each in written.files:
            pack.write(each, each.name)
    for each in written.files:
        each.unlink()
    return Written((archive,), written.notes)


# Formats in which a blank ends a word: word2vec and GloVe.


def _names(words: Sequence[str]) -> tuple[list[str | None], tuple[str, ...]]:
    """Names without white space, None for a word whose name is taken already; and what to say about it."""
    names: list[str | None] = ["".join("_" if letter.isspace() else letter for letter in word) for word in words]
    changed = [place for place, (name, word) in enumerate(zip(names, words, strict=True)) if name != word]
    taken: set[str | None] = {word for place, word in enumerate(names) if word == words[place]}
    left_out = 0
    for place in changed:
        name = names[place]
        if name in taken:
            names[place] = None
            left_out += 1
        taken.add(name)
    notes = []
    if changed:
        notes.append(f"White space in {count('word', len(changed))} is written as _.")
    if left_out:
        notes.append(f"Left out of them, because the name would be another word's: {left_out:,}.")
    return names, tuple(notes)


def _write_spaced(
    table: VectorTable, path: Path, counts: bool, progress: Progress, *, header: bool, binary: bool
) -> Written:
    names, notes = _names(table.words)
    done = 0
    with whole_file(path, 0o644) as new, open(new, "wb") as file:
        if header:
            kept = sum(name is not None for name in names)
            file.write(first_line(kept, table.vector_size))
        for block in table.blocks():
            chosen = names[done : done + len(block.words)]
            if binary:
                rows = (row.tobytes() for row in np.asarray(block.vectors, "<f4"))
                file.writelines(b"%s %s" % (n.encode(), r) for n, r in zip(chosen, rows, strict=True) if n is not None)
            else:
                file.writelines(text_rows(chosen, block.vectors))
            done += len(block.words)
            progress(done / len(table), f"{done:,} words")
    if not counts:
        return Written((path,), notes)
    second = path.with_name(path.name + ".vocab")
    with whole_file(second, 0o644) as new, open(new, "wb") as file:
        pairs = zip(names, table.counts.tolist(), strict=True)
        file.writelines(f"{name} {count}\n".encode() for name, count in pairs if name is not None)
    return Written((path, second), (*notes, f"The counts are in {second.name}."))


def _write_word2vec(table: VectorTable, path: Path, counts: bool, progress: Progress) -> Written:
    return _write_spaced(table, path, counts, progress, header=True, binary=False)


def _write_word2vec_binary(table: VectorTable, path: Path, counts: bool, progress: Progress) -> Written:
    return _write_spaced(table, path, counts, progress, header=True, binary=True)


def _write_glove(table: VectorTable, path: Path, counts: bool, progress: Progress) -> Written:
    return _write_spaced(table, path, counts, progress, header=False, binary=False)


# Formats in which any text can be a word.


def _write_gensim(table: VectorTable, path: Path, counts: bool, progress: Progress) -> Written:
    """gensim's own save: a pickle, for gensim's use. Nothing here ever loads one."""
    from gensim.models import KeyedVectors

    model = KeyedVectors(table.vector_size)
    progress(0.1, f"{len(table):,} words")
    model.add_vectors(list(table.words), table.matrix())
    if counts:
        model.expandos["count"] = np.array(table.counts, np.int64)
    progress(0.5, "writing")
    with whole_file(path, 0o644) as new, open(new, "wb") as file:
        model.save(file)
    progress(1.0, "done")
    return Written((path,), ())


_NPZ_LIMIT = 2_000_000_000


def _write_npz(table: VectorTable, path: Path, counts: bool, progress: Progress) -> Written:
    longest = max(map(len, table.words))
    if 4 * longest * len(table) > _NPZ_LIMIT:
        raise ExportError(
            f"NumPy would need {longest} letters for each of {len(table):,} words, as long as the longest. "
            "Choose Parquet."
        )
    with (
        whole_file(path, 0o644) as new,
        open(new, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
    ):

        def put(name: str, array: np.ndarray) -> None:
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=False)
            archive.writestr(f"{name}.npy", buffer.getvalue(), zipfile.ZIP_DEFLATED)

        put("words", np.array(table.words))
        if counts:
            put("counts", np.asarray(table.counts, np.int64))
        put("about", np.array(to_json(as_values(table.about))))
        with archive.open("vectors.npy", "w", force_zip64=True) as member:
            shape = (len(table), table.vector_size)
            header = {"descr": "<f4", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(cast(Any, member), header)
            done = 0
            for block in table.blocks():
                member.write(np.ascontiguousarray(block.vectors, "<f4").tobytes())
                done += len(block.words)
                progress(done / len(table), f"{done:,} words")
    return Written((path,), ())


def _write_parquet(table: VectorTable, path: Path, counts: bool, progress: Progress) -> Written:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    columns = [("word", arrow.string())]
    if counts:
        columns.append(("count", arrow.int64()))
    columns.append(("vector", arrow.list_(arrow.float32(), table.vector_size)))
    about = {b"vectune": to_json(as_values(table.about)).encode()}
    schema = arrow.schema(columns, metadata=about)
    done = 0
    with whole_file(path, 0o644) as new, open(new, "wb") as file, parquet.ParquetWriter(file, schema) as writer:
        for block in table.blocks():
            flat = np.ascontiguousarray(block.vectors, np.float32).reshape(-1)
            vectors = arrow.FixedSizeListArray.from_arrays(arrow.array(flat), table.vector_size)
            middle = [arrow.array(block.counts)] if counts else []
            writer.write_table(
                arrow.Table.from_arrays([arrow.array(list(block.words)), *middle, vectors], schema=schema)
            )
            done += len(block.words)
            progress(done / len(table), f"{done:,} words")
    return Written((path,), ())


# Formats that a spreadsheet may open.


def _guard(words: Sequence[str]) -> tuple[str, ...]:
    guarded = sum(plain_cell(word) != word for word in words)
    if not guarded:
        return ()
    if guarded == 1:
        return ("One word that a spreadsheet could take for a formula has an apostrophe before it.",)
    return (f"{guarded:,} words that a spreadsheet could take for formulas have an apostrophe before them.",)


def _write_csv(table: VectorTable, path: Path, counts: bool, progress: Progress) -> Written:
    head = ["word", *(["count"] if counts else []), *(f"v{place}" for place in range(1, table.vector_size + 1))]
    done = 0
    with whole_file(path, 0o644) as new, open(new, "wb") as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")  # the mark tells spreadsheets that it is UTF-8
        text.write(",".join(head) + "\r\n")
        cell = io.StringIO()
        quoted = csv.writer(cell, quoting=csv.QUOTE_ALL, lineterminator="")
        for block in table.blocks():
            rows = zip(block.words, block.counts.tolist(), write_numbers(block.vectors, ","), strict=True)
            for word, count, line in rows:
                quoted.writerow([plain_cell(word)])
                text.write(f"{cell.getvalue()},{f'{count},' if counts else ''}{line}\r\n")
                cell.seek(0)
                cell.truncate()
            done += len(block.words)
            progress(done / len(table), f"{done:,} words")
        text.detach()
    return Written((path,), _guard(table.words))


def _label(word: str) -> str:
    """One cell of a TSV file: no tab, and no character that any program takes for the end of a line."""
    return plain_cell(
        "".join(" " if letter == "\t" or len(f"a{letter}a".splitlines()) > 1 else letter for letter in word)
    )


def _write_projector(table: VectorTable, path: Path, counts: bool, progress: Progress) -> Written:
    """vectors.tsv, metadata.tsv, and a config for TensorBoard and one for the Projector on the web.

    The Projector takes a metadata file with one column to have no header, and one with several to have one.
    """
    shape = [len(table), table.vector_size]
    web = {
        "embeddings": [
            {
                "tensorName": table.about.run.name,
                "tensorShape": shape,
                "tensorPath": "vectors.tsv",
                "metadataPath": "metadata.tsv",
            }
        ]
    }
    board = 'embeddings {\n  tensor_path: "vectors.tsv"\n  metadata_path: "metadata.tsv"\n}\n'
    done = 0
    with (
        whole_file(path, 0o644) as new,
        open(new, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        with archive.open("vectors.tsv", "w", force_zip64=True) as member:
            for block in table.blocks():
                member.write("".join(f"{line}\n" for line in write_numbers(block.vectors, "\t")).encode())
                done += len(block.words)
                progress(done / len(table), f"{done:,} words")
        labels = [_label(word) for word in table.words]
        if counts:
            pairs = zip(labels, table.counts.tolist(), strict=True)
            labels = ["word\tcount", *(f"{label}\t{count}" for label, count in pairs)]
        archive.writestr("metadata.tsv", "".join(f"{label}\n" for label in labels))
        archive.writestr("projector_config.pbtxt", board)
        archive.writestr("projector_config.json", to_json(web, indent=1))
    return Written((path,), _guard(table.words))


_WRITERS: dict[ExportFormat, Callable[[VectorTable, Path, bool, Progress], Written]] = {
    "word2vec": _write_word2vec,
    "word2vec-binary": _write_word2vec_binary,
    "glove": _write_glove,
    "gensim": _write_gensim,
    "npz": _write_npz,
    "parquet": _write_parquet,
    "csv": _write_csv,
    "projector": _write_projector,
}
