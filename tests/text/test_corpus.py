"""A corpus: what its arrays say, however the text is cut; its digest, its size, progress and cancelling."""

import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gensim.models.phrases import Phrases
from gensim.test.utils import datapath
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Cancelled, CorpusError
from core.text.corpus import Corpus, build_corpus, load_corpus, save_corpus
from core.text.reading.documents import Document
from core.text.tokens import draft, nltk_exact, tokenisers
from core.text.tokens.tokenisers import CorpusOptions
from tests.messy_texts import ANY_TEXT
from tests.slow_sentences import sentences_of

LEE = Path(datapath("lee_background.cor")).read_text(encoding="latin-1")
OPTIONS = [
    CorpusOptions(),
    CorpusOptions("nltk", lowercase=False),
    CorpusOptions("whitespace"),
    CorpusOptions(punctuation=True, fold_numbers=True, hyphens="keep"),
]
SOME = "The U.S. It's 1,000. The well-known\ncat... Really?\n\n“No.” 我爱你。你好 a\x00b \x01 \ud800z end "


@pytest.fixture(autouse=True, scope="module")
def _punkt_data():
    with pytest.MonkeyPatch.context() as patch:
        parameters = nltk_exact.learn_parameters([LEE[:20_000]])
        patch.setattr(nltk_exact, "_installed_parameters", lambda: parameters)
        yield


def sentences_in(corpus: Corpus) -> list[list[str]]:
    starts = corpus.sentence_starts
    return [[corpus.words[i] for i in corpus.tokens[a:b]] for a, b in pairwise(starts)]


def same(left: Corpus, right: Corpus) -> bool:
    arrays = ("counts", "tokens", "sentence_starts", "document_starts")
    return left.words == right.words and all(np.array_equal(getattr(left, a), getattr(right, a)) for a in arrays)


def test_what_the_arrays_say() -> None:
    corpus = build_corpus([Document("a", "b a. B c! A", "x"), Document("b", " "), Document("c", "d a")], name="n")
    assert corpus.words == ("a", "b", "c", "d")
    assert corpus.counts.tolist() == [3, 2, 1, 1]
    assert corpus.tokens.tolist() == [1, 0, 1, 2, 0, 3, 0]
    assert corpus.sentence_starts.tolist() == [0, 2, 4, 5, 7]
    assert corpus.document_starts.tolist() == [0, 5, 5, 7]
    assert (corpus.counts.dtype, corpus.tokens.dtype) == (np.int64, np.int32)
    assert (corpus.sentence_starts.dtype, corpus.document_starts.dtype) == (np.int64, np.int64)
    assert (corpus.name, corpus.document_names, corpus.labels) == ("n", ("a", "b", "c"), ("x", None, None))
    assert (corpus.n_documents, corpus.n_sentences, corpus.n_tokens) == (3, 4, 7)
    assert [corpus.vocabulary_size(n) for n in (1, 2, 3, 4)] == [4, 2, 1, 0]
    assert corpus.document(2).tolist() == [3, 0]
    with pytest.raises(ValueError, match="read-only"):
        corpus.tokens[0] = 1


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_corpus_holds_the_tokenisers_sentences(options: CorpusOptions) -> None:
    texts = [LEE[:3000], "", SOME, "one", LEE[3000:9000].replace(" ", "\n")]
    corpus = build_corpus([Document(str(i), text) for i, text in enumerate(texts)], options)
    by_document = [list(sentences_of(text, options)) for text in texts]
    assert sentences_in(corpus) == [sentence for sentences in by_document for sentence in sentences]
    lengths = [sum(map(len, sentences)) for sentences in by_document]
    assert np.diff(corpus.document_starts).tolist() == lengths
    counted = Counter(token for sentences in by_document for sentence in sentences for token in sentence)
    assert list(zip(corpus.words, corpus.counts, strict=True)) == sorted(counted.items(), key=lambda x: (-x[1], x[0]))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["The", "U.S.", "wait...", "it's", "\n", "\n\n", "x.", "“No!”", "1,0"]), min_size=1),
    st.integers(10, 40),
    st.integers(1, 8),
    st.sampled_from(OPTIONS),
)
def test_blocks_and_memory_for_keys_change_nothing(words: list[str], block: int, keys: int, options: CorpusOptions):
    documents = [Document("", " ".join(words) + " a"), Document("", "b\n" + " ".join(words))]
    whole = build_corpus(documents, options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenisers, "BLOCK", block)
        patch.setattr(draft, "_REMEMBERED_KEYS", keys)
        cut = build_corpus(documents, options)
    assert same(whole, cut)
    assert whole.digest == cut.digest


@settings(max_examples=200, deadline=None)
@given(
    st.lists(ANY_TEXT, min_size=1, max_size=3),
    st.integers(2, 60),
    st.integers(1, 8),
    st.sampled_from(OPTIONS),
    st.data(),
)
def test_any_texts_in_any_order_give_the_same_tokens(
    texts: list[str], room: int, keys: int, options: CorpusOptions, data: st.DataObject
) -> None:
    expected = [[token for sentence in sentences_of(text, options) for token in sentence] for text in texts]
    order = data.draw(st.permutations(range(len(texts))))
    longest = max(len(chunk) for text in texts for chunk in ("", *text.split()))  # a longer one would be cut
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenisers, "BLOCK", longest + room)
        patch.setattr(draft, "_REMEMBERED_KEYS", keys)
        try:
            documents = [Document("", texts[place]) for place in order]
            corpus = build_corpus(documents, replace(options, turkish=False))
        except CorpusError:
            assert not any(expected)
            return
    for document, place in enumerate(order):
        assert [corpus.words[token] for token in corpus.document(document)] == expected[place]


