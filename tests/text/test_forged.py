"""Forged files are read in a confined child: each ends in a sentence, in time, whatever it was made to do."""

import gc
import gzip
import os
from dataclasses import replace

import pytest
from confined_work import abort, caught, compose_slowly, cut_slowly, grow, swallow
from system.test_jobs import is_alive
from text.test_bad_uploads import BOMB, REMEDY, XLSX, with_cell, with_parts

from core.errors import Cancelled, CorpusError
from core.system.confinement import Allowance, Exceeded, allow
from core.system.jobs.children import JobCrashed
from core.system.jobs.warm_executor import WarmExecutor
from core.text.opened import propose_options
from core.text.reading import allowances
from core.text.reading.allowances import explain_end
from core.text.reading.apart import call_apart, read_apart
from core.text.reading.documents import ReadOptions, preview_table, read_documents
from core.text.reading.uploads import LIMITS, Upload
from tests.making import csv_of, gzip_of, pdf_of_one_page, zip_of

LITTLE_TIME = replace(LIMITS, file_seconds=1)
"""What is given up after 20 s is given up after one."""
LITTLE_MEMORY = replace(LITTLE_TIME, memory_bytes=40_000_000)


@pytest.fixture(scope="module")
def child():
    executor = WarmExecutor(gc.collect, explain=explain_end, most_answer=1_000_000)
    yield executor
    executor.shutdown()


def with_sheet(rows):
    """An .xlsx with these rows of XML in its first sheet."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    sheet = head + b'<dimension ref="A1:XFD1048576"/><sheetData>' + rows + b"</sheetData></worksheet>"
    return with_parts(XLSX, lambda name, data: sheet if "sheet1" in name else data)


def wide_workbook(rows):
    """An .xlsx with something in the first and last of Excel's columns, so many times."""
    cell = b'<c r="%s%d" t="inlineStr"><is><t>word</t></is></c>'
    lines = (b'<row r="%d">' % n + cell % (b"A", n) + cell % (b"XFD", n) + b"</row>" for n in range(1, rows + 1))
    return with_sheet(b"".join(lines))


XML_BOOK = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
REFUSED = [
    ("wide.csv", lambda: b",".join(b"c%d" % n for n in range(250_000)) + b"\na", LIMITS, "250,000 columns"),
    ("short.csv", lambda: csv_of([["text"] * 2000, *[["a"] * 2000] * 9]) + b"a,\n" * 99_000, LIMITS, "nearly all of"),
    ("keys.jsonl", lambda: b"\n".join(b'{"k%d":"a"}' % n for n in range(17_000)), LIMITS, "17,000 columns"),
    ("keys.json", lambda: b"[" + b",".join(b'{"k%d":"a"}' % n for n in range(5_000)) + b"]", LIMITS, "nearly all of"),
    ("name.json", lambda: b'[{"' + b"long" * 9_000 + b'": "word"}]', LIMITS, "36,000 letters long"),
    ("deep.json", lambda: b"[" * 200_000 + b'"word"' + b"]" * 200_000, LIMITS, "not a JSON array"),
    ("laughs.docx", lambda: zip_of({"[Content_Types].xml": b"", "word/document.xml": BOMB}), LIMITS, "entities"),
    ("blown.docx", lambda: zip_of({"[Content_Types].xml": b"", "word/a.xml": bytes(11_000_000)}), LIMITS, "times its"),
    ("bomb.zip", lambda: zip_of({f"{n}.txt": b"a" * 6_000_000 for n in range(2)}), LIMITS, "times its size"),
    ("two.txt.gz", lambda: gzip_of(b"some words\n") + gzip.compress(bytes(11_000_000)), LIMITS, "times its size"),
    ("far.xlsx", lambda: with_cell(XLSX, "A2", "XFD1048576"), LIMITS, "more than 20,000,000 cells"),
    ("wide.xlsx", lambda: wide_workbook(1_100), LITTLE_TIME, "takes far longer"),
    ("far.xls", lambda: XML_BOOK + b'<Row><Cell ss:Index="16384"><Data>a</Data></Cell></Row>' * 900, LIMITS, "empty"),
    ("references.pdf", lambda: pdf_of_one_page(40_000, 2_000), LITTLE_TIME, "takes far longer"),
    ("stream.pdf", lambda: pdf_of_one_page(1, 4_000_000), LITTLE_MEMORY, "a file of its size"),
]


