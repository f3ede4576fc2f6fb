"""Occurrences in small texts, against reading them."""

import csv
import io
from collections.abc import Sequence

import numpy as np
import pytest

from core.errors import CorpusError
from core.text.concordance import (
    MOST_SORTED,
    SENTENCE_MARK,
    Concordance,
    HitCounts,
    Search,
    count_forms,
    find_occurrences,
    locate_tokens,
    read_page,
    read_spread,
    search_text,
    write_occurrences_csv,
)
from core.text.corpus import Corpus, build_corpus
from core.text.originals import Passage
from core.text.queries import find_folded, say_folded
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


def csv_of(corpus: Corpus, found: Concordance, width: int, passages: Sequence[Passage | None] = ()) -> list[list[str]]:
    occurrences = read_spread(corpus, found, width)
    written = write_occurrences_csv(occurrences, passages or [None] * len(occurrences)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(written, newline="")))


def test_a_file_names_document_and_position_and_holds_no_formula() -> None:
    corpus = build_corpus(
        [Document("=cmd()", "old bank of stone bank", "@label"), Document("b", "bank")], CorpusOptions()
    )
    found = find_occurrences(corpus, "bank")
    assert csv_of(corpus, found, 2) == [
        ["left", "hit", "right", "document", "label", "position"],
        ["old", "bank", "of stone", "'=cmd()", "'@label", "2"],
        ["of stone", "bank", "", "'=cmd()", "'@label", "5"],
        ["", "bank", "", "b", "", "1"],
    ]
    passages = [Passage("Old ", "BANK", " of “stone”"), Passage("= ", "-Bank", "!"), None]
    assert [row[:3] for row in csv_of(corpus, found, 2, passages)[1:]] == [
        ["Old", "BANK", "of “stone”"],
        ["'=", "'-Bank", "!"],
        ["", "bank", ""],
    ]


def test_a_file_holds_no_more_than_can_be_sorted() -> None:
    corpus = corpus_of("x y " * (MOST_SORTED + 5))
    found = find_occurrences(corpus, "x")
    assert len(found.positions) == MOST_SORTED + 5
    assert len(csv_of(corpus, found, 0)) == MOST_SORTED + 1


@pytest.mark.parametrize(("word", "runs_left"), [("bank", False), ("שלום", True), ("سلام", True), ("7", False)])
def test_words_of_some_scripts_run_left(word: str, runs_left: bool) -> None:
    corpus = corpus_of(f"{word} {word}")
    assert read_page(corpus, find_occurrences(corpus, word))[0].runs_left is runs_left


def hits(corpus: Corpus, sought: str, **search: object) -> list[str]:
    found = search_text(corpus, Search(sought, typed=True, **search))  # type: ignore[arg-type]
    return [each.word for each in read_page(corpus, found, size=1000)]


TOWNS = ("The nation of New York. A new town; York is old.", "National parks don't close. Nations of the world do.")


def test_phrases_and_wildcards() -> None:
    corpus = corpus_of(*TOWNS)
    assert hits(corpus, "natio*") == ["nation", "national", "nations"]
    assert hits(corpus, "nation?") == ["nations"]
    assert hits(corpus, " New  york") == ["new york"]  # not across the end of a sentence, nor "new town york"
    assert hits(corpus, "natio* of *") == ["nation of new", "nations of the"]
    assert hits(corpus, "don't close") == ["do n't close"]
    assert hits(corpus, "york a") == []
    assert hits(corpus, "qqq*") == []


@pytest.mark.parametrize("tokeniser", ["glove", "nltk", "whitespace"])
def test_what_is_typed_is_cut_as_the_text_was(tokeniser: str) -> None:
    text = "He could n't say well-known things, could n't he?"
    corpus = build_corpus([Document("a", text)], CorpusOptions(tokeniser=tokeniser))  # type: ignore[arg-type]
    assert len(hits(corpus, "could n't")) == 2
    assert len(hits(corpus, "well-kn*")) == 1


def test_capitals_count_where_the_text_kept_them_and_they_were_typed() -> None:
    corpus = build_corpus([Document("a", "Turkey eats no turkey here")], CorpusOptions(lowercase=False))
    assert hits(corpus, "turkey") == ["Turkey", "turkey"]
    assert hits(corpus, "Turkey") == ["Turkey"] == hits(corpus, "Tur*")


def test_a_phrase_is_found_joined_and_not_joined() -> None:
    documents = [Document("a", "He lives in New York. New York is large. " * 30)]
    corpus = build_corpus(documents, CorpusOptions(phrases=True), known_phrases=["new_york"])
    assert hits(corpus, "new york") == ["new_york"] * 60
    assert hits(corpus, "in new yor*") == ["in new_york"] * 30


def test_a_word_is_found_within_joined_ones() -> None:
    documents = [Document("a", "new york is far. York is old. New york city is new."), Document("b", "a new york.")]
    corpus = build_corpus(documents, CorpusOptions(phrases=True), known_phrases=["new_york"])

    def found(typed: str) -> list[str]:
        return [each.word for each in read_spread(corpus, search_text(corpus, Search(typed, typed=True)))]

    assert found("york") == ["new_york", "york", "new_york", "new_york"]
    assert found("new") == ["new_york", "new_york", "new", "new_york"]
    assert found("yor*") == found("york")
    assert found("york city") == ["new_york city"]
    assert found("a new") == ["a new_york"]
    assert found("york new") == []
    assert found("w_y") == []
    assert count_forms(corpus, search_text(corpus, Search("york", typed=True)))[0] == ("new_york", 3)
    whole = read_spread(corpus, search_text(corpus, Search("york")))  # a word of the text as it stands
    assert [each.word for each in whole] == ["york"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1984", "1984"),
        ("in 1,000 years", "1,000"),
        ("19*", "19*"),
        ("198?", "198?"),
        ("0", ""),
        ("covid19", ""),
        ("natio*", ""),
        ("*", ""),
    ],
)
def test_folded_numbers_are_found_as_what_they_became_and_said(typed: str, number: str) -> None:
    assert find_folded(typed, CorpusOptions(fold_numbers=True)) == number
    assert find_folded(typed, CorpusOptions()) == ""


