"""Quotations: sentences as they were written, that have the word as a token, of different documents."""

from textwrap import wrap

import pytest

from core.text.quotes import find_quotes
from core.text.reading.documents import Document
from core.text.tokens.tokenisers import CorpusOptions


def quotes_of(word, *texts, **options):
    documents = [Document(f"d{number}", text) for number, text in enumerate(texts)]
    return find_quotes(documents, word, CorpusOptions(**options))


def whole(quote):
    return quote.before + quote.word + quote.after


def test_a_sentence_is_quoted_as_it_was_written():
    (found,) = quotes_of("bank", "Rain fell. The “Bank” of England, they said, is shut! Nobody came.")
    assert found.document == "d0"
    assert (found.before, found.word, found.after) == ("The “", "Bank", "” of England, they said, is shut!")


def test_two_documents_are_better_than_two_sentences_of_one():
    texts = ["A bank here. A bank there.", "Nothing.", "The bank again.", "One more bank."]
    assert [each.document for each in quotes_of("bank", *texts)] == ["d0", "d2"]
    assert [whole(each) for each in quotes_of("bank", texts[0])] == ["A bank here.", "A bank there."]


@pytest.mark.parametrize(
    ("word", "text", "options", "expected"),
    [
        ("bank", "Banking on riverbanks is no bankers' holiday.", {}, False),
        ("bank", "A bank-note was found.", {}, True),
        ("bank", "A bank-note was found.", {"hyphens": "keep"}, False),
        ("bank", "The bank, then.", {"tokeniser": "whitespace"}, False),
        ("bank,", "The bank, then.", {"tokeniser": "whitespace"}, True),
        ("new_york", "He went to New York at once.", {"phrases": True}, True),
        ("café", "The cafe\u0301 is shut.", {}, True),
        ("n't", "It isn't there.", {}, True),
    ],
)
def test_only_what_the_text_was_counted_by_is_quoted(word, text, options, expected):
    assert bool(quotes_of(word, text, **options)) == expected


def test_a_title_or_an_initial_ends_no_sentence():
    (found,) = quotes_of("bank", "He came. Then Mr. J. Smith of the U.S. Bank, Inc. of old, fell. All laughed.")
    assert whole(found) == "Then Mr. J. Smith of the U.S. Bank, Inc. of old, fell."


def test_a_long_sentence_is_cut_between_words_and_says_so():
    (found,) = quotes_of("bank", "word " * 200 + "bank" + " other" * 200)
    assert whole(found).startswith("…word ")
    assert found.after.endswith(" other…")
    assert len(whole(found)) < 340
    (found,) = quotes_of("bank", "bank" + " other" * 200)
    assert whole(found).startswith("bank other")


def test_lines_that_end_where_the_page_was_full_are_one_sentence():
    text = "The old bank of the river was steep, and the water below it was cold and dark while they went on by. " * 6
    found = quotes_of("steep", "\n".join(wrap(text, 60)))
    assert all(whole(each) == text[: text.index(".") + 1] for each in found)
