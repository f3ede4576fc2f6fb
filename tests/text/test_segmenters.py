"""Chinese in words, where a library that knows them is installed; what is said where it is not."""

import warnings

import pytest

from core.errors import CorpusError
from core.text import hints
from core.text.corpus import build_corpus
from core.text.originals import find_spans
from core.text.reading.documents import Document
from core.text.tokens import segmenters
from core.text.tokens.tokenisers import CorpusOptions, cut_phrase

TEXT = "我来到北京清华大学，他在学习。GloVe 词向量 is good."
CHINESE = CorpusOptions(habits=("chinese",))


@pytest.fixture
def segmenter():
    if not segmenters.has_segmenter():
        warnings.warn("NO JIEBA: tests of Chinese words are skipped. pip install jieba", stacklevel=1)
        pytest.skip("jieba is not installed")


@pytest.mark.usefixtures("segmenter")
def test_characters_become_words_and_are_found_where_they_stand():
    document = Document("a", TEXT)
    corpus = build_corpus([document] * 3, CHINESE)
    words = [corpus.words[token] for token in corpus.document(0)]
    assert words[:7] == ["我", "来到", "北京", "清华大学", "他", "在", "学习"]
    assert {"glove", "is", "good"} <= set(words)
    assert corpus.n_sentences == 6
    spans = find_spans(document, words, CHINESE)
    assert [TEXT[begin:end].lower() for begin, end in spans] == words
    assert build_corpus([document], CHINESE).digest == build_corpus([document], CHINESE).digest
    assert cut_phrase("清华大学", CHINESE) == ["清华大学"]


@pytest.mark.usefixtures("segmenter")
def test_words_end_where_something_stands_between():
    assert cut_phrase("北，京", CHINESE) == ["北", "京"]
    assert cut_phrase("北京 abc 北京", CHINESE) == ["北京", "abc", "北京"]
    assert cut_phrase("plain words", CHINESE) == ["plain", "words"]


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(segmenters, "find_spec", lambda name: None)
    with pytest.raises(CorpusError, match="pip install jieba"):
        build_corpus([Document("a", TEXT)], CHINESE)
    by_character = build_corpus([Document("a", "我来到北京清华大学他在学习" * 30)])
    (hint,) = hints.hints_on_words(by_character)
    assert "put spaces between them first" in hint.text
    monkeypatch.setattr(hints, "has_segmenter", lambda: True)
    (hint,) = hints.hints_on_words(by_character)
    assert "Chinese characters joined to words" in hint.text
