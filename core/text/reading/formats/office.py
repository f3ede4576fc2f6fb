"""Files of Microsoft Office are zip archives of XML parts: whether they are forged, and where their parts are."""

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.errors import CorpusError
from core.prose.numbers import count, readable_size
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import IF_WRONG, Limits, Upload, check_expansion, parsing


def check_packed(upload: Upload, limits: Limits, kind: str) -> None:
    """Raise `CorpusError` for a zip archive that is `kind` of document and would expand as only a zip bomb does."""
    name = upload.name
    with parsing(name, kind, SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        files = archive.infolist()
    expanded = sum(info.file_size for info in files)
    check_expansion(name, len(upload.data), expanded, limits)
    if len(files) > limits.archive_files:
        raise CorpusError(
            f"“{name}” consists of {len(files):,} files; {limits.archive_files:,} are allowed. Upload its text as .txt."
        )
    if expanded > limits.total_bytes:
        raise CorpusError(
            f"“{name}” expands to {readable_size(expanded)}; {readable_size(limits.total_bytes)} are allowed. "
            "Upload a part of it, or its text as .txt or .csv."
        )


def check_office(upload: Upload, limits: Limits) -> None:
    """Raise `CorpusError` for an Office file that would blow up in its parser: a zip bomb, or XML with entities."""
    name = upload.name
    check_packed(upload, limits, "an Office file")
    with parsing(name, "an Office file", SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        for info in archive.infolist():
            if not info.filename.lower().endswith((".xml", ".rels")):
                continue
            with archive.open(info) as part:  # a document type stands before the first element: near the start
                start = part.read(65_536).replace(b"\0", b"")
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise CorpusError(f"“{name}” defines XML entities, as only forged Office files do. {SAVE_AGAIN}")


def say_left_out(name: str, comments: Sequence[str], edges: Mapping[str, Sequence[str]]) -> list[str]:
    """A note on what a document has beside its text: comments, and `edges` ("header", "footer") of its pages."""
    left_out = [count("comment", len(comments))] if comments else []
    for kind, texts in edges.items():
        if texts:
            left_out.append(f"{count(f'page {kind}', len(texts))} (“{' '.join(texts[0].split())[:60]}”)")
    if not left_out:
        return []
    return [
        f"“{name}” has {' and '.join(left_out)}, which are not part of the text and were left out. If they belong to "
        "it, have files read as they are."
    ]


def without_contents(tables: Sequence[Any], name: str) -> list[str]:
    """Take tables of contents, which repeat the headings, out of document `name`; a note on that."""
    for each in tables:
        above = each.getparent()
        if above is not None:
            above.remove(each)
    return [f"The table of contents of “{name}” was left out. {IF_WRONG}"] if tables else []


class Parts:
    """The XML parts of an Office file by what they are to each other, whichever edition of the standard names them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}

    def find(self, kind: str, of: str = "") -> list[str]:
        """Names of the parts that stand in relation `kind` ("officeDocument", "footnotes" ...) to part `of`."""
        return [path for relation, _, path in self._relations(of) if relation == kind]

    def targets(self, of: str) -> dict[str, str]:
        """Names of the parts that part `of` refers to, by what it calls them."""
        return {own: path for _, own, path in self._relations(of)}

    def _relations(self, of: str) -> Iterator[tuple[str, str, str]]:
        folder, file = posixpath.split(of)
        relations = self.read(posixpath.join(folder, "_rels", f"{file}.rels"))
        for each in [] if relations is None else relations.iter("{*}Relationship"):
            path = posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
            if each.get("TargetMode") != "External" and path.lower() in self._names:
                yield each.get("Type", "").rpartition("/")[2], each.get("Id", ""), path

    def read(self, name: str) -> Any:
        """The root element of a part; None if there is no such part."""
        from lxml import etree

        name = self._names.get(name.lower(), "")
        if not name:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        return etree.fromstring(self._archive.read(name), parser)
