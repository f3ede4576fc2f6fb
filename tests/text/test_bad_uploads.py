"""Whatever is uploaded gives documents, or an error that names the file and says what to do."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import CorpusError, UserError
from core.text.corpus import build_corpus
from core.text.reading.documents import ReadOptions, preview_table, read_documents
from core.text.reading.uploads import Limits, Upload
from core.text.tokens.tokenisers import CorpusOptions
from tests.making import docx_of, encrypted_pdf_of, gzip_of, jsonl_of, ods_of, pdf_of, xls_of, xlsx_of, zip_of
from tests.messy_texts import ANY_TEXT, is_seen

REMEDY = re.compile(r"\b(upload|save|choose|put|remove|correct|close|unpack|make|split|leave|open|join|must)\b", re.I)
SMALL = Limits(
    file_bytes=400_000, total_bytes=1_000_000, archive_files=50, archive_ratio=100, ratio_free_bytes=50_000, cells=2000
)
DOCX = docx_of(["Some words."])
XLSX = xlsx_of({"a": [["text"], ["Some words here."]]})
XLS = xls_of({"a": [["text"], ["Some words here."]]})
ODS = ods_of({"a": [["text"], ["Some words here."]]})
PDF = pdf_of([["Some words."]])
GZ = gzip_of(b"Some words, and more words. " * 50)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CORNERS = [["text"], *[[]] * 65_534, [""] * 255 + ["far"]]
LOCK = b'text/xml"><manifest:encryption-data/></manifest:file-entry>'
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def with_parts(office: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """An Office file with its parts changed, or left out where `change` gives None."""
    with zipfile.ZipFile(io.BytesIO(office)) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    return zip_of({name: data for name, data in parts.items() if data is not None})


def with_cell(workbook: bytes, place: str, other: str) -> bytes:
    """An .xlsx with a cell of its first sheet moved."""
    old, new = (f'r="{where}"'.encode() for where in (place, other))
    return with_parts(workbook, lambda name, data: data.replace(old, new) if "sheet1" in name else data)


def repeated(content: bytes, what: str, times: int) -> bytes:
    """The content of an .ods with its first row, or the cells of it, so many times."""
    tag = b"table:table-row" if what == "row" else b"table:table-cell"
    return content.replace(b"<" + tag, b'<%s table:number-%ss-repeated="%d"' % (tag, what.encode(), times), 1)


def with_flag(archive: bytes, offset: int, value: int) -> bytes:
    """A zip with a byte changed in each of its local (PK34) and central (PK12) headers."""
    for mark, shift in ((b"PK\x03\x04", 6 + offset), (b"PK\x01\x02", 8 + offset)):
        at = archive.index(mark)
        archive = archive[: at + shift] + bytes([value]) + archive[at + shift + 1 :]
    return archive


def nested(depth: int) -> bytes:
    data = zip_of({"a.txt": b"words"})
    for _ in range(depth):
        data = zip_of({"inner.zip": data})
    return data


def corrupted(archive: bytes) -> bytes:
    at = archive.index(b"PK\x01\x02") - 20
    return archive[:at] + bytes([archive[at] ^ 255]) + archive[at + 1 :]


TEXTS = [
    ("empty.txt", b"", "empty (0 bytes)"),
    ("blank.txt", b" \n\t \r\n", "nothing but spaces"),
    ("mark.txt", b"\xef\xbb\xbf", "nothing but spaces"),
    ("mark16.txt", b"\xff\xfe", "nothing but spaces"),
    ("emoji.txt", "😀🎉 🚀\n".encode() * 20, "no words"),
    ("dashes.md", b"---\n***\n...\n", "no words"),
    ("zeros.txt", bytes(5000), "binary"),
    ("program.txt", b"\x7fELF\2\1\1" + bytes(range(256)), "binary"),
    ("nul.csv", b"text,n\nhello\0you,1\n", "binary"),
    ("odd.txt", b"\xff\xfea\0b", "not valid utf-16"),
    ("surrogate.txt", b"\xff\xfea\0\0\xd8b\0", "not valid utf-16"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
    ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
    ("moving.gif", b"GIF89a\1\0\1\0", "a picture"),
    ("song.mp3", b"ID3\3\0\0", "a sound file"),
    ("rich.rtf", b"{\\rtf1\\ansi{\\info Some words.}}", "nothing but spaces"),
    ("table.parquet", b"PAR1\x15\x04\x15", "Parquet"),
    ("table.sqlite", b"SQLite format 3\0" + bytes(80), "a database"),
    ("large.txt", b"words " * 100_000, "one file may have 400 kB"),
]
DOCUMENTS = [
    ("noise.pdf", b"\x93\x01\x02\xff\xfe" * 50, "binary"),
    ("header.pdf", b"%PDF-1.7\n", "damaged"),
    ("cut.pdf", PDF[: len(PDF) // 3], "damaged"),
    ("pageless.pdf", pdf_of([]), "without a page"),
    ("scan.pdf", pdf_of([[], []]), "a scan"),
    ("locked.pdf", encrypted_pdf_of([["Some words."]], "secret"), "encrypted with a password"),
    ("old.doc", OLE + bytes(600), "old kind"),
    ("locked.docx", OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
    ("cut.docx", DOCX[: len(DOCX) // 2], "damaged"),
    ("renamed.docx", zip_of({"a.bin": b"\0\1\2"}), "binary"),
    ("bodyless.docx", with_parts(DOCX, lambda name, data: None if name == "word/document.xml" else data), "damaged"),
    (
        "broken.docx",
        with_parts(DOCX, lambda name, data: data[:-20] if name == "word/document.xml" else data),
        "damaged",
    ),
    ("bomb.docx", with_parts(DOCX, lambda name, data: BOMB + data if "document" in name else data), "entities"),
    ("blown.docx", with_parts(DOCX, lambda name, data: data + b" " * 900_000 if "theme" in name else data), "expand"),
    ("blank.docx", docx_of(["", " "]), "nothing but spaces"),
    ("slides.pptx", zip_of({"[Content_Types].xml": b"", "ppt/a.xml": b""}), "does not say what its slides are"),
    ("slides.odp", zip_of({"mimetype": b"application/vnd.oasis.opendocument.presentation"}), "OpenDocument"),
    ("open.odt", zip_of({"mimetype": b"application/vnd.oasis.opendocument.text"}), "an OpenDocument text"),
    ("novel.epub", zip_of({"mimetype": b"application/epub+zip"}), "an e-book"),
    ("blank.html", b"<html><body><p> </p></body></html>", "nothing but spaces"),
    ("script.html", b"<html><body><script>var words</script></body></html>", "nothing but spaces"),
]
TABLES = [
    ("ragged.csv", b"text,n\nhello,1\nhello, you,2\nbye,3\nbye,4\n", "Row 3"),
    ("ragged.tsv", b"text\tn\nhello\t1\nbye\t2\t3\nbye\t4\n", "Row 3"),
    ("titled.csv", b"Report 2021\ntext,n,m\nhello,1,2\nbye,3,4,x\nhi,5,6\n", "remove lines above the header"),
    ("quote.csv", b'text,n\n"hello,1\nbye,2\n', "never closed"),
    ("twice.csv", b'"hello you"\n"bye, all of you\n', "never closed"),
    ("header2.csv", b"text,n\n,\n", "no column with words"),
    ("numbers.csv", b"a,b\n1,2\n3,4\n", "no column with words"),
    ("commas.csv", b",,,\n,,,\n", "no words"),
    ("empty.xlsx", xlsx_of({"a": [], "b": []}), "no cell"),
    ("formulas.xlsx", xlsx_of({"a": [['=CONCATENATE("a", "b")']]}), "formula without its result"),
    ("formulas2.xlsx", xlsx_of({"a": [["text"], ["=B1"], ["=B2"]]}), "2 formulas without their results"),
    ("header3.csv", b"id,text,label\n", "a header and no row below it"),
    ("numbers.xlsx", xlsx_of({"a": [["n"], [1], [2]]}), "no column with words"),
    ("large.xlsx", xlsx_of({"a": [["words"] * 50] * 50}), "more than 2,000 cells"),
    ("cut.xlsx", XLSX[: len(XLSX) // 2], "damaged"),
    ("broken.xlsx", with_parts(XLSX, lambda name, data: data[:-20] if "sheet1" in name else data), "damaged"),
    ("bookless.xlsx", with_parts(XLSX, lambda name, data: None if name == "xl/workbook.xml" else data), "damaged"),
    ("bomb.xlsx", with_parts(XLSX, lambda name, data: BOMB + data if "sheet1" in name else data), "entities"),
    ("far.xlsx", with_cell(XLSX, "A2", "A2001"), "more than 2,000 cells"),
    ("farther.xlsx", with_cell(XLSX, "A2", "XFD1048576"), "more than 2,000 cells"),
    ("farthest.xlsx", with_cell(XLSX, "A2", "A99999999"), "more than 2,000 cells"),
    ("far.xls", xls_of({"a": [["text"], *[[]] * 20, [""] * 255 + ["far"]]}), "more than 2,000 cells"),
    ("corners.xls", xls_of(dict.fromkeys("abc", CORNERS)), "more than 2,000 cells"),
    ("repeated.xls", xls_of({"a": [["long " * 6000] * 40]}), "more than 1 MB of text"),
    ("locked.xls", XLS.replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1), "encrypted with a password"),
    ("cut.xls", XLS[: len(XLS) // 2], "damaged"),
    ("empty.xls", xls_of({"a": []}), "no cell"),
    ("sheetless.xls", OLE + bytes(600) + "Workbook".encode("utf-16-le").ljust(64, b"\0"), "damaged"),
    ("far.ods", ods_of({"a": [[f"word {n * 7919:x}"] * 3 for n in range(700)]}), "more than 2,000 cells"),
    ("rows.ods", with_parts(ODS, lambda name, data: repeated(data, "row", 1_000_000)), "more than 2,000 cells"),
    ("rows2.ods", with_parts(ODS, lambda name, data: repeated(data, "row", 10**18)), "cells"),
    ("columns.ods", with_parts(ODS, lambda name, data: repeated(data, "column", 10**9)), "more than 2,000 cells"),
    ("locked.ods", with_parts(ODS, lambda name, data: data.replace(b'text/xml"/>', LOCK)), "encrypted with a password"),
    ("cut.ods", ODS[: len(ODS) // 2], "damaged"),
    ("broken.ods", with_parts(ODS, lambda name, data: data[:-400] if "content" in name else data), "damaged"),
    ("bomb.ods", with_parts(ODS, lambda name, data: BOMB + data if "content" in name else data), "entities"),
    ("contentless.ods", with_parts(ODS, lambda name, data: None if "content" in name else data), "damaged"),
    ("broken.jsonl", b'{"text": "one"}\n{"text": "two"\n{"text": "three"}\n{"te', "Line 2"),
    ("number.jsonl", b'{"text": "one"}\n\n17\n', "Line 3"),
    ("deep.jsonl", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "Line 1"),
    ("bare.jsonl", jsonl_of([{}, {}]), ""),
    ("nulls.jsonl", jsonl_of([{"text": None}, {"text": None}]), "no column with words"),
    ("number.json", b"12", "not a JSON array"),
    ("cut.json", b'[{"text": "one"}, {"te', "not a JSON array"),
]
ARCHIVES = [
    ("cut.txt.gz", GZ[:-12], "may have been cut"),
    ("flipped.txt.gz", GZ[:-6] + b"\0\0" + GZ[-4:], "damaged"),
    ("bomb.txt.gz", gzip_of(bytes(300_000)), "times its size"),
    ("empty.txt.gz", gzip_of(b""), "empty"),
    ("noise.gz", gzip_of(b"\0\1\2\3" * 9), "binary"),
    ("texts.tar.gz", gzip_of(bytes(257) + b"ustar" + bytes(300)), "a tar archive"),
    ("texts.tar", bytes(257) + b"ustar" + bytes(300), "a tar archive"),
    ("texts.bz2", b"BZh91AY&SY" + bytes(9), "bzip2"),
    ("texts.xz", b"\xfd7zXZ\0" + bytes(9), "xz"),
    ("texts.7z", b"7z\xbc\xaf\x27\x1c" + bytes(9), "7-Zip"),
    ("texts.rar", b"Rar!\x1a\x07\0", "RAR"),
    ("bomb.zip", zip_of({"a.txt": bytes(300_000), "b.txt": bytes(300_000)}), "times its size"),
    ("up.zip", zip_of({"../../etc/a.txt": b"words"}), "leads outside"),
    ("root.zip", zip_of({"/etc/a.txt": b"words"}), "leads outside"),
    ("drive.zip", zip_of({"C:\\a.txt": b"words"}), "leads outside"),
    ("back.zip", zip_of({"a\\..\\..\\b.txt": b"words"}), "leads outside"),
    ("locked.zip", with_flag(zip_of({"a.txt": b"words"}), 0, 1), "encrypted with a password"),
    ("method.zip", with_flag(zip_of({"a.txt": b"words"}), 2, 98), "damaged"),
    ("deep.zip", nested(5), "too deep"),
    ("bare.zip", zip_of({}), "without a file"),
    ("litter.zip", zip_of({"__MACOSX/a.txt": b"words", ".hidden": b"words"}), "without a file"),
    ("cut.zip", zip_of({"a.txt": b"words" * 99})[:-30], "damaged"),
    ("flipped.zip", corrupted(zip_of({"a.txt": b"words" * 99}, zipfile.ZIP_STORED)), "damaged"),
    ("many.zip", zip_of({f"{n}.txt": b"words" for n in range(51)}), "51 files"),
    ("total.zip", zip_of({f"{n}.txt": str(list(range(60_000))).encode() for n in range(3)}), "more than 1 MB"),
    ("member.zip", zip_of({"a.txt": b"words" * 90_000}, zipfile.ZIP_STORED), "one file may have 400 kB"),
    ("blanks.zip", zip_of({"a.txt": b" ", "b.txt": b""}), "nothing but spaces"),
]
BAD = TEXTS + DOCUMENTS + TABLES + ARCHIVES


def test_the_table_is_long_enough():
    assert len(BAD) >= 60
    assert len({name for name, _, _ in BAD}) == len(BAD)


@pytest.mark.parametrize(("name", "data", "says"), BAD, ids=[name for name, _, _ in BAD])
def test_each_bad_upload_is_named_and_comes_with_a_remedy(name, data, says):
    with pytest.raises(CorpusError) as caught:
        read_documents([Upload(name, data)], limits=SMALL)
    message = str(caught.value)
    assert name.removesuffix(".gz") in message
    assert says in message
    assert REMEDY.search(message), message
    assert len(message) < 600


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"encoding": "klingon"}, "Choose one of"),
        ({"encoding": "ascii"}, "Choose another encoding"),
        ({"text_column": "body"}, "Choose one of: text, n."),
        ({"label_column": "body"}, "Choose one of: text, n."),
        ({"text_column": "n"}, "Choose another column"),
    ],
)
def test_a_choice_that_does_not_fit_the_file_is_an_error(options: Mapping[str, str], says: str):
    with pytest.raises(CorpusError, match=r"“a\.csv”") as caught:
        read_documents([Upload("a.csv", "text,n\nhello you,–\nbye you,–\n".encode())], ReadOptions(**options))
    assert says in str(caught.value)


def test_limits_of_the_whole_reading():
    with pytest.raises(CorpusError, match=r"1\.2 MB together.*“b\.txt”"):
        read_documents([Upload("a.txt", b"a" * 500_000), Upload("b.txt", b"b" * 700_000)], limits=SMALL)
    with pytest.raises(CorpusError, match=r"“a\.txt, line 4” is one document too many"):
        read_documents([Upload("a.txt", b"a\n" * 9)], ReadOptions(unit="line"), Limits(documents=3))


def test_one_bad_file_of_any_kind_among_good_ones_is_left_out():
    good = [Upload(f"{number}.txt", b"some words") for number in range(19)]
    for name, data, _ in BAD[::4]:
        reading = read_documents([*good[:9], Upload(name, data), *good[9:]], limits=SMALL)
        assert len(reading.documents) == 19
        assert reading.problems
        assert all(problem.file.startswith(name.removesuffix(".gz")) for problem in reading.problems)


def test_a_bad_member_of_an_archive_is_left_out():
    data = zip_of({"a.txt": b"words", "b.pdf": b"%PDF-", "c.docx": DOCX[:300], "d.txt": b"more words"})
    reading = read_documents([Upload("all.zip", data)])
    assert [document.name for document in reading.documents] == ["all.zip/a.txt", "all.zip/d.txt"]
    assert [problem.file for problem in reading.problems] == ["all.zip/b.pdf", "all.zip/c.docx"]


def test_a_very_long_line_is_one_document():
    reading = read_documents([Upload("a.txt", b"word " * 600_000)])
    assert [len(document.text) for document in reading.documents] == [3_000_000]


EXTENSIONS = [
    *("txt", "md", "csv", "tsv", "jsonl", "json", "xlsx", "xls", "html", "docx", "pdf"),
    *("zip", "gz", "tgz", "bin"),
]
SEEDS = [
    DOCX,
    XLSX,
    XLS,
    ODS,
    PDF,
    GZ,
    zip_of({"a.txt": b"words"}),
    b'{"text": "a"}\n',
    b"a,b\n1,2\n",
    b"<html><p>a",
    b"\xff\xfea\0",
]


ANY_BYTES = ANY_TEXT.map(str.encode) | st.binary(max_size=200)
TOKENISERS = [CorpusOptions(), CorpusOptions("nltk"), CorpusOptions("whitespace")]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    files=st.lists(st.tuples(st.sampled_from(SEEDS) | ANY_BYTES, st.sampled_from(EXTENSIONS)), max_size=4),
    unit=st.sampled_from(["auto", "file", "line", "paragraph"]),
    options=st.sampled_from(TOKENISERS),
)
@example(files=[("\u00ad \u200e".encode(), "txt"), ("\u3164 x".encode(), "csv")], unit="line", options=CorpusOptions())
def test_any_files_in_any_order_become_a_corpus_or_a_user_error(files, unit, options):
    uploads = [Upload(f"{number}.{extension}", data) for number, (data, extension) in enumerate(files)]
    try:
        documents = read_documents(uploads, ReadOptions(unit=unit), SMALL).documents
        corpus = build_corpus(documents, options)
    except UserError:
        return
    assert corpus.n_documents == len(documents)
    assert all(is_seen(word) for word in corpus.words)


def read_anything(data: bytes, extension: str) -> None:
    upload = Upload(f"file.{extension}", data)
    messages = []
    try:
        documents = read_documents([upload], limits=SMALL).documents
        assert documents
    except UserError as error:
        documents = ()
        messages.append(str(error))
    for document in documents:
        assert document.text.encode("utf-8")
        assert "\0" not in document.text
    try:
        preview_table(upload)
    except UserError as error:
        messages.append(str(error))
    assert all("file" in message for message in messages)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=600), extension=st.sampled_from(EXTENSIONS))
@example(data=b"\xef\xbb\xbf\xff", extension="csv")
@example(data=b"\x1f\x8b", extension="txt")
@example(data=b"sep=\xc3\xa9\na", extension="csv")
def test_arbitrary_bytes_give_documents_or_a_user_error(data, extension):
    read_anything(data, extension)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.sampled_from(SEEDS),
    extension=st.sampled_from(EXTENSIONS),
    cut=st.floats(0, 1),
    at=st.floats(0, 1),
    patch=st.binary(max_size=8),
)
def test_damaged_files_give_documents_or_a_user_error(seed, extension, cut, at, patch):
    place = int(at * len(seed))
    damaged = seed[:place] + patch + seed[place + len(patch) :]
    read_anything(damaged[: max(1, int(len(damaged) * (1 - cut / 4)))], extension)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.text(st.characters(codec="utf-8") | st.sampled_from(list(',;\t\n"{}[]<>:\\')), max_size=200),
    extension=st.sampled_from(EXTENSIONS),
)
def test_arbitrary_text_gives_documents_or_a_user_error(text, extension):
    read_anything(text.encode(), extension)
