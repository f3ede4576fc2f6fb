"""The GloVe-like tokeniser on known texts; the NLTK one against NLTK; and what no tokeniser may do."""

from pathlib import Path

import pytest
from gensim.test.utils import datapath
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.tokenize.destructive import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer

from core.errors import CorpusError
from core.text.tokens import glove, nltk_exact, tokenisers
from core.text.tokens.tokenisers import CorpusOptions
from tests.messy_texts import ANY_TEXT, HALF_SEEN, MESSY, is_seen
from tests.slow_sentences import sentences_of


def words_of(text: str, **options: object) -> list[str]:
    return [token for sentence in sentences_of(text, CorpusOptions(**options)) for token in sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can't say it's HERS.", "i ca n't say it 's hers"),
        ("Don’t, we’ll; they‘re shouldn't've", "do n't we 'll they 're should n't 've"),
        ("O'Neill's o'clock rock'n'roll dogs' 'quoted'", "o'neill 's o'clock rock'n'roll dogs quoted"),
        ("a dog 's bone is n't here", "a dog 's bone is n't here"),
        ("cannot gonna", "cannot gonna"),
        ("1,000 and 3.5, 10:30 or 12/25; 1980s '90s 20th.", "1,000 and 3.5 10:30 or 12/25 1980s '90s 20th"),
        ("a well-known 2001-09-11 X-ray -- or - so", "a well known 2001 09 11 x ray or so"),
        (
            "the U.S. and Mr. J. Smith, Ph.D., e.g. at 5 p.m. daily",
            "the u.s. and mr. j. smith ph.d. e.g. at 5 p.m. daily",
        ),
        (
            "see https://a.b/c?d=1, www.x.org. (a.b@c.co.uk) Amazon.com!",
            "see https://a.b/c?d=1 www.x.org a.b@c.co.uk amazon.com",
        ),
        ("AT&T R&D snake_case _em_ #tag @who", "at&t r&d snake_case em tag who"),
        ("ΟΔΥΣΣΕΥΣ Ñandú STRASSE straße", "οδυσσευς ñandú strasse straße"),
        ("İstanbul e\u0301te\u0301 soft\u00adhyphen \ufeffbom", "istanbul été softhyphen bom"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("مرحبا بالعالم، שלום צה״ל", "مرحبا بالعالم שלום צה״ל"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("我爱你2024年 東京タワーへ", "我 爱 你 2024 年 東 京 タワー へ"),
        ("สวัส\u200bดี", "ส วั ส ดี"),
        ("한국어 문장", "한국어 문장"),
        ("п’ять сʼяв", "п'ять с'яв"),
        ("😀 👍🏽 © §", ""),
    ],
)
def test_glove_like_tokens(text: str, expected: str) -> None:
    assert words_of(text) == expected.split()


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ({"lowercase": False}, "The U.S. ISN'T", "The U.S. IS N'T"),
        ({"punctuation": True}, "“Hi” — (you)… no!?", '" hi " -- ( you ) ... no ! ?'),
        ({"punctuation": True}, "well-known, U.S.", "well - known , u.s."),
        (
            {"hyphens": "keep"},
            "well-known 2001-09-11 -x- isn't mother-in-law's",
            "well-known 2001-09-11 x is n't mother-in-law 's",
        ),
        ({"fold_numbers": True}, "1,000 in 1998 3.5 1980s b2b", "0 in 0 0 1980s b2b"),
        ({"tokeniser": "whitespace"}, "Well-known , ISN'T\tit .", "well-known , isn't it ."),
        ({"tokeniser": "whitespace", "lowercase": False}, "A\u00a0B e\u0301", "A B é"),
        ({"tokeniser": "nltk"}, 'He said "no".', "he said `` no '' ."),
    ],
)
def test_options(options: dict[str, object], text: str, expected: str) -> None:
    assert words_of(text, **options) == expected.split()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", 4),
        ("In the U.S. Mr. J. Smith vs. Dr. Who met at 5 p.m. sharp.", 1),
        ("He left the U.S. The end came. However, Inc. was founded.", 3),
        ("“Really?” he asked. Well... maybe. Well... Maybe.", 4),
        ("He said “no.” Then (it was late.) They left.", 3),
        ("A title\n\nA paragraph\nA line", 3),
        ("我爱你。你好！「真的？」好", 4),
        ("هل هذا؟ نعم.", 2),
        ("no end", 1),
        (" \n . \n ", 0),
    ],
)
def test_glove_like_sentences(text: str, sentences: int) -> None:
    found = list(sentences_of(text, CorpusOptions()))
    assert len(found) == sentences, found
    assert all(found)


def test_a_hard_wrapped_page_is_not_one_sentence_a_line() -> None:
    paragraph = "The quick brown fox jumps over\nthe lazy dog, and then it runs\naway from here. Nobody saw it\n\n"
    assert len(list(sentences_of(paragraph * 10, CorpusOptions()))) == 20
    lower = "the film is good\nit is not bad\n" * 10
    assert len(list(sentences_of(lower, CorpusOptions()))) == 20


