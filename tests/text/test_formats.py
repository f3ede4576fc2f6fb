import bz2
import datetime
import io
import json
import lzma
import tarfile
import zipfile

import pytest

from core.errors import CorpusError
from core.text.reading.documents import ReadOptions, preview_table, read_documents
from core.text.reading.uploads import Upload
from tests.making import csv_of, docx_of, encrypted_pdf_of, gzip_of, jsonl_of, ods_of, pdf_of, xls_of, xlsx_of, zip_of

FIRST = "The café by the sea, so they say, was closed."
SECOND = "Nobody knew why; “it rained”, said one."
ROWS = [["id", "text", "label"], ["a1", FIRST, "good"], ["b2", SECOND, "bad"]]
RECORDS = [{"id": "a1", "text": FIRST, "label": "good"}, {"id": "b2", "text": SECOND, "label": "bad"}]
HTML = (
    f"<html><head><title>no</title><style>p {{}}</style></head><body><p>{FIRST.replace('sea', 's<b>e</b>a')}</p>"
    f"<script>var no</script><!-- no --><ul><li>{SECOND}</li></ul></body></html>"
)
PDF_LINES = ["The cafe by the sea was clo-", "sed.", "Nobody knew why."]


def texts_of(name: str, data: bytes, **options) -> list[str]:
    reading = read_documents([Upload(name, data)], ReadOptions(**options))
    assert not [problem for problem in reading.problems if not problem.used], reading.problems
    return [document.text for document in reading.documents]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", f"{FIRST}\n\n{SECOND}".encode()),
        ("a.md", f"{FIRST}\n\n{SECOND}".encode()),
        ("a.html", HTML.encode()),
        ("a.docx", docx_of([FIRST, SECOND])),
        ("a.docx", docx_of([FIRST], [[SECOND]])),
        ("a.csv", csv_of(ROWS)),
        ("a.tsv", csv_of(ROWS, "\t")),
        ("a.jsonl", jsonl_of(RECORDS)),
        ("a.json", json.dumps(RECORDS).encode()),
        ("a.xlsx", xlsx_of({"one": ROWS})),
        ("a.xlsm", xlsx_of({"one": ROWS})),
        ("a.xls", xls_of({"one": ROWS})),
        ("a.ods", ods_of({"one": ROWS})),
    ],
)
@pytest.mark.parametrize("wrap", ["plain", "zip", "gzip", "bzip2", "xz", "tar", "tgz"])
def test_every_format_gives_the_text_back_packed_or_not(name, data, wrap):
    if wrap == "zip":
        name, data = "all.zip", zip_of({f"deep/folder/{name}": data})
    if wrap == "gzip":
        name, data = f"{name}.gz", gzip_of(data)
    if wrap == "bzip2":
        name, data = f"{name}.bz2", bz2.compress(data)
    if wrap == "xz":
        name, data = f"{name}.xz", lzma.compress(data[:9]) + lzma.compress(data[9:])
    if wrap in ("tar", "tgz"):
        data = tar_of({f"./deep/{name}": data, "deep/._a": b"litter"})
        name, data = ("all.tar", data) if wrap == "tar" else ("all.tgz", gzip_of(data))
    assert texts_of(name, data, unit="paragraph") == [FIRST, SECOND]