@pytest.mark.parametrize(("name", "make", "limits", "says"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_each_forged_file_is_named_and_comes_with_a_remedy(child, name, make, limits, says):
    with pytest.raises(CorpusError) as caught:
        child.submit(read_documents, [Upload(name, make())], ReadOptions(), limits).result(60)
    assert name.removesuffix(".gz") in str(caught.value)
    assert says in str(caught.value)
    assert REMEDY.search(str(caught.value))
    assert len(str(caught.value)) < 500


P, A, R = (f"http://schemas.openxmlformats.org/{each}".encode() for each in (
    "presentationml/2006/main", "drawingml/2006/main", "officeDocument/2006/relationships"))  # fmt: skip


def one_slide_shown_often(times):
    """A .pptx whose list of slides names the same one so many times."""
    listed = b'<p:sldId id="256" r:id="rId1"/>' * times
    said = b"<a:p><a:r><a:t>words</a:t></a:r></a:p>" * 20
    relation = b'<Relationship Id="rId1" Type="x/slide" Target="slides/slide1.xml"/>'
    package = b"http://schemas.openxmlformats.org/package/2006/relationships"
    return zip_of(
        {
            "[Content_Types].xml": b"",
            "ppt/presentation.xml": b'<p:presentation xmlns:p="%b" xmlns:r="%b"><p:sldIdLst>' % (P, R)
            + listed
            + b"</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": b'<Relationships xmlns="%b">%b</Relationships>' % (package, relation),
            "ppt/slides/slide1.xml": b'<p:sld xmlns:p="%b" xmlns:a="%b">%b</p:sld>' % (P, A, said),
        }
    )


READ = [
    ("again.pptx", lambda: one_slide_shown_often(20_000), "words"),
    ("deep.html", lambda: b"<div>" * 200_000 + b"words", "words"),
    ("deep.xml", lambda: b"<?xml version='1.0'?>" + b"<a>" * 200_000 + b"words" + b"</a>" * 200_000, "words"),
    ("laughs.xml", lambda: b'<?xml version="1.0"?>' + BOMB + b"<x>words &b;</x>", "&b;"),
    ("raised.html", lambda: b"<html>" + b"<sup>" * 100_000 + b"words", "words"),
    ("cells.csv", lambda: b'id,text\n1,"' + b"[" * 90 + b"]" * 90 + b'"\n2,words\n', "words"),
    ("accents.txt", lambda: "a{} word".format("\u0301\u0316" * 200_000).encode(), "word"),
]


@pytest.mark.parametrize(("name", "make", "holds"), READ, ids=[name for name, *_ in READ])
def test_what_was_made_to_be_slow_is_read_quickly(child, name, make, holds):
    (document,) = child.submit(read_documents, [Upload(name, make())], ReadOptions(), LITTLE_TIME).result(60).documents
    assert document.text.endswith(holds)
    assert len(document.text) < 200


def test_a_forged_file_among_good_ones_is_left_out(child):
    files = [Upload("a.txt", b"one"), Upload("b.pdf", pdf_of_one_page(400, 100_000)), Upload("c.txt", b"two")]
    reading = child.submit(read_documents, files, ReadOptions(), LITTLE_TIME).result(60)
    assert [document.name for document in reading.documents] == ["a.txt", "c.txt"]
    assert [problem.file for problem in reading.problems] == ["b.pdf"]
    assert "takes far longer" in reading.problems[0].message
    assert child.submit(len, b"x").result(30) == 1


def test_many_slow_files_do_not_add_up(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(allowances, "is_confined", lambda: True)
    monkeypatch.setattr(allowances, "spent_seconds", lambda: clock[0])
    left = allowances.Allowances(LIMITS)

    def take_too_long(name):
        left.check()
        with left.hold(Upload(name, b"")):
            clock[0] += 21
            raise Exceeded("time")

    for number in range(3):
        with pytest.raises(CorpusError, match="takes far longer"):
            take_too_long(f"{number}.pdf")
    with pytest.raises(CorpusError, match=r"“0\.pdf”, “1\.pdf”, “2\.pdf”.*Leave these out"):
        left.check()


@pytest.mark.parametrize(("work", "says"), [(compose_slowly, "takes far longer"), (abort, "ended the process")])
def test_a_child_that_cannot_be_interrupted_is_ended_and_its_file_named(child, work, says):
    pid = child.submit(os.getpid).result(30)
    with pytest.raises(CorpusError, match=f"“x.txt” {says}"):
        child.submit(work).result(30)
    assert not is_alive(pid)
    assert child.submit(os.getpid).result(30) != pid


def test_time_and_memory_are_limited_and_free_again_afterwards(child):
    with pytest.raises(Exceeded, match="memory"):
        raise child.submit(caught, grow).result(30)
    with pytest.raises(Exceeded, match="time"):
        raise child.submit(caught, swallow).result(30)
    assert child.submit(len, b"x" * 10**6).result(30) == 10**6


def test_cutting_into_words_is_limited_too(child):
    with pytest.raises(CorpusError, match="Cutting this text into words takes far more time"):
        child.submit(cut_slowly).result(30)


def test_a_child_cannot_answer_with_more_than_it_may(child):
    with pytest.raises(JobCrashed):
        child.submit(bytes, 2_000_000).result(30)


def test_nothing_is_limited_in_a_process_that_is_not_confined():
    with allow("x.txt", Allowance(0, 0)):
        assert sum(range(100_000))


def test_options_for_a_forged_table_are_the_usual_ones(child):
    table = Upload("a.csv", b",".join(b"c%d" % n for n in range(20_000)) + b"\na")
    assert child.submit(propose_options, [table]).result(30) == ReadOptions()
    with pytest.raises(CorpusError, match="20,000 columns"):
        preview_table(table)


def test_the_preview_of_a_table_is_small():
    table = preview_table(Upload("a.csv", csv_of([["text", "n"], ["word " * 90_000, "1"], ["word", "2"]])))
    assert sum(len(cell) for row in table.rows for cell in row) < 5_000


def test_the_command_line_reads_what_is_not_certainly_cheap_in_a_child(monkeypatch):
    table = csv_of([["text", "genre"], *[[f"word {n}", "ab"[n % 2]] for n in range(20)]])
    for files in ([Upload("a.csv", table)], [Upload("a.csv.gz", gzip_of(table))]):
        apart, here = read_apart(files), read_documents(files)
        assert apart.documents == here.documents
        assert apart.tables == here.tables
    monkeypatch.setattr("core.text.reading.apart._CHEAP_BYTES", 0)
    assert call_apart(propose_options, [Upload("a.csv", table)]).label_column == "genre"


def test_what_the_command_line_reads_in_a_child_can_be_cancelled():
    def cancel(fraction, message):
        raise Cancelled

    with pytest.raises(Cancelled):
        read_apart([Upload("a.pdf", pdf_of_one_page(20, 100_000))], progress=cancel)
