"""Occurrences in small texts, against reading them."""

import csv

import numpy as np
import pytest

from core.text.concordance import MOST_SORTED, SENTENCE_MARK, find_occurrences, read_page, write_occurrences_csv
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.tokens.tokenisers import CorpusOptions


def corpus_of(*texts: str) -> Corpus:
    return build_corpus([Document(f"doc {i}", text, f"label {i}") for i, text in enumerate(texts)])


def lines(corpus: Corpus, word: str, order: str = "document", width: int = 8) -> list[tuple[str, str]]:
    found = find_occurrences(corpus, word, order)  # type: ignore[arg-type]
    return [(" ".join(each.left), " ".join(each.right)) for each in read_page(corpus, found, width=width)]


def test_every_occurrence_is_cited_and_stays_in_its_document() -> None:
    corpus = corpus_of("the bank lends money", "old bank of stone bank")
    found = find_occurrences(corpus, "bank")
    assert (found.total, found.documents) == (3, 2)
    page = read_page(corpus, found, width=2)
    assert [(each.document, each.label) for each in page] == [
        ("doc 0", "label 0"),
        ("doc 1", "label 1"),
        ("doc 1", "label 1"),
    ]
    assert [(each.left, each.word, each.right) for each in page] == [
        (("the",), "bank", ("lends", "money")),
        (("old",), "bank", ("of", "stone")),
        (("of", "stone"), "bank", ()),
    ]


def test_sentence_ends_are_marked() -> None:
    corpus = corpus_of("We saw it. Bank is shut. Money goes. The end is here.")
    assert corpus.n_sentences > 2
    assert lines(corpus, "bank") == [("we saw it |", "is shut | money goes | the end is here")]
    assert SENTENCE_MARK not in " ".join(lines(corpus, "we")[0][0])


def test_sorted_by_what_follows_and_by_what_precedes() -> None:
    corpus = corpus_of("b x z a", "a x y", "c x", "d x y b")
    assert [right for _, right in lines(corpus, "x", "right")] == ["", "y", "y b", "z a"]
    assert [left for left, _ in lines(corpus, "x", "left")] == ["a", "b", "c", "d"]


def test_left_is_read_outwards() -> None:
    corpus = corpus_of("a c x", "b a x", "c b x")
    assert [left for left, _ in lines(corpus, "x", "left")] == ["b a", "c b", "a c"]


def test_pages_hold_every_occurrence_once() -> None:
    corpus = corpus_of(*["x y"] * 23)
    found = find_occurrences(corpus, "x")
    assert found.pages(10) == 3
    positions = [each.position for page in (1, 2, 3) for each in read_page(corpus, found, page, 10)]
    assert positions == found.positions.tolist()
    assert read_page(corpus, found, 4, 10) == ()
    with pytest.raises(ValueError, match="first one is 1"):
        read_page(corpus, found, 0)


def test_a_word_that_is_not_there_occurs_nowhere() -> None:
    found = find_occurrences(corpus_of("a b"), "q")
    assert (found.total, found.documents, found.pages()) == (0, 0, 1)


def test_of_very_many_some_are_sorted_and_all_are_counted() -> None:
    tokens = np.zeros(3 * MOST_SORTED, np.int32)
    corpus = Corpus(
        "big",
        ("x",),
        np.array([len(tokens)]),
        tokens,
        np.array([0, len(tokens)]),
        np.array([0, len(tokens)]),
        ("d",),
        (None,),
        CorpusOptions(),
        "big",
    )
    found = find_occurrences(corpus, "x", "right")
    assert found.total == len(tokens)
    assert len(found.positions) == MOST_SORTED


def test_a_file_names_document_and_position_and_holds_no_formula() -> None:
    corpus = build_corpus(
        [Document("=cmd()", "old bank of stone bank", "@label"), Document("b", "bank")], CorpusOptions()
    )
    written = write_occurrences_csv(corpus, find_occurrences(corpus, "bank"), width=2).decode("utf-8-sig")
    assert list(csv.reader(written.splitlines())) == [
        ["document", "label", "position", "left", "word", "right"],
        ["'=cmd()", "'@label", "2", "old", "bank", "of stone"],
        ["'=cmd()", "'@label", "5", "of stone", "bank", ""],
        ["b", "", "1", "", "bank", ""],
    ]


def test_a_file_holds_no_more_than_can_be_sorted() -> None:
    corpus = corpus_of("x y " * (MOST_SORTED + 5))
    found = find_occurrences(corpus, "x")
    assert len(found.positions) == MOST_SORTED + 5
    assert write_occurrences_csv(corpus, found, width=0).count(b"\r\n") == MOST_SORTED + 1


@pytest.mark.parametrize(("word", "runs_left"), [("bank", False), ("שלום", True), ("سلام", True), ("7", False)])
def test_words_of_some_scripts_run_left(word: str, runs_left: bool) -> None:
    corpus = corpus_of(f"{word} {word}")
    assert read_page(corpus, find_occurrences(corpus, word))[0].runs_left is runs_left
