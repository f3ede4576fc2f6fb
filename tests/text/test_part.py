"""Parts of a text: told by label, years or names, proposed with their sizes, and read from what was typed."""

from dataclasses import replace

import pytest
from making import csv_of

from core.errors import CorpusError
from core.system.typed_json import as_values, from_values
from core.text.corpus import build_corpus
from core.text.opened import open_text
from core.text.part import LabelSource, TextPart
from core.text.proposed_parts import (
    MOST_PICKED,
    check_parts,
    find_named,
    largest_parts,
    propose_by_label,
    propose_by_periods,
    propose_picked,
    propose_shown_years,
    read_periods,
    write_periods,
)
from core.text.reading.documents import Document, ReadOptions
from core.text.reading.uploads import Upload

ABOUT = [("letters-1790.txt", "a"), ("letters-1850.txt", "b"), ("letters-1901.txt", "a"), ("undated.txt", None)]


def corpus(about=ABOUT):
    return build_corpus([Document(name, f"some {label} words", label) for name, label in about], name="letters")


@pytest.mark.parametrize(
    ("part", "found", "name"),
    [
        (TextPart(labels=("a",)), [0, 2], "a"),
        (TextPart(labels=("a", "b")), [0, 1, 2], "a, b"),
        (TextPart(labels=("a", "b", "c", "d", "e")), [0, 1, 2], "a, b, c, 2 more"),
        (TextPart(years=(1790, 1899)), [0, 1], "1790-1899"),
        (TextPart(years=(1900, 1909)), [2], "1900s"),
        (TextPart(documents=("undated.txt", "letters-1790.txt")), [0, 3], "2 documents"),
        (TextPart(others=("undated.txt", "letters-1790.txt")), [1, 2], "all but 2 documents"),
    ],
)
def test_a_part_finds_its_documents_and_has_a_name(part, found, name):
    assert part.find(ABOUT).tolist() == found
    assert part.name == name
    assert from_values(as_values(part), TextPart) == part
    assert hash(from_values(as_values(part), TextPart)) == hash(part)


def test_a_part_is_told_by_one_thing():
    for wrong in ({}, {"labels": ("a",), "years": (1, 2)}, {"years": (1900, 1800)}):
        with pytest.raises(ValueError, match=r"a part is told|a period cannot"):
            TextPart(**wrong)


def test_a_part_that_no_document_is_of_says_so_with_its_value():
    for part, said in (
        (TextPart(labels=("z",)), "“z”"),
        (TextPart(years=(1600, 1650)), "1600-1650"),
        (TextPart(documents=("x",)), "“x”"),
        (TextPart(others=tuple(name for name, _ in ABOUT)), "another name than these"),
    ):
        with pytest.raises(CorpusError, match=said):
            part.find(ABOUT)


def test_a_part_is_the_text_that_its_documents_alone_would_be():
    uploads = [Upload(name, f"Some words of {name}.".encode()) for name, _ in ABOUT]
    part = open_text(uploads, ReadOptions(unit="file"), part=TextPart(years=(1790, 1899)))
    alone = open_text(uploads[:2], ReadOptions(unit="file"))
    assert part.corpus.digest == alone.corpus.digest
    assert part.reading.documents == alone.reading.documents
    assert part.corpus.name.endswith(", 1790-1899")


PRESS = TextPart(labels=("press",), by=LabelSource(column="genre"))
ROWS = [
    ("genre", "date", "text"),
    ("press", "1961", "One word."),
    ("fiction", "1961", "Two more words."),
    ("press", "1975", "Three words are here."),
    ("press", "1961", "Last words."),
]


def test_a_part_of_a_part_is_told_by_other_labels():
    part = TextPart(years=(1961, 1961), within=PRESS)
    assert part.full_name == "press, 1961"
    assert from_values(as_values(part), TextPart) == part
    assert hash(from_values(as_values(part), TextPart)) == hash(part)
    upload = Upload("brown.csv", csv_of(ROWS))
    found = open_text([upload], ReadOptions(text_column="text", label_column="date"), part=part)
    assert [document.text for document in found.reading.documents] == ["One word.", "Last words."]
    assert found.corpus.name == "brown.csv, press, 1961"
    assert set(found.corpus.labels) == {"1961"}
    with pytest.raises(CorpusError, match="1990"):
        open_text([upload], ReadOptions(label_column="date"), part=TextPart(years=(1990, 1990), within=PRESS))
    poetry = replace(PRESS, labels=("poetry",))
    with pytest.raises(CorpusError, match="“poetry”"):
        open_text([upload], ReadOptions(label_column="date"), part=replace(part, within=poetry))


def test_parts_of_parts_of_files_are_told_by_their_names():
    names = ["poe/1841 tale.txt", "poe/1845 raven.txt", "melville/1841 whale.txt", "melville/1851 moby.txt"]
    uploads = [Upload(name, b"Some words.") for name in names]
    poe = TextPart(labels=("poe",), by=LabelSource(pattern="{label}/*"))
    part = TextPart(years=(1840, 1849), within=TextPart(documents=(names[1], names[2]), within=poe))
    assert open_text(uploads, ReadOptions(unit="file"), part=part).corpus.document_names == (names[1],)