def test_a_folded_number_finds_every_number() -> None:
    corpus = build_corpus([Document("a", "In 1984 it was. In 2001 too.")], CorpusOptions(fold_numbers=True))
    assert search_text(corpus, Search("1984", typed=True)).total == 2
    assert "“1984” cannot be told from any other number" in say_folded("1984")


def test_random_phrases_are_found_where_reading_finds_them() -> None:
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(["aa", "ab", "bb", "ba."], 200)) for _ in range(5)]
    corpus = corpus_of(*texts)
    words = [corpus.words[token] for token in corpus.tokens.tolist()]
    starts = set(corpus.sentence_starts.tolist())
    for typed, fits in (("a? b*", ("a", "b")), ("* aa", ("", "aa")), ("ab bb ?a", ("ab", "bb", "ba"))):
        sought = search_text(corpus, Search(typed, typed=True))
        read = [
            place
            for place in range(len(words) - len(fits) + 1)
            if all(
                (words[place + k].startswith(fit) if typed != "ab bb ?a" or k < 2 else words[place + k][1:] == "a")
                for k, fit in enumerate(fits)
            )
            and starts.isdisjoint(range(place + 1, place + len(fits)))
        ]
        assert sought.positions.tolist() == read


def test_within_a_label_and_near_another_word() -> None:
    corpus = build_corpus(
        [
            Document("1", "the river bank was a bank of mud", "water"),
            Document("2", "the bank lent the money one two three four five river", "money"),
            Document("3", "river", "money"),
            Document("4", "bank", None),
        ]
    )
    assert len(hits(corpus, "bank")) == 4
    assert len(hits(corpus, "bank", label="money")) == 1
    assert hits(corpus, "bank", label="sky") == []
    assert len(hits(corpus, "bank", near="river")) == 2  # five tokens at most, and not in the next document
    assert len(hits(corpus, "bank", near="river mud")) == 0
    assert len(hits(corpus, "bank", near="lent the")) == 1
    assert len(hits(corpus, "bank", near="bank")) == 2


def test_counts_rates_and_dispersion() -> None:
    corpus = build_corpus([Document("1", "x y x y", "a"), Document("2", "y y", "b"), Document("3", "x x y y", "a")])
    found = search_text(corpus, Search("x"))
    assert found.hits == HitCounts(4, 2, 3, 10)
    assert found.hits.per_million == pytest.approx(400_000)
    assert found.by_label == (("a", HitCounts(4, 2, 2, 8)), ("b", HitCounts(0, 0, 1, 2)))
    # Shares of the tokens .4 .2 .4, of the occurrences .5 0 .5: half of .1 + .2 + .1, normed by 1 - .2.
    assert found.deviation == pytest.approx(0.25)
    # Cochran's: sum of (count - .4 length) squared is .16 + .64 + .16 = .96; 3 / 2 of it over 100 is .0144 < .4 / 10.
    assert found.interval == pytest.approx((1e6 * (0.4 - 1.96 * 0.2), 1e6 * (0.4 + 1.96 * 0.2)))
    within = search_text(corpus, Search("x", label="b"))
    assert within.interval == (0, 1e6)
    assert (within.hits, within.deviation) == (HitCounts(0, 0, 1, 2), None)


def test_sorted_by_what_was_found() -> None:
    corpus = corpus_of("nations b nation c", "national a nation a")
    found = search_text(corpus, Search("natio*", typed=True, order="word"))
    read = [(each.word, *each.right[:1]) for each in read_page(corpus, found)]
    assert read == [("nation", "a"), ("nation", "c"), ("national", "a"), ("nations", "b")]


def test_the_forms_that_wildcards_found() -> None:
    corpus = corpus_of("nations of b nation of c", "nation of a")
    found = search_text(corpus, Search("natio* of", typed=True))
    assert count_forms(corpus, found) == [("nation of", 2), ("nations of", 1)]
    assert count_forms(corpus, search_text(corpus, Search("q", typed=True))) == []


def test_what_follows_a_phrase_follows_its_last_word() -> None:
    corpus = corpus_of("a new york z", "a new york b")
    found = search_text(corpus, Search("new york", typed=True, order="right"))
    page = read_page(corpus, found)
    assert [each.right for each in page] == [("b",), ("z",)]
    assert [locate_tokens(corpus, each) for each in page] == [(1, 1, 2), (0, 1, 2)]


@pytest.mark.parametrize("typed", ["", "  ", "*", "* *", "."])
def test_nothing_to_look_for_is_said(typed: str) -> None:
    with pytest.raises(CorpusError, match="names no word"):
        search_text(corpus_of("a b"), Search(typed, typed=True))


def test_a_long_phrase_is_refused() -> None:
    with pytest.raises(CorpusError, match="this one has 11"):
        search_text(corpus_of("a b"), Search("a " * 11, typed=True))
