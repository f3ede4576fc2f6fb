"""Parts of a text: told by label, years or names, proposed with their sizes, and read from what was typed."""

from dataclasses import replace

import pytest

from core.errors import CorpusError
from core.system.typed_json import as_values, from_values
from core.text.corpus import build_corpus
from core.text.opened import open_text
from core.text.part import TextPart
from core.text.proposed_parts import (
    check_parts,
    largest_parts,
    propose_by_label,
    propose_by_periods,
    propose_picked,
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
