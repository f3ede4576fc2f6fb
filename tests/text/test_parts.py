"""One text as several: which documents go together, and that a part is the text that its documents would be."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.errors import CorpusError
from core.text.corpus import Corpus, build_corpus
from core.text.part import LabelSource
from core.text.parts import (
    Cut,
    choose_groups,
    find_years,
    group_by_label,
    group_by_year,
    group_documents,
    take_documents,
    take_groups,
)
from core.text.reading.documents import Document

TEXTS = ["One two. Three", "", "four five six one. Seven", "one one nine", "two nine. Nine"]


def corpus(labels: list[str | None], names: list[str] | None = None, texts: list[str] = TEXTS) -> Corpus:
    named = names or [f"d{number}" for number in range(len(labels))]
    return build_corpus(
        [Document(name, text, label) for name, text, label in zip(named, texts, labels, strict=True)], name="whole"
    )


def nowhere_else(source: LabelSource) -> Sequence[str | None]:
    raise AssertionError(f"no labels but those that were read were asked for: {source}")


def of_years(years: list[int]) -> Corpus:
    return corpus([None] * len(years), [f"{year}.txt" for year in years], ["some words"] * len(years))


def test_a_part_is_the_text_that_its_documents_would_be() -> None:
    labels: list[str | None] = ["a", "a", "b", "a", "b"]
    whole = corpus(labels)
    grouping = group_by_label(whole)
    for name, part in zip(grouping.names, take_groups(whole, grouping), strict=True):
        own = [Document(f"d{i}", text, name) for i, text in enumerate(TEXTS) if labels[i] == name and text]
        alone = build_corpus(own)
        assert part.name == f"whole {name}"
        assert part.words == alone.words
        assert part.document_names == alone.document_names
        for field in ("counts", "tokens", "sentence_starts", "document_starts"):
            np.testing.assert_array_equal(getattr(part, field), getattr(alone, field))
        assert (part.digest, part.whole) == (alone.digest, "")
    assert take_documents(whole, [4, 2, 2], "x").document_names == ("d2", "d4")


def test_documents_without_a_word_or_a_label_are_in_no_part() -> None:
    whole = corpus(["a", "b", None, "a", "c"])
    grouping = group_by_label(whole)
    assert (grouping.names, grouping.sizes, grouping.left_out) == (("a", "b", "c"), (2, 1, 1), 1)
    with pytest.raises(CorpusError, match="“whole b” has no document with a word in it"):
        take_groups(whole, grouping)


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        (["late", "early", "late", "early", "mid"], ("late", "early", "mid")),
        (["1910s", "1900s", "1910s", "1890s", "900s"], ("900s", "1890s", "1900s", "1910s")),
        (["vol. 10", "vol. 9", "vol. 2, 3", "vol. 2", "vol. 9"], ("vol. 2", "vol. 2, 3", "vol. 9", "vol. 10")),
        (["1910s", "later", "1910s", "1890s", "later"], ("1910s", "later", "1890s")),
    ],
)
def test_labels_are_in_the_order_of_their_numbers_or_of_the_text(labels: list[str | None], order: object) -> None:
    assert group_by_label(corpus(labels)).names == order


@pytest.mark.parametrize(
    ("name", "label", "year"),
    [
        ("1790-Washington.txt", None, 1790),
        ("letters/1912/may.txt", None, 1912),
        ("archive-2019/1850 speech.txt", None, 1850),
        ("speech_19120503.txt", None, 1912),
        ("19121399.txt", None, 0),
        ("speech-12345.txt", None, 0),
        ("0999.txt", None, 0),
        ("2100.txt", None, 2100),
        ("2101.txt", None, 0),
        ("table.csv, row 1850", None, 0),
        ("book.txt, line 1850", None, 0),
        ("book 1851.txt, paragraph 1900", None, 1851),
        ("1790.txt", "3 May 1912", 1912),
        ("1790.txt", "news", 1790),
    ],
)
def test_the_year_is_the_first_number_that_can_be_one(name: str, label: str | None, year: int) -> None:
    assert find_years(corpus([label], [name], ["words"])).tolist() == [year]


@pytest.mark.parametrize(
    ("years", "names"),
    [
        ([1912, 1915, 1912], ("1912", "1915")),
        (range(2001, 2013), tuple(map(str, range(2001, 2013)))),
        (range(1995, 2013), ("1995-1999", "2000s", "2010-2012")),
        (range(2000, 2014), ("2000-2004", "2005-2009", "2010-2013")),
        (range(1790, 2019, 3), ("1790s", *(f"{year}-{year + 19}" for year in range(1800, 2000, 20)), "2000-2018")),
        (range(1790, 2027), ("1790s", *(f"{year}-{year + 24}" for year in range(1800, 2000, 25)), "2000-2026")),
        (range(1500, 2000, 9), (*(f"{year}-{year + 49}" for year in range(1500, 1950, 50)), "1950-1995")),
        (range(1000, 2100, 50), (*(f"{year}-{year + 99}" for year in range(1000, 2000, 100)), "2000-2050")),
    ],
)
def test_years_become_parts_or_periods_of_the_calendar(years: list[int], names: tuple[str, ...]) -> None:
    grouping = group_by_year(of_years(list(years)))
    assert grouping.names == names
    assert sum(grouping.sizes) == len(years)
    assert min(grouping.sizes) > 0


def test_what_has_no_years_or_labels_says_what_they_are() -> None:
    with pytest.raises(CorpusError, match=r"No year is found in “whole”.*names here are like “d0”, “d1”.*--label"):
        group_documents(corpus([None] * 5), Cut(("year",)), nowhere_else)
    with pytest.raises(CorpusError, match=r"All years found in “whole” are 1912\."):
        group_documents(of_years([1912, 1912]), Cut(("year",)), nowhere_else)
    with pytest.raises(CorpusError, match=r"No document of “whole” has a label.*--label"):
        group_documents(corpus([None] * 5), Cut(("label",)), nowhere_else)


def test_groups_are_cut_again_by_something_else() -> None:
    whole = corpus(["press", "fiction", "press", None, "press"])
    dates = ("1961-01-02", "1961", "1962", "1961", "undated")

    def dated(source: LabelSource) -> Sequence[str | None]:
        assert source == LabelSource(column="date")
        return dates

    first = group_documents(whole, Cut(("label", "year"), "date"), dated)
    assert first.names == ("press 1961", "press 1962", "fiction 1961")
    assert first.group.tolist() == [0, 2, 1, -1, -1]
    turned = group_documents(whole, Cut(("year", "label"), "date"), dated)
    assert turned.names == ("1961 press", "1961 fiction", "1962 press")
    assert turned.sizes == (1, 1, 1)


def test_some_groups_can_be_chosen_in_an_order() -> None:
    grouping = choose_groups(group_by_label(corpus(["a", "b", "c", "a", "b"])), ["b", "a"])
    assert (grouping.names, grouping.group.tolist()) == (("b", "a"), [1, 0, -1, 1, 0])
    with pytest.raises(CorpusError, match=r"no part called “d”\. There are: b, a"):
        choose_groups(grouping, ["d"])
    with pytest.raises(CorpusError, match="“a” is named twice"):
        choose_groups(grouping, ["a", "a"])
