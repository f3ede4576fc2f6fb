import numpy as np
import pytest
from gensim.test.utils import datapath

from core.errors import Cancelled
from core.text import duplicates
from core.text.duplicates import near_duplicates, near_duplicates_of_tokens
from core.text.reading.documents import Document

RNG = np.random.default_rng(1)


def words(n: int) -> str:
    return " ".join(f"w{number}" for number in RNG.integers(0, 5000, n))


def pairs_of(*texts: str) -> list[tuple[int, int]]:
    return [tuple(pair) for pair in near_duplicates([Document("", text) for text in texts]).pairs.tolist()]


def test_copies_are_found_whatever_their_length():
    long = words(3000)
    assert pairs_of("good morning", words(50), "Good  morning", long, words(3000), long) == [(0, 2), (3, 5)]


def test_documents_that_share_most_of_their_text_are_near_duplicates_and_others_are_not():
    shared = words(400)
    assert pairs_of(f"{shared} {words(40)}", f"{words(40)} {shared}") == [(0, 1)]
    assert pairs_of(f"{shared} {words(900)}", f"{words(900)} {shared}") == []


def test_empty_documents_are_not_alike():
    assert pairs_of("", "", "one") == []
    assert near_duplicates([]).share == 0.0


def test_the_share_counts_the_tokens_of_copies_but_not_of_the_first():
    found = near_duplicates([Document("", text) for text in ["a b c d", "x y", "a b c d", "a b c d"]])
    assert found.copies.tolist() == [False, False, True, True]
    assert found.share == pytest.approx(8 / 14)


def test_the_same_words_in_different_groups_of_documents_are_compared(monkeypatch):
    texts = [words(100) for _ in range(20)]
    expected = pairs_of(*texts, *texts)
    monkeypatch.setattr("core.text.duplicates._CHUNK", 250)
    assert pairs_of(*texts, *texts) == expected == [(number, number + 20) for number in range(20)]


def test_estimates_agree_with_exact_similarities_on_real_text():
    with open(datapath("lee_background.cor"), encoding="utf-8") as file:
        texts = file.read().lower().splitlines()
    shingles = [{tuple(text.split()[start : start + 3]) for start in range(len(text.split()) - 2)} for text in texts]
    found = near_duplicates([Document("", text) for text in texts])
    assert len(found.pairs) >= 9
    for (one, other), similarity in zip(found.pairs, found.similarities, strict=True):
        exact = len(shingles[one] & shingles[other]) / len(shingles[one] | shingles[other])
        assert similarity == pytest.approx(exact, abs=0.2)


def test_a_corpus_of_one_repeated_document_stays_quick():
    found = near_duplicates_of_tokens(np.zeros(200_000, np.int32), np.arange(0, 200_001, 20))
    assert len(found.pairs) < 20_000
    assert found.copies.sum() == 9_999


def test_the_user_can_cancel():
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        near_duplicates([Document("", "some words")], cancel)


def test_where_a_long_text_is_cut_to_save_memory_makes_no_difference(monkeypatch):
    documents = [Document("", words(n)) for n in (0, 1, 2, 3, 40, 90, 5)]
    documents += [documents[5], documents[4], Document("", ""), documents[6]]
    whole = near_duplicates(documents)
    for tokens in (1, 7, 64):
        monkeypatch.setattr(duplicates, "_CHUNK", tokens)
        assert near_duplicates(documents).pairs.tolist() == whole.pairs.tolist() != []
        assert near_duplicates(documents).similarities.tolist() == whole.similarities.tolist()