def test_what_a_part_is_named_by_stays_what_it_was():
    assert repr(TextPart(labels=("a",))) == "TextPart(labels=('a',), years=None, documents=())"  # keys of kept texts
    assert PRESS.read_by(LabelSource(column="author")) == PRESS
    with pytest.raises(ValueError, match="nobody says"):
        PRESS.find(ABOUT)


def test_proposals_say_what_is_in_each_part():
    labels = propose_by_label(corpus())
    assert [(each.name, each.documents, each.tokens) for each in labels.parts] == [("a", 2, 6), ("b", 1, 3)]
    assert labels.left_out == 1
    periods = propose_by_periods(corpus(), [(1790, 1899), (1900, 1950), (1951, 2000)])
    assert [(each.name, each.documents) for each in periods.parts] == [
        ("1790-1899", 2),
        ("1900-1950", 1),
        ("1951-2000", 0),
    ]
    picked = propose_picked(corpus(), ["undated.txt"])
    assert [(each.documents, each.tokens) for each in picked.parts] == [(1, 3), (3, 9)]
    with pytest.raises(CorpusError, match="No documents"):
        propose_picked(corpus(), [])
    with pytest.raises(CorpusError, match="All documents"):
        propose_picked(corpus(), [name for name, _ in ABOUT])
    with pytest.raises(CorpusError, match="nothing to split it by"):
        propose_by_label(corpus([("x", "a"), ("y", "a")]))


def test_documents_are_found_by_a_piece_of_their_names():
    names = ["Letter 1.txt", "letter 12.txt", "note (1).txt"]
    assert find_named(names, "").tolist() == [0, 1, 2]
    assert find_named(names, " LETTER 1").tolist() == [0, 1]
    assert find_named(names, "e*1.").tolist() == [0]
    assert find_named(names, "(1)").tolist() == [2]
    assert find_named(names, "z").tolist() == []


def test_more_documents_than_can_be_kept_by_name_are_refused():
    many = [f"d{n}" for n in range(MOST_PICKED + 2)]
    whole = build_corpus([Document(name, "word") for name in many], name="many")
    with pytest.raises(CorpusError, match="5,001 documents are picked; up to 5,000"):
        propose_picked(whole, many[:-1])
    picked, others = propose_picked(whole, many[:-2]).parts
    assert (picked.documents, others.documents) == (5_000, 2)


def test_years_that_are_shown_are_those_of_documents_that_have_some():
    assert propose_shown_years(corpus([("a.txt", None), ("1790.txt", None)])) is None
    found = propose_shown_years(corpus())
    assert [(each.name, each.tokens) for each in found.parts] == [("1790", 3), ("1850", 3), ("1901", 3)]
    assert found.left_out == 1


@pytest.mark.parametrize(
    ("written", "periods"),
    [
        ("1850", ((1790, 1849), (1850, 1901))),
        (" 1900 ; 1850 ", ((1790, 1849), (1850, 1899), (1900, 1901))),
        ("1790, 1850", ((1790, 1849), (1850, 1901))),
        ("1790-1849, 1850 – 1910", ((1790, 1849), (1850, 1910))),
        ("1790, 1850-1901", ((1790, 1790), (1850, 1901))),
    ],
)
def test_periods_are_read_as_people_write_them(written, periods):
    assert read_periods(written, corpus()) == periods


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("18oo", "“18oo” is no year"),
        ("99", "“99” is no year"),
        ("1790-1850-1900", "no period"),
        ("1900-1850", "ends before it begins"),
        ("1790-1850, 1840-1900", "overlap"),
        ("2050", "the years of “letters” are 1790 to 1901"),
        (" , ", "No year is given"),
    ],
)
def test_periods_that_are_none_are_named(written, said):
    with pytest.raises(CorpusError, match=said):
        read_periods(written, corpus())


def test_a_text_without_years_says_how_they_are_found():
    with pytest.raises(CorpusError, match="four digits"):
        read_periods("1900", corpus([("a.txt", None), ("b.txt", None)]))


def test_what_is_proposed_first_is_read_back_as_it_was():
    letters = corpus()
    assert write_periods(letters) == "1850, 1901"
    assert read_periods(write_periods(letters), letters) == ((1790, 1849), (1850, 1900), (1901, 1901))


def test_of_many_parts_the_largest_are_ticked_and_an_empty_one_is_refused():
    many = propose_by_label(corpus([(f"d{n}", f"label {n}") for n in range(400)] + [("e", "label 7")])).parts
    assert len(many) == 400
    ticked = largest_parts(many, 12)
    assert len(ticked) == 12
    assert many[ticked[7]].documents == 2
    check_parts([many[place] for place in ticked], 40)
    with pytest.raises(CorpusError, match="400 parts are ticked"):
        check_parts(many, 40)
    with pytest.raises(CorpusError, match="has no word in it"):
        check_parts([replace(many[0], documents=0, tokens=0)], 40)
    with pytest.raises(CorpusError, match="No part is ticked"):
        check_parts([], 40)
