"""Documents and blocks that say again what came before."""

import numpy as np
import pytest
from gensim.test.utils import datapath
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Cancelled
from core.text import duplicates
from core.text.corpus import build_corpus
from core.text.duplicates import Repeats, find_repeats
from core.text.reading.documents import Document
from core.text.split import split_corpus

RNG = np.random.default_rng(1)


def words(n: int) -> list[int]:
    return RNG.integers(0, 5000, n).tolist()


def repeats_of(*texts: list[int], order: list[int] | None = None) -> Repeats:
    starts = np.cumsum([0, *map(len, texts)])
    tokens = np.array([token for text in texts for token in text], np.int32)
    return find_repeats(tokens, starts, None if order is None else np.array(order, np.int64), examples=100)


def by_definition(texts: list[list[int]], order: list[int]) -> list[float]:
    """The share of the sequences of each text that have come before."""
    seen: set[tuple[int, ...]] = set()
    shares = [0.0] * len(texts)
    for place in order:
        text = texts[place]
        sequences = {tuple(text[at : at + 5]) for at in range(max(1, len(text) - 4))} if text else set()
        shares[place] = len(sequences & seen) / max(1, len(sequences))
        seen |= sequences
    return shares


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_shares_are_those_of_the_definition(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.lists(st.integers(0, 1), max_size=12), max_size=6))
    order = data.draw(st.permutations(range(len(texts))))
    expected = by_definition(texts, order)
    whole = duplicates._CHUNK
    try:
        for duplicates._CHUNK in (1, 7, whole):  # where it is cut to save memory makes no difference
            found = repeats_of(*texts, order=order)
            assert found.shares.tolist() == expected
            assert found.repeated.tolist() == [share >= 0.5 for share in expected]
            assert {later for _, later, _ in found.examples} == set(np.flatnonzero(found.repeated))
            assert all(order.index(earlier) < order.index(later) for earlier, later, _ in found.examples)
    finally:
        duplicates._CHUNK = whole


def test_copies_are_found_whatever_their_length() -> None:
    long, short = words(3000), [1, 2]
    found = repeats_of(short, words(50), short, long, words(3000), long)
    assert found.repeated.tolist() == [False, False, True, False, False, True]
    assert found.examples == ((0, 2, 1.0), (3, 5, 1.0))


def test_a_document_that_says_half_of_what_came_before_repeats_it() -> None:
    shared = words(400)
    assert repeats_of([*shared, *words(40)], [*words(40), *shared]).repeated.tolist() == [False, True]
    assert repeats_of([*shared, *words(900)], [*words(900), *shared]).repeated.tolist() == [False, False]


def test_an_example_names_the_document_that_most_comes_from() -> None:
    one, other = words(100), words(60)
    ((earlier, later, share),) = repeats_of(words(80), other, one, [*one, *other[:20]]).examples
    assert (earlier, later) == (2, 3)
    assert share == pytest.approx(96 / 116)


def test_the_most_alike_come_first() -> None:
    text = words(200)
    found = repeats_of(text, [*text[:120], *words(80)], text, [*text[:180], *words(20)])
    assert [later for _, later, _ in found.examples] == [2, 3, 1]


def test_nothing_repeats_nothing() -> None:
    assert repeats_of([], [], [1]).repeated.tolist() == [False, False, False]
    assert repeats_of().repeated.tolist() == []


def test_repeats_of_real_text() -> None:
    with open(datapath("lee_background.cor"), encoding="utf-8") as file:
        texts = file.read().lower().splitlines()
    ids: dict[str, int] = {}
    documents = [[ids.setdefault(word, len(ids)) for word in text.split()] for text in texts]
    assert repeats_of(*documents).repeated.sum() == 11


def test_data_and_scorecard_go_by_one_rule() -> None:
    texts = [[f"w{token}" for token in words(60)] for _ in range(30)]
    texts += [[*text[:40], *text[:10]] for text in texts]
    corpus = build_corpus([Document(str(number), " ".join(text)) for number, text in enumerate(texts)])
    found = find_repeats(corpus.tokens, corpus.document_starts)
    assert found.repeated.tolist() == [False] * 30 + [True] * 30
    split = split_corpus(corpus, seed=0)
    kept = {*split.development_documents, *split.test_documents}
    assert split.near_duplicates > 0
    assert not any((number + 30) % 60 in kept for number in kept)


def test_the_user_can_cancel() -> None:
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        find_repeats(np.zeros(9, np.int32), np.array([0, 9]), progress=cancel)