def test_unknown_values_are_refused() -> None:
    with pytest.raises(CorpusError, match="tokeniser is 'spacy'"):
        CorpusOptions(tokeniser="spacy")  # type: ignore[arg-type]
    with pytest.raises(CorpusError, match="hyphens"):
        CorpusOptions(hyphens="drop")  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, st.booleans(), st.booleans())
@example("The word I am, Its \u00ad ſt. 9a", False, True)
def test_keys_read_at_once_read_as_the_whole_pattern_says(text: str, keep: bool, punctuation: bool) -> None:
    keys = text.split()
    found = glove.read_glove_keys(keys, keep, punctuation)
    expected: list[str] = []
    assert found.flags.tolist() == [glove._read(key, expected, keep, punctuation) for key in keys]
    assert found.tokens == expected
    assert found.lengths.sum() == len(expected)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, st.sampled_from(["glove", "nltk", "whitespace"]), st.booleans())
@example("\u00ad \u2060\u200e. \u3164", "glove", True)
def test_tokens_are_clean(text: str, tokeniser: tokenisers.Tokeniser, lowercase: bool) -> None:
    for sentence in sentences_of(text, CorpusOptions(tokeniser, lowercase)):
        assert sentence
        for token in sentence:
            assert token.split() == [token]
            assert is_seen(token)
            assert token.encode("utf-8")
            assert not lowercase or token == token.lower()


@pytest.mark.parametrize("options", [{}, {"punctuation": True}, {"hyphens": "keep"}, {"tokeniser": "nltk"}], ids=str)
@pytest.mark.parametrize("part", [".", "!", "-a", "'", '"', "1,", "a.", "a@", "x_", "我", "a'", ").", "n't", "\u0301"])
def test_no_pattern_goes_over_a_long_chunk_again_and_again(part: str, options: dict[str, object]) -> None:
    words_of(part * 10_000 + "$", **options)  # would take minutes


@given(st.lists(st.sampled_from(["well", "Known", "it's", "U.S.", "1,000", "a-b", "naïve", "x."]), max_size=12))
def test_glove_like_tokens_of_tokens_are_themselves(words: list[str]) -> None:
    once = words_of(" ".join(words))
    assert words_of(" ".join(once)) == once


# NLTK, token for token.

CORPORA = ("lee_background.cor", "lee.cor", "pang_lee_polarity.cor")
TEXTS = {name: Path(datapath(name)).read_text(encoding="latin-1") for name in CORPORA}
TRAINED = nltk_exact.learn_parameters([TEXTS["lee.cor"]])
TRAINED.abbrev_types |= {"mr", "u.s", "word"}
TRAINED.collocations.add(("the", "he"))


def by_nltk(text: str, parameters: object) -> list[list[str]]:
    words = NLTKWordTokenizer()
    found = [words.tokenize(sentence) for sentence in PunktSentenceTokenizer(parameters).tokenize(text)]
    seen = [[token for token in sentence if is_seen(token)] for sentence in found]
    return [sentence for sentence in seen if sentence]


def as_nltk(text: str, parameters: object, block: int = tokenisers.BLOCK) -> list[list[str]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nltk_exact, "_installed_parameters", lambda: parameters)
        patch.setattr(tokenisers, "BLOCK", block)
        return list(sentences_of(text, CorpusOptions("nltk", lowercase=False)))


@pytest.mark.parametrize("name", CORPORA)
def test_nltk_on_gensims_corpora(name: str) -> None:
    assert as_nltk(TEXTS[name], TRAINED) == by_nltk(TEXTS[name], TRAINED)


@settings(max_examples=400, deadline=None)
@given(MESSY)
@example('" "')
@example("ab.\n\x1c\nc")
@example(". . . x")
@example('a. \n" )')
def test_nltk_on_messy_text(text: str) -> None:
    assert as_nltk(text, TRAINED) == by_nltk(text, TRAINED)


@settings(max_examples=200, deadline=None)
@given(HALF_SEEN | st.text(max_size=60))
def test_nltk_on_any_text(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    assert as_nltk(text, TRAINED) == by_nltk(text, TRAINED)


@settings(max_examples=200, deadline=None)
@given(MESSY, st.integers(1, 20))
def test_nltk_in_blocks_of_any_size(text: str, block: int) -> None:
    assert as_nltk(text, TRAINED, block) == by_nltk(text, TRAINED)


def test_punkt_learns_from_the_text_where_no_data_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nltk_exact, "_installed_parameters", lambda: None)
    monkeypatch.setattr(nltk_exact, "LEARN_FROM", 20_000)
    text = "We met Mr. Smith in the town. " * 30 + "Mr. Jones met him. He left the town then. " * 30
    found = list(sentences_of(text * 20, CorpusOptions("nltk", lowercase=False)))
    assert found[0] == ["We", "met", "Mr.", "Smith", "in", "the", "town", "."]
