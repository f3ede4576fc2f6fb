"""No bytes make a reader take long, or fail but with a sentence: pieces of files put together anyhow."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import CorpusError
from core.text.reading.documents import read_documents
from core.text.reading.uploads import Upload
from tests.making import csv_of, docx_of, epub_of, odt_of, pdf_of, xlsx_of

SECONDS = 20
"""No file of less than a megabyte takes longer."""
MARKS = {
    "a.html": ["<p>", "</p>", "<b", ">", "&amp;", "&#0;", "&#xd800;", "<!--", "<script>", "<ruby><rt>", "<![CDATA["],
    "a.xml": [
        "<?xml version='1.0'?>",
        "<c>",
        "</c>",
        "<lb break='no'/>",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE a [",
        "<!ENTITY a ",
        '"b">',
        "&a;",
        "<w>",
        "</c>\n<c>",
        "<c id='1'>",
        "<FictionBook>",
        "<PubmedArticleSet><PubmedArticle>",
        "</ArticleTitle><Keyword>",
        "<c id='1' b='",
    ],
    "a.eml": [
        "From: a@b\n",
        "Date: x\n",
        "Subject: =?utf-8?b?4?=\n",
        "Content-Type: multipart/mixed; boundary=a\n",
        "\n\n",
        "--a\n",
        "--a--",
        "Content-Transfer-Encoding: base64\n",
        "Content-Type: text/html; charset=nope\n",
        "From a 2020\n",
    ],
    "a.srt": [
        "1\n",
        "00:00:00,000 --> 00:00:01,000\n",
        "\n\n",
        "<i>",
        "{\\an8}",
        "WEBVTT\n",
        "NOTE ",
        "[00:00.0]",
        "{1}{2}",
    ],
    "a.tex": [
        "\\documentclass{a}",
        "\\begin{document}",
        "\\begin{equation}",
        "\\end{equation}",
        "$",
        "$$",
        "\\[",
        "{",
        "}",
        "\\cite{",
        "\\'e",
        "\\c{",
        "%",
        "\\\\",
        "[",
        "]",
    ],
    "a.bib": [
        "\n@article{a,",
        "@misc(b,",
        "@string{s = ",
        "@comment{",
        "\n title = ",
        "abstract={",
        "{",
        "}",
        ")",
        '"',
        " # ",
        "s",
        ",",
        "\\{",
        '\\"o',
        "$",
        "% ",
    ],
    "a.rtf": [
        "{\\rtf1\\ansi ",
        "{\\fonttbl{\\f1\\fcharset128 x;}}",
        "{",
        "}",
        "\\f1 ",
        "\\'93",
        "\\u-10179?",
        "\\uc9 ",
        "\\bin7 ",
        "\\bin-7 ",
        "\\*",
        "{\\footnote ",
        "{\\*\\annotation ",
        "\\ansicpg9 ",
        "\\v ",
        "\\",
    ],
    "a.ris": ["TY  - JOUR\n", "ER  - \n", "T1  - a\n", "\nAB  - ", "KW  - ", "ID  - ", "PMID- ", "%0 ", "\n\n"],
    "a.wiki": [
        "[[",
        "]]",
        "|",
        "{{",
        "}}",
        "'''",
        "== a ==\n",
        "{|\n",
        "|-\n",
        "<ref>",
        "</ref>",
        "[http://a b]",
        "<!--",
        "[[File:a|",
    ],
    "a.csv": ['"', '""', '\\"', ",", ";", "\t", "\n", "# a\n", "text,n\n", "&lt;p&gt;", "<br>", "\\n", "sep=;\n"],
    "a.json": [
        '{} \\"',
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        '"text"',
        '"a"',
        "1",
        "null",
        '"\\ud800"',
        "\n",
        '{"text": "word"}',
    ],
    "a.jsonl": ['{"text": "word"}\n', '{"messages": [', '{"role": "a", "content": "b"}', "]}", "\n", "{", "}", ","],
    "a.txt": [
        "\f",
        "\n\n12\n\f",
        "-\n",
        "\u00ad\n",
        "a",
        "-",
        "\t",
        "\n\n",
        "&amp;",
        "<br>",
        "~{",
        "~}",
        "+AGE-",
        "\x1b$B",
        "\x1b(B",
        "\u0301",
        "é",
    ],
}
WORDS = ["word", "The doctor saw it.", " ", "\n", "Über", "猫", "\ufeff", "0"]


def read_in_time(name: str, data: bytes) -> None:
    began = time.process_time()
    try:
        reading = read_documents([Upload(name, data)])
    except CorpusError:
        pass
    else:
        assert reading.documents
        assert "".join(document.text for document in reading.documents).encode()
    assert time.process_time() - began < SECONDS


def fuzzed(examples: int):
    """The same examples each time, about five seconds of them."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


@pytest.mark.parametrize("name", MARKS)
def test_marks_in_any_order_are_read_or_refused(name):
    @fuzzed(300)
    @given(st.lists(st.sampled_from([*MARKS[name], *WORDS]), max_size=40))
    def check(pieces):
        read_in_time(name, "".join(pieces).encode("utf-8", "surrogatepass"))

    check()


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_a_hundred_thousand_times_takes_no_longer_than_its_size_explains(name):
    for mark in MARKS[name]:
        read_in_time(name, (("a word " + mark) + mark * (100_000 // len(mark))).encode())


TABLE = [["id", "text"], *[[str(number), "The doctor saw it."] for number in range(9)]]
WHOLE = {
    "a.docx": docx_of(["The doctor saw the patient.", "A boat."], [["one", "two"]]),
    "a.odt": odt_of("<text:p>The doctor saw the patient.</text:p><text:p>A boat.</text:p>"),
    "a.epub": epub_of({"a.xhtml": "<p>The doctor saw the patient.</p>", "b.xhtml": "<p>A boat.</p>"}),
    "a.xlsx": xlsx_of({"one": TABLE, "two": TABLE}),
    "a.pdf": pdf_of([["The doctor saw the pa-", "tient."], ["A boat."]]),
    "a.csv": csv_of(TABLE),
}


@pytest.mark.parametrize("name", WHOLE)
def test_damaged_files_are_read_or_refused(name):
    data = WHOLE[name]
    n_examples = 300 if name == "a.csv" else 40  # the others need a process or a parser each

    @fuzzed(n_examples)
    @given(
        st.lists(
            st.tuples(st.integers(0, len(data)), st.integers(0, 30), st.binary(max_size=20)), min_size=1, max_size=4
        )
    )
    def check(changes):
        broken = data
        for at, length, put in changes:
            broken = broken[:at] + put + broken[at + length :]
        read_in_time(name, broken)

    check()
