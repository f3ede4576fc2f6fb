"""What nobody sees is no word, and comes between no words."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import CorpusError
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.text.tokens.invisible import is_invisible
from core.text.tokens.tokenisers import CorpusOptions, Tokeniser
from tests.messy_texts import HIDDEN, PIECES, UNSEEN_RUNS
from tests.slow_sentences import sentences_of

OPTIONS = [CorpusOptions(), CorpusOptions(punctuation=True), CorpusOptions("nltk"), CorpusOptions("whitespace")]


def test_every_character_that_nobody_sees() -> None:
    assert {character for character in map(chr, range(0x110000)) if is_invisible(character)} == HIDDEN
    assert is_invisible("")
    assert not is_invisible("\u00ad-\u00ad")


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("run", ["\u00ad", "\u200e\u2060", "\ufeff", "\u200d", "\u061c", "\x07", "\ufe0f", "\u3164"])
def test_an_invisible_run_between_blanks_is_no_word(run: str, options: CorpusOptions) -> None:
    assert list(sentences_of(f"{run} a {run} b\n{run}\n", options)) == list(sentences_of("a b\n", options))
    with pytest.raises(CorpusError, match="not one word"):
        build_corpus([Document("a", f"{run} \n {run}{run}")], options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(\u3164) \u2800 \u2800! a", ["a"]),
        ("co\u00adop\u2060era\ufefftion \u061cمرحبا", ["cooperation", "مرحبا"]),
        ("\u06dd١ \u0600٢", ["١", "٢"]),
    ],
)
def test_glove_like_tokens_around_invisible_characters(text: str, expected: list[str]) -> None:
    assert [token for sentence in sentences_of(text, CorpusOptions()) for token in sentence] == expected


def test_what_is_drawn_is_a_word() -> None:
    assert list(sentences_of("a \u06dd b", CorpusOptions("whitespace"))) == [["a", "\u06dd", "b"]]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    UNSEEN_RUNS,
    st.integers(0),
    st.sampled_from(["glove", "whitespace"]),
)
@example("He left the U.S. The end", "\u00ad", 3, "glove")
@example("Well... Maybe", "\u2060", 0, "glove")
def test_what_nobody_sees_comes_between_no_words(text: str, run: str, place: int, tokeniser: Tokeniser) -> None:
    spaces = [at for at, character in enumerate(text) if character == " "] or [len(text)]
    at = spaces[place % len(spaces)]
    options = CorpusOptions(tokeniser)
    assert list(sentences_of(f"{text[:at]} {run} {text[at:]}", options)) == list(sentences_of(text, options))