def test_the_digest_is_of_content_and_options() -> None:
    documents = [Document("a", "one two. three"), Document("b", "four", "label")]
    digest = build_corpus(documents, name="x").digest
    renamed = [replace(document, name="other") for document in documents]
    assert build_corpus(iter(renamed), name="y").digest == digest
    others = [
        build_corpus([Document("a", "one two. three four", "label")]),
        build_corpus([Document("a", "one two three"), documents[1]]),
        build_corpus([documents[0], Document("b", "four")]),
        build_corpus([documents[0], Document("b", "five", "label")]),
        build_corpus(documents, CorpusOptions(lowercase=False)),
    ]
    assert len({digest, *(other.digest for other in others)}) == 6


def test_saved_and_loaded(tmp_path: Path) -> None:
    corpus = build_corpus([Document("d", SOME, "l"), Document("é", "x\u2028y")], CorpusOptions("nltk"), name="é")
    save_corpus(corpus, tmp_path / "corpus")
    loaded = load_corpus(tmp_path / "corpus")
    assert same(corpus, loaded)
    for field in ("name", "document_names", "labels", "options", "digest"):
        assert getattr(loaded, field) == getattr(corpus, field)


def test_a_lone_surrogate_becomes_a_replacement_character(tmp_path: Path) -> None:
    corpus = build_corpus([Document("", "a\ud800b \ufffd \ud83d\ude00")], CorpusOptions("whitespace"))
    assert set(corpus.words) == {"a\ufffdb", "\ufffd", "😀"}
    save_corpus(corpus, tmp_path / "corpus")


@pytest.mark.parametrize("text", ["", " \n ", "😀 🎉", "... !!! --"])
def test_no_word_is_an_error(text: str) -> None:
    with pytest.raises(CorpusError, match="not one word"):
        build_corpus([Document("a", text)])


def test_progress_and_cancelling_within_one_endless_line() -> None:
    line = "word and another, then " * 40_000
    calls: list[float] = []
    corpus = build_corpus([Document("", line)], progress=lambda share, _: calls.append(share))
    assert len(calls) > len(line) / tokenisers.BLOCK
    assert calls == sorted(calls)
    assert calls[-1] == 1.0
    assert corpus.n_sentences == 1
    assert corpus.n_tokens == 160_000

    def cancel(share: float, message: str) -> None:
        calls.append(share)
        if share > 0.3:
            raise Cancelled

    calls.clear()
    with pytest.raises(Cancelled):
        build_corpus([Document("", line)], progress=cancel)
    assert max(calls) < 0.6


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_line_without_white_space(options: CorpusOptions) -> None:
    assert build_corpus([Document("", "x" * 400_000)], options).n_tokens <= 4


def test_chinese_without_white_space() -> None:
    chinese = build_corpus([Document("", "我爱你" * 50_000)])
    assert chinese.counts.tolist() == [50_000] * 3


def test_size_is_four_bytes_a_token() -> None:
    corpus = build_corpus([Document("", LEE)] * 3)
    arrays = corpus.tokens.nbytes + corpus.sentence_starts.nbytes + corpus.document_starts.nbytes
    words = sum(map(sys.getsizeof, corpus.words)) + corpus.counts.nbytes
    assert arrays < 5 * corpus.n_tokens
    assert words < 100 * len(corpus.words)


def test_phrases_are_gensims() -> None:
    plain = build_corpus([Document("", line) for line in LEE.split("\n")])
    sentences = sentences_in(plain)
    model = Phrases(sentences, min_count=5, threshold=10.0)
    joined = build_corpus([Document("", line) for line in LEE.split("\n")], CorpusOptions(phrases=True))
    assert sentences_in(joined) == [model[sentence] for sentence in sentences]
    assert "prime_minister" in joined.words
    assert joined.counts.min() >= 1
    assert np.array_equal(np.bincount(joined.tokens), joined.counts)
    assert joined.n_documents == plain.n_documents
    texts = [" ".join(plain.words[i] for i in plain.document(d)) for d in range(plain.n_documents)]
    again = [" ".join(joined.words[i] for i in joined.document(d)).replace("_", " ") for d in range(plain.n_documents)]
    assert again == [text.replace("_", " ") for text in texts]


def test_phrases_of_a_vectors_file_are_joined_however_rare() -> None:
    documents = [Document("", "the new york post. new\nyork of new new york"), Document("", "york")]
    corpus = build_corpus(documents, CorpusOptions(phrases=True), known_phrases=["new_york", "york_post", "a_b", "x"])
    assert sentences_in(corpus) == [["the", "new_york", "post"], ["new"], ["york", "of", "new", "new_york"], ["york"]]
    assert corpus.document_starts.tolist() == [0, 8, 9]


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), min_size=1, max_size=8), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_phrases_in_parts_of_any_size(sentences: list[list[str]], part: int) -> None:
    documents = [Document("", ". ".join(" ".join(sentence) for sentence in sentences))]
    options = CorpusOptions("whitespace", phrases=True)
    known = ["a_b", "b_c", "c_c"]
    whole = build_corpus(documents, options, known_phrases=known)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.text.tokens.phrases._PART", part)
        assert same(whole, build_corpus(documents, options, known_phrases=known))
