"""What kind of file some bytes are: their own marks decide, and the name only where these say nothing."""

import io
import re
import zipfile
from typing import Literal

from core.errors import CorpusError
from core.system.magic import NAMES, Format, format_of
from core.text.reading.endings import is_called
from core.text.reading.uploads import Upload, encrypted, parsing

UploadKind = Literal[
    "text", "zip", "gzip", "bzip2", "xz", "tar", "pdf", "docx", "odt", "pptx", "epub", "rtf", "spreadsheet", "mail"
]

_REPACK = "Unpack it and upload the files, or pack them as .zip."
PICTURE = "Vectune does not read text off pictures: run text recognition (OCR) first and upload its result."
_REFUSED: dict[Format, str] = {
    **dict.fromkeys(("rar", "7z", "zstd"), _REPACK),
    "parquet": "Save it as .csv or .jsonl.",
    "sqlite": "Save the table with the texts as .csv.",
    "picture": PICTURE,
    "sound": "Upload a transcript of it.",
}
"""What to do about formats that hold no text that could be read."""

_DOCUMENT_STREAMS = ("WordDocument", "PowerPoint Document", "__properties_version1.0")
_WORKBOOK_STREAMS = ("Workbook", "Book")
_LOCKED_WORKBOOK = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""The start of a workbook (BOF, perhaps WRITEPROT) with the record FILEPASS, of which the rest is encrypted."""

_TYPES = "[Content_Types].xml"
_MANIFEST, _LONGEST_MANIFEST = "META-INF/manifest.xml", 1_000_000
SAVE_AGAIN = "Open it in the program it was made with, save it again, and upload it."


def kind_of(upload: Upload) -> UploadKind:
    """What the bytes are, by their own marks.

    Raises:
        CorpusError: a kind that holds no text that could be read; the message says what to do about it.
    """
    name, data = upload.name, upload.data
    found = format_of(data[:512])
    if found in _REFUSED:
        raise CorpusError(f"“{name}” is {NAMES[found]}, which cannot be read. {_REFUSED[found]}")
    if found == "ole":
        return _kind_of_ole(upload)
    if found == "zip":
        return _kind_of_zip(name, data)
    if found == "gzip" or found == "bzip2" or found == "xz" or found == "tar" or found == "rtf":
        return found
    is_pdf = found == "pdf" or (upload.extension == ".pdf" and b"%PDF-" in data[:1024])
    if is_pdf:
        return "pdf"
    return "mail" if _is_mail(upload) else "text"


_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]")
_LETTER_HEADERS = frozenset({b"from", b"to", b"date", b"subject", b"received", b"message-id", b"return-path"})
_LETTER_HEADERS |= {b"mime-version", b"content-type", b"delivered-to", b"x-mailer"}


def _is_mail(upload: Upload) -> bool:
    """Whether a file begins as a letter of electronic mail does: with its headers, three that every letter has."""
    start = re.sub(rb"\A(?:\xef\xbb\xbf)?\s*(?:From [^\r\n]+\r?\n|\d+\s*\n)?", b"", upload.data[:16_384], count=1)
    head = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0].replace(b"\r", b"").split(b"\n")
    named = [found[1].lower() for line in head if (found := _HEADER.match(line))]
    folded = sum(line[:1] in (b" ", b"\t") for line in head)
    usual = len(_LETTER_HEADERS.intersection(named))
    called_so = is_called(upload.name, "mail")
    whole = len(named) + folded >= len(head) - 1  # every line of the head is a header or goes on one
    return whole and usual >= (1 if called_so else 3) and (called_so or b"from" in named)


def _kind_of_ole(upload: Upload) -> UploadKind:
    name, data = upload.name, upload.data
    if "EncryptedPackage".encode("utf-16-le") in data or _LOCKED_WORKBOOK.search(data):
        raise CorpusError(encrypted(name))
    is_document = any(_has_stream(data, stream) for stream in _DOCUMENT_STREAMS)  # which may hold a workbook, too
    is_workbook = upload.extension == ".xls" or any(_has_stream(data, stream) for stream in _WORKBOOK_STREAMS)
    if is_workbook and not is_document:
        return "spreadsheet"
    raise CorpusError(
        f"“{name}” is an Office file of the old kind (.doc, .ppt, .msg), which cannot be read. Save it as .docx, .pdf "
        "or .txt and upload that."
    )


def _has_stream(data: bytes, stream: str) -> bool:
    """Whether the directory of an OLE file has an entry of this name, which fills 64 bytes there."""
    return stream.encode("utf-16-le").ljust(64, b"\0") in data


def _kind_of_zip(name: str, data: bytes) -> UploadKind:
    with parsing(name, "a zip archive", "Make it and upload it again."), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        about = archive.open("mimetype").read(100) if "mimetype" in names else b""
        types = archive.open(_TYPES).read(_LONGEST_MANIFEST) if _TYPES in names else b""
        manifest = archive.open(_MANIFEST).read(_LONGEST_MANIFEST) if _MANIFEST in names else b""
    if about.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if b"encryption-data" in manifest:
            raise CorpusError(encrypted(name))
        return "spreadsheet"
    if about.startswith(b"application/vnd.oasis.opendocument.text"):
        if b"encryption-data" in manifest:
            raise CorpusError(encrypted(name))
        return "odt"
    if about.startswith(b"application/vnd.oasis"):
        raise CorpusError(f"“{name}” is an OpenDocument file without running text. Save it as .odt, .ods or .pdf.")
    if about.startswith(b"application/epub") or "META-INF/container.xml" in names:
        return "epub"
    if _TYPES in names:
        folders = {part.split("/")[0] for part in names}
        if "ppt" in folders:
            return "pptx"
        if "word" in folders:
            return "docx"
        if "xl" in folders:
            return "spreadsheet"
        if b"wordprocessingml.document" in types:  # some programs call its folder otherwise
            return "docx"
    return "zip"
