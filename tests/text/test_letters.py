"""Letters that are written in two ways: one form, lower case of Turkish, and ways of writing read on request."""

import unicodedata

import pytest

from core.errors import CorpusError
from core.prose.letters import is_composed, one_form
from core.text.corpus import build_corpus, digest_content
from core.text.hints import hints_on_fit, hints_on_words
from core.text.originals import find_spans
from core.text.reading.documents import Document
from core.text.spelling import resolve_word
from core.text.tokens.casing import looks_turkish
from core.text.tokens.tokenisers import CorpusOptions

TURKISH = "Işık ILIK, IRAK ve İZMİR. Kadın ışığı kırık camdan sızdı; yıldızlar kıpırdadı."


def corpus_of(text: str, **options):
    return build_corpus([Document("a", text)], CorpusOptions(**options))


def words_of(text: str, **options) -> list[str]:
    corpus = corpus_of(text, **options)
    return [corpus.words[token] for token in corpus.tokens]


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("\u212bngstro\u0308m", "\u00c5ngstr\u00f6m"),
        ("\u2126", "\u03a9"),
        ("\uf900", "\u8c48"),
        ("\u09df", "\u09af\u09bc"),  # Bengali: two letters are the normal form
        ("o\ufb03ce", "office"),
        ("\ufb05ill", "still"),
        ("½²™ＡＢ", "½²™ＡＢ"),
    ],
)
def test_one_form(word: str, form: str) -> None:
    assert one_form(word) == one_form(form) == form
    assert is_composed(form)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("tokeniser", ["glove", "nltk", "whitespace"])
def test_words_of_a_text_come_in_one_form(form, tokeniser) -> None:
    text = unicodedata.normalize(form, "ångström şarkı নয় o\ufb03ce \ufb01nal")
    assert words_of(text, tokeniser=tokeniser) == ["ångström", "şarkı", "ন\u09af\u09bc", "office", "final"]


@pytest.mark.parametrize("tokeniser", ["glove", "whitespace"])
def test_dotless_i_in_turkish_texts_only(tokeniser) -> None:
    text = TURKISH.replace(",", "").replace(".", "").replace(";", "")
    assert words_of(text, tokeniser=tokeniser)[:5] == ["ışık", "ılık", "ırak", "ve", "izmir"]
    english = "I think Işık met İnci in IRAN. " + "It is an ordinary English text about other things. " * 9
    found = words_of(english, tokeniser=tokeniser)
    assert found[:6] == ["i", "think", "işık", "met", "inci", "in"]
    assert words_of(TURKISH, lowercase=False)[1] == "ILIK"
    assert words_of(english, turkish=True)[0] == "ı"


def test_turkish_words_are_found_where_they_were_written() -> None:
    corpus = corpus_of(TURKISH)
    assert corpus.options.turkish
    spans = find_spans(Document("a", TURKISH), [corpus.words[token] for token in corpus.tokens], corpus.options)
    assert [TURKISH[begin:end] for begin, end in spans[:5]] == ["Işık", "ILIK", "IRAK", "ve", "İZMİR"]


def test_typed_words_are_resolved() -> None:
    known = {"izmir", "ılık", "office", "\u00e9t\u00e9"}
    typed = ["İZMİR", "ILIK", "o\ufb03ce", "E\u0301te\u0301", "nowhere"]
    assert [resolve_word(word, known) for word in typed] == ["izmir", "ılık", "office", "\u00e9t\u00e9", None]


def test_digests_of_texts_without_any_of_it_are_what_they_were() -> None:
    # What the version before wrote; kept models are named by it.
    assert corpus_of("The cat sat. Some others, too: é.").digest == PLAIN_DIGEST
    corpus = corpus_of("The cat sat.", habits=("social",))
    assert corpus.digest != corpus_of("The cat sat.").digest
    assert digest_content(corpus) == corpus.digest


PLAIN_DIGEST = "dce5f6e5caccf55df1e4048ac941cec7"


def test_elision() -> None:
    text = "L'homme qu'il aime, jusqu'à l’aube; dell'arte, l'eau d'Itàlia. Aujourd'hui o'clock rock'n'roll."
    split = words_of(text, habits=("elision",))
    assert split[:9] == ["l'", "homme", "qu'", "il", "aime", "jusqu'", "à", "l'", "aube"]
    assert split[9:] == ["dell'", "arte", "l'", "eau", "d'", "itàlia", "aujourd'hui", "o'clock", *split[-1:]]
    assert words_of(text)[0] == "l'homme"