def tar_of(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return buffer.getvalue()


def test_a_pdf_gives_its_text_back_with_divided_words_joined():
    data = pdf_of([PDF_LINES, ["Second (2) page."]])
    assert texts_of("a.pdf", data, unit="paragraph") == [
        "The cafe by the sea was closed.\nNobody knew why.",
        "Second (2) page.",
    ]


def test_a_pdf_that_only_forbids_printing_is_read():
    assert texts_of("a.pdf", encrypted_pdf_of([["Some words here."]], "")) == ["Some words here."]


def test_content_decides_before_the_name():
    docx, html = docx_of([FIRST, SECOND]), HTML.encode()
    for name, data in [
        ("a.zip", docx),
        ("a.txt", docx),
        ("a.txt", zip_of({"b.txt": f"{FIRST}\n\n{SECOND}".encode()})),
        ("a.pdf", html),
        ("a.doc", html),
        ("a.docx", f"{FIRST}\n\n{SECOND}".encode()),
        ("a.txt", jsonl_of(RECORDS)),
        ("a.csv", jsonl_of(RECORDS)),
        ("a.csv", xlsx_of({"one": ROWS})),
        ("a.txt", xls_of({"one": ROWS})),
        ("a.zip", ods_of({"one": ROWS})),
        ("a.zip", gzip_of(html)),
    ]:
        assert texts_of(name, data, unit="paragraph") == [FIRST, SECOND], name


def test_documents_of_archives_are_named_by_their_path():
    data = zip_of(
        {"deep/b.txt": b"words", "__MACOSX/._b.txt": b"\0", ".DS_Store": b"\0", "inner.zip": zip_of({"c.txt": b"x"})}
    )
    reading = read_documents([Upload("a.zip", data), Upload("folder/d.txt", b"y"), Upload("folder/.DS_Store", b"\0")])
    assert [d.name for d in reading.documents] == ["a.zip/deep/b.txt", "a.zip/inner.zip/c.txt", "folder/d.txt"]
    assert reading.problems == ()


def test_a_page_that_declares_its_encoding_is_believed():
    page = '<html><head><meta charset="windows-1255"></head><body><p>דג סקרן שט בים</p></body></html>'
    assert texts_of("a.html", page.encode("cp1255")) == ["דג סקרן שט בים"]


def test_tracked_insertions_of_word_are_text():
    data = docx_of(["before"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inserted = b'<w:ins w:id="1" w:author="x"><w:r><w:t> after</w:t></w:r></w:ins></w:p>'
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"</w:p>", inserted, 1)
    assert texts_of("a.docx", zip_of(parts)) == ["before after"]


def test_rows_carry_label_and_id_when_asked():
    reading = read_documents([Upload("a.csv", csv_of(ROWS))], ReadOptions(label_column="label", id_column="id"))
    assert [(d.name, d.label) for d in reading.documents] == [("a.csv, a1", "good"), ("a.csv, b2", "bad")]
    plain = read_documents([Upload("a.csv", csv_of(ROWS))])
    assert [(d.name, d.label) for d in plain.documents] == [("a.csv, row 2", None), ("a.csv, row 3", None)]


def test_a_table_is_previewed_with_a_guess_of_its_columns():
    rows = [["doc_id", "sentiment", "title", "body"]]
    rows += [[f"d{n}", "pos" if n % 2 else "neg", f"Title {n}", f"{FIRST} {n}"] for n in range(40)]
    table = preview_table(Upload("a.csv", csv_of(rows)))
    assert table is not None
    assert (table.text_column, table.label_column, table.id_column) == ("body", "sentiment", "doc_id")
    assert table.columns == ("doc_id", "sentiment", "title", "body")
    assert table.rows == tuple(map(tuple, rows[1:11]))
    assert preview_table(Upload("a.txt", b"words")) is None
    assert preview_table(Upload("a.pdf", pdf_of([["words"]]))) is None


def test_the_preview_of_a_large_table_may_end_inside_a_quoted_cell():
    rows = [["text"], *[["quoted\n" * 2000]] * 100]
    table = preview_table(Upload("a.csv", csv_of(rows)))
    assert table is not None
    assert table.text_column == "text"
    assert len(table.rows) == 10


@pytest.mark.parametrize(
    ("name", "data", "columns", "first"),
    [
        ("a.csv", b"text;n\nhello, you;1,5\nbye, you;2,5\n", ("text", "n"), ("hello, you", "1,5")),
        ("a.csv", b"sep=|\ntext|n\nhello|1\n", ("text", "n"), ("hello", "1")),
        ("a.csv", b"text\tn\nhello\t1\n", ("text", "n"), ("hello", "1")),
        ("a.tsv", b'text\tn\n"hello\t1\nyou" said\t2\n', ("text", "n"), ('"hello', "1")),
        ("a.tsv", b'text\tn\n"hel\tlo"\t1\n', ("text", "n"), ("hel\tlo", "1")),
        ("a.csv", b"hello there,1\ngood bye,2\n", ("column 1", "column 2"), ("hello there", "1")),
        ("a.csv", b"text\nhello, you, all\nbye\n", ("text",), ("hello, you, all",)),
        ("a.csv", b"Hello there, all of you.\nBye now.\n", ("column 1",), ("Hello there, all of you.",)),
        ("a.csv", b'text,n\n"two\nlines",1\n', ("text", "n"), ("two\nlines", "1")),
        ("a.csv", b"text,text,\nhello,you,1\n", ("text", "text (2)", "column 3"), ("hello", "you", "1")),
        ("a.csv", "text,n\nhé,1\n".encode("utf-16"), ("text", "n"), ("hé", "1")),
        ("a.jsonl", b'{"text": "hi", "n": 1.0}\n\n{"text": null, "m": [1]}\n', ("text", "n", "m"), ("hi", "1", "")),
        ("a.jsonl", b'"hello"\n"you"\n', ("text",), ("hello",)),
        ("a.xlsx", xlsx_of({"empty": [], "b": [["text", "n"], ["hello", 1.5]]}), ("text", "n"), ("hello", "1.5")),
    ],
)
def test_tables_as_people_save_them(name, data, columns, first):
    table = preview_table(Upload(name, data))
    assert table is not None
    assert table.columns == columns
    assert table.rows[0] == first


def test_the_header_can_be_overruled():
    data = b"text\nwords\n"
    assert texts_of("a.csv", data) == ["words"]
    assert texts_of("a.csv", data, header=False) == ["text", "words"]


def test_rows_cut_short_are_pointed_out():
    reading = read_documents([Upload("a.csv", b"text,n\nhello\nworld,1\n")])
    assert [(problem.used, "row 2" in problem.message) for problem in reading.problems] == [(True, True)]


SPREADSHEETS = {"xlsx": xlsx_of, "xls": xls_of, "ods": ods_of}


@pytest.mark.parametrize("kind", SPREADSHEETS)
def test_each_sheet_of_a_workbook_is_a_table(kind):
    data = SPREADSHEETS[kind]({"one": ROWS, "two": [["text"], ["more words"]], "numbers": [["n"], [1]], "none": []})
    name = f"a.{kind}"
    reading = read_documents([Upload(name, data)])
    assert list(reading.tables) == [f"{name}, sheet one", f"{name}, sheet two"]
    assert [d.name for d in reading.documents][-1] == f"{name}, sheet two, row 2"
    assert ["sheet numbers" in problem.message for problem in reading.problems] == [True]


@pytest.mark.parametrize("kind", SPREADSHEETS)
def test_cells_of_every_kind_are_written_as_people_write_them(kind):
    moment = datetime.datetime(2020, 1, 2, 3, 4, 5)
    values = ["words", 3, 3.0, 0.5, -1, 10**9, True, None, moment.date(), moment, "two\nlines", " "]
    shown = ["words", "3", "3", "0.5", "-1", "1000000000", "true", "", "2020-01-02", str(moment), "two\nlines", " "]
    table = preview_table(Upload(f"a.{kind}", SPREADSHEETS[kind]({"one": [values, ["x"] * len(values)]})))
    assert table is not None
    # LibreOffice marks spaces that are not between letters
    assert [cell.strip() for cell in table.rows[0]] == [cell.strip() for cell in shown]


def test_rows_below_blank_ones_and_beside_blank_columns_are_read():
    table = preview_table(Upload("a.xlsx", xlsx_of({"one": [[], [], ["", "", "text"], [], ["", "", "some words"]]})))
    assert table is not None
    assert (table.columns, table.rows) == (("text",), (("some words",),))


def test_merged_cells_count_once_and_errors_are_no_words():
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    for row in (["text", "n"], ["merged words", None], ["last", "#N/A"]):
        page.append(row)
    page.merge_cells("A2:B2")
    buffer = io.BytesIO()
    book.save(buffer)
    table = preview_table(Upload("a.xlsx", buffer.getvalue()))
    assert table is not None
    assert table.rows == (("merged words", ""), ("last", ""))


def test_a_row_that_misstates_its_number_takes_no_memory():
    data = xlsx_of({"a": [["text"], ["Some words here."]]})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<row r="2"', b'<row r="99999999"')
    assert texts_of("a.xlsx", zip_of(parts)) == ["Some words here."]


def test_a_table_can_be_one_document():
    assert texts_of("a.csv", csv_of(ROWS), unit="file") == [f"{FIRST}\n\n{SECOND}"]


def test_tables_and_prose_together():
    reading = read_documents([Upload("a.csv", csv_of(ROWS)), Upload("b.txt", b"some prose")])
    assert [d.name for d in reading.documents] == ["a.csv, row 2", "a.csv, row 3", "b.txt"]
    assert reading.unit == "file"


def test_a_column_that_is_not_there_is_an_error_for_that_table():
    uploads = [Upload("a.csv", csv_of(ROWS)), Upload("b.csv", b"n,body\n1,words\n2,words here\n")]
    reading = read_documents(uploads, ReadOptions(text_column="text"))
    assert len(reading.documents) == 2
    assert "“b.csv” has no column “text”. Choose one of: n, body." in reading.problems[0].message


def test_deeply_nested_pages_are_read():
    assert texts_of("a.html", b"<div>" * 50_000 + b"words" + b"</div>" * 50_000) == ["words"]


def test_xml_entities_are_refused_in_office_files():
    for make, part in (
        (lambda: docx_of(["a"]), "word/document.xml"),
        (lambda: xlsx_of({"a": ROWS}), "xl/workbook.xml"),
    ):
        with zipfile.ZipFile(io.BytesIO(make())) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        head, _, body = parts[part].rpartition(b"?>")
        parts[part] = head + b"?>" + bomb + body if head else bomb + body
        with pytest.raises(CorpusError, match="entities"):
            read_documents([Upload("a.bin", zip_of(parts))])


def test_entities_of_pages_and_xml_are_not_expanded():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "boom boom"><!ENTITY b "&a;&a;">]><x><p>&b; words</p></x>'
    for name in ("a.html", "a.xml", "a.txt"):
        text = texts_of(name, bomb, unit="file")[0]
        assert "words" in text
        assert "boom boom boom" not in text


def test_formulas_that_were_never_calculated_are_told():
    data = xlsx_of({"a": [["id", "text"], [1, "hello there"], [2, "=B2"], [3, "=B3&B2"]], "b": [["text"], ["more"]]})
    reading = read_documents([Upload("a.xlsx", data)])
    assert [document.text for document in reading.documents] == ["hello there", "more"]
    problem, empty = reading.problems
    assert problem.used
    assert "2 rows of 3 without a word in the column “text”, left out" in empty.message
    assert "holds 2 formulas without their results" in problem.message
    assert not read_documents([Upload("a.xlsx", xlsx_of({"a": [["text"], ["hello there"]]}))]).problems
