"""The original spelling of tokens: in the right place, whatever the tokeniser made of them."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import csv_of, pdf_of
from small_texts import SENTENCES

from core.errors import CorpusError
from core.text.corpus import build_corpus
from core.text.originals import find_spans, read_passage
from core.text.reading.documents import Document, read_documents
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions
from tests.messy_texts import ANY_TEXT

TEXT = (
    "“Don’t!” cried Dr. O’Neill—the U.S. envoy—at 10:30.\nThe well-known co-op paid $1,000… for cafe\u0301 au lait.\n\n"
    "He said: 'Tis 1998; see https://example.org/a?b=1, or write to me@example.com. Stra\u00ade 東京。 THE END"
)
WAYS = (
    CorpusOptions(),
    CorpusOptions(punctuation=True, lowercase=False),
    CorpusOptions(hyphens="keep", fold_numbers=True),
    CorpusOptions(tokeniser="whitespace"),
    CorpusOptions(tokeniser="nltk"),
)
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzж")
"""Of those that the texts are drawn from, what no tokeniser writes otherwise."""


def spans_of(corpus, number, document):
    words = [corpus.words[token] for token in corpus.document(number).tolist()]
    return words, find_spans(document, words, corpus.options)


@pytest.mark.parametrize("options", WAYS, ids=str)
def test_every_token_has_its_place_in_order(options):
    document = Document("a", TEXT)
    words, spans = spans_of(build_corpus([document], options), 0, document)
    assert len(spans) == len(words)
    assert (spans[:, 0] < spans[:, 1]).all()
    assert (np.diff(spans[:, 0]) >= 0).all()


def test_a_token_is_shown_as_it_was_written():
    document = Document("a", TEXT)
    words, spans = spans_of(build_corpus([document]), 0, document)
    written = dict(zip(words, (TEXT[begin:end] for begin, end in spans.tolist()), strict=True))
    assert (written["o'neill"], written["u.s."], written["n't"], written["1,000"]) == (
        "O’Neill",
        "U.S.",
        "n’t",
        "1,000",
    )
    assert (written["café"], written["end"], written["東"]) == ("cafe\u0301", "END", "東")


def test_joined_words_take_both():
    document = Document("a", "He lives in New York. New York is large. " * 30)
    corpus = build_corpus([document], CorpusOptions(phrases=True), known_phrases=["new_york"])
    words, spans = spans_of(corpus, 0, document)
    row = words.index("new_york")
    assert document.text[slice(*spans[row].tolist())] == "New York"


def test_words_of_another_document_do_not_fit():
    corpus = build_corpus([Document("a", "one two three")])
    assert spans_of(corpus, 0, Document("a", "one two"))[1] is None
    assert spans_of(corpus, 0, Document("a", "one two three four"))[1] is None
    assert spans_of(corpus, 0, Document("a", "one too three"))[1] is None


def uploads():
    rng = np.random.default_rng(1)
    lines = [SENTENCES[k].capitalize() + (" Don’t!" if n % 7 else "")
             for n, k in enumerate(rng.integers(0, len(SENTENCES), 400))]  # fmt: skip
    page = (
        "<html><body>"
        + "".join(f"<p>{line} <em>Caf&eacute;s</em> &amp; “bars”, Dr. No.</p>" for line in lines)
        + "</body></html>"
    )
    plain = [line.replace("’", "'") for line in lines]
    pages = [plain[start : start + 30] for start in range(0, len(plain), 30)]
    table = csv_of([["text"], *([f'He said: "{line}" (p. {n}) etc. and left.'] for n, line in enumerate(lines))])
    return {
        "html": Upload("page.html", page.encode()),
        "pdf": Upload("book.pdf", pdf_of(pages)),
        "csv": Upload("table.csv", table),
    }


def same(token, shown):
    """Compared in another way than `core.text.originals` does."""
    shown = shown.replace("’", "'").lower()
    return unicodedata.normalize("NFC", shown) == token or (token in ("``", "''") and shown == '"')


@pytest.mark.parametrize("options", [WAYS[0], *WAYS[3:]], ids=str)
@pytest.mark.parametrize("kind", ["html", "pdf", "csv"])
def test_of_a_thousand_occurrences_each_line_has_the_word_as_it_was_written(kind, options):
    documents = read_documents([uploads()[kind]]).documents
    corpus = build_corpus(documents, options)
    rng, seen = np.random.default_rng(2), {}
    for place in rng.choice(corpus.n_tokens, 1_000).tolist():
        number = int(np.searchsorted(corpus.document_starts, place, side="right")) - 1
        if number not in seen:
            seen[number] = spans_of(corpus, number, documents[number])
        words, spans = seen[number]
        row = place - int(corpus.document_starts[number])
        passage = read_passage(documents[number], spans[row].tolist())
        assert same(words[row].replace("’", "'"), passage.word)
        # What stands before it in the line has as many of this word as the document's tokens before it.
        if options == CorpusOptions() and passage.before:
            before = build_corpus([Document("b", passage.before + passage.word)])
            ends = [before.words[token] for token in before.tokens[-4:].tolist()]
            assert ends[1:] == words[row + 1 - len(ends[1:]) : row + 1]


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, st.sampled_from(WAYS))
def test_every_token_of_any_text_has_its_letters(text, options):
    document = Document("a", text)
    try:
        words, spans = spans_of(build_corpus([document], options), 0, document)
    except CorpusError:  # not one word
        return
    for word, (begin, end) in zip(words, spans.tolist(), strict=True):
        assert begin < end
        assert set(unicodedata.normalize("NFD", word.lower())) & LETTERS <= set(
            unicodedata.normalize("NFKD", text[begin:end].lower())
        )


def test_a_sentence_end_that_was_learned_elsewhere_changes_no_place():
    """Of the whole text Punkt learns that “etc.” is an abbreviation, of one document it would not."""
    documents = [Document(str(n), f"Apples, pears etc. were sold for {n} cents etc. and so on.") for n in range(60)]
    corpus = build_corpus(documents, CorpusOptions(tokeniser="nltk"))
    for number, document in enumerate(documents):
        words, spans = spans_of(corpus, number, document)
        assert [document.text[begin:end].lower() for begin, end in spans.tolist()] == words


def test_a_folded_number_takes_all_its_digits():
    options = CorpusOptions(fold_numbers=True)
    document = Document("a", "From 5-10 to 1,000: 0.")
    words, spans = spans_of(build_corpus([document], options), 0, document)
    assert words == ["from", "0", "0", "to", "0", "0"]
    assert [document.text[begin:end] for begin, end in spans.tolist()][1:] == ["5", "10", "to", "1,000", "0"]


def test_a_word_in_greek_capitals_ends_before_its_comma():
    document = Document("a", "ΟΔΟΣ, ΟΔΟΣ.")
    _, spans = spans_of(build_corpus([document]), 0, document)
    assert [document.text[begin:end] for begin, end in spans.tolist()] == ["ΟΔΟΣ", "ΟΔΟΣ"]


def test_a_passage_is_cut_between_words():
    document = Document("a", "alpha beta gamma delta epsilon zeta eta")
    passage = read_passage(document, (17, 22), reach=8)
    assert passage == ("gamma ", "delta", " epsilon")