def test_marks() -> None:
    text = "كِتَابٌ عـــربي الله שָׁלוֹם ـ"
    assert words_of(text, habits=("marks",)) == ["كتاب", "عربي", "الله", "שלום"]
    assert len(words_of(text)) == 5


def test_letters_of_arabic_persian_and_urdu() -> None:
    persian, arabic, urdu = "\u06cc\u06a9 \u0633\u06c1", "\u064a\u0643 \u0633\u0647", "\u06cc\u06a9 \u0633\u06c1"
    assert words_of(persian, habits=("arabic",)) == arabic.split()
    assert words_of(arabic, habits=("urdu",)) == urdu.split()
    assert words_of(arabic, habits=("persian",)) == ["\u06cc\u06a9", "\u0633\u0647"]
    assert words_of("\u0639\u0644\u0649 \u0631\u064a\u0654", habits=("persian",)) == [
        "\u0639\u0644\u06cc",
        "\u0631\u0626",
    ]
    assert words_of("\u0639\u0644\u0649", habits=("arabic",)) == ["\u0639\u0644\u0649"]  # Arabic tells these two apart


def test_forms() -> None:
    assert words_of("Ｇｌｏｖｅ ｶﾞﾗｽ ﻛﺘﺎﺏ ½ ™x", habits=("forms",))[:3] == ["glove", "ガラス", "كتاب"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@someone: look https://t.co/ab1", "<user> look <url>"),
        ("#MeToo is BIG!!!", "<hashtag> me too is big <allcaps> <repeat>"),
        ("#NOW sooooo good 3 :) <3 😀", "<hashtag> now <allcaps> so <elong> good <number> <smile> <heart> 😀"),
        ("a@b.org C# at 5 @ home # 1", "a@b.org c at <number> home <number>"),
        ("It's o'clock, well-known U.S.", "it 's o'clock well known u.s."),
    ],
)
def test_social(text: str, expected: str) -> None:
    assert words_of(text, habits=("social",)) == expected.split()


def test_unknown_habits_are_refused() -> None:
    with pytest.raises(CorpusError, match="habits has 'x'"):
        CorpusOptions(habits=("x",))
    assert CorpusOptions(habits=["social", "marks", "social"]).habits == ("marks", "social")


def test_scripts_without_spaces_are_told_before_training() -> None:
    chinese = corpus_of("我爱你中国人民都在看书。" * 9)
    (hint,) = hints_on_words(chinese)
    assert "each character was taken for a word of its own (100 % of the tokens)" in hint.text
    assert not list(hints_on_words(corpus_of("我 爱 你 " * 9, tokeniser="whitespace")))
    assert not list(hints_on_words(corpus_of("An English text about the character 猫.")))


def test_where_another_reading_helps_the_language_is_not_blamed() -> None:
    corpus = corpus_of("THE RIVER and the bank. " * 40)
    assert "of another language" in next(hints_on_fit(corpus, 0.1)).text
    assert "of another language" in next(hints_on_fit(corpus, 0.1, 0.3)).text
    (hint,) = hints_on_fit(corpus, 0.1, 0.9)
    assert "writes words in another way: cut as is recommended, it has 90 %" in hint.text


def test_what_parts_no_word() -> None:
    assert words_of("Paral·lel co\u0140legi, a·b") == ["paral·lel", "col·legi", "a", "b"]
    assert words_of("don´t l′eau 5′ rock´n´roll") == ["do", "n't", "l'eau", "5", "rock'n'roll"]
    assert words_of("Auf\u200clage we\u200dll می\u200cخواهم") == ["auflage", "well", "می\u200cخواهم"]


@pytest.mark.parametrize("times", [3, 20])
def test_a_short_text_of_another_language_with_turkish_names_keeps_its_i(times) -> None:
    text = "The İstanbul office in Diyarbakır is INDIA and IT in the city. " * times
    assert not looks_turkish([Document("a", text)])
    turkish = "İstanbul IŞIK İZMİR ılık ışık ve bir bu için çok güzel. The Beatles of and the. " * times
    assert looks_turkish([Document("a", turkish)])
