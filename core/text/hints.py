"""What a user should know about a text before training on it, in plain sentences, the most important first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

from core.prose.numbers import write_share
from core.text.corpus import Corpus
from core.text.languages import language_of
from core.text.opened import Text
from core.text.reading.columns import likelier_text
from core.text.tokens.segmenters import has_segmenter

TOO_SMALL_TOKENS, SMALL_TOKENS = 3_000, 20_000
"""7,000 tokens of one news wire rarely gave a gain over good vectors, 31,000 always (docs/science.md, section 14)."""

_MANY_COPIES = 0.01
_LITTLE_COVERAGE = 0.5
_MUCH_UNSPACED = 0.2
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*")


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to know; `place` is where the Data page shows more about it."""

    level: Literal["warning", "info"]
    text: str
    place: str = ""


def find_hints(text: Text, coverage: float | None, reachable: float | None = None) -> tuple[Hint, ...]:
    """What to know.

    Args:
        coverage: share of tokens that the chosen vectors file has; None without a file.
        reachable: that share if the text were cut as is recommended; None where nothing is.
    """
    return tuple(_hints(text, coverage, reachable))


def _hints(text: Text, coverage: float | None, reachable: float | None) -> Iterator[Hint]:
    tokens = text.corpus.n_tokens
    if tokens < TOO_SMALL_TOKENS:
        yield Hint(
            "warning",
            f"{tokens:,} {'token is' if tokens == 1 else 'tokens are'} too few to say anything: models of this text "
            "will differ by chance more than by how they were made. Bring at least 20,000 tokens, about 40 pages.",
        )
    elif tokens < SMALL_TOKENS:
        yield Hint(
            "warning",
            f"{tokens:,} tokens are a small text. Of one news wire, 7,000 tokens improved good vectors measurably in 2 "
            "of 10 tries, 31,000 in 8 of 8; less alike documents take more. Expect a small effect or none.",
        )
    yield from hints_on_words(text.corpus)
    yield from hints_on_fit(text.corpus, coverage, reachable)
    copies = text.copies
    if copies is not None and copies.share >= _MANY_COPIES:
        yield Hint(
            "info",
            f"{copies.documents:,} of {text.corpus.n_documents:,} documents say nearly word for word what earlier "
            f"ones said ({write_share(copies.share, 0)} of the tokens). It counts several times.",
            place="Documents",
        )


def find_likelier_column(text: Text) -> tuple[str, str] | None:
    """The column of a table that its user may have meant as the text, and a sentence that asks; None for none."""
    for table in text.reading.tables.values():
        column = likelier_text(table)
        if column is not None:
            return column, f"The rows of “{table.text_column}” have a word or two each. Did you mean “{column}”?"
    return None


def hints_on_words(corpus: Corpus) -> Iterator[Hint]:
    """Whether the text is in a script that writes no spaces between words."""
    if corpus.options.tokeniser != "glove":
        return
    rows = [row for row, word in enumerate(corpus.words) if _UNSPACED.fullmatch(word)]
    share = float(corpus.counts[rows].sum() / corpus.n_tokens)
    if share >= _MUCH_UNSPACED:
        language = language_of(corpus) or "This script"
        yield Hint(
            "warning",
            f"{language} writes no spaces between words, so that each character was taken for a word of its own "
            f"({write_share(share, 0)} of the tokens). Models then learn characters. {_advise_on_words(language)}",
        )


def _advise_on_words(language: str) -> str:
    if language == "Chinese" and has_segmenter():
        return (
            "For words, choose “Chinese characters joined to words” under “How it is cut into words” (on the command "
            "line --read chinese)."
        )
    return (
        "For words, put spaces between them first, with a segmenter such as jieba, fugashi, PyThaiNLP or khmer-nltk, "
        "and choose the tokeniser whitespace."
    )


def hints_on_fit(corpus: Corpus, coverage: float | None, reachable: float | None = None) -> Iterator[Hint]:
    """Whether text and vectors seem to be of one language; `coverage` and `reachable` as above."""
    language = language_of(corpus)
    if coverage is not None and reachable is not None and coverage < _LITTLE_COVERAGE <= reachable:
        yield Hint(
            "warning",
            f"The vectors file has only {write_share(coverage, 0)} of the text's tokens, because it writes words in "
            f"another way: cut as is recommended, it has {write_share(reachable, 0)}.",
        )
        return
    if coverage is not None and coverage < _LITTLE_COVERAGE:
        about = (
            f"the text looks {language}, and the file may be of another language"
            if language not in (None, "English")
            else "the file may be of another language, or its words were cut in another way"
        )
        yield Hint("warning", f"The vectors file has only {write_share(coverage, 0)} of the text's tokens: {about}.")
    elif coverage is None and language not in (None, "English"):
        yield Hint("info", f"The text looks {language}. Most published vectors are English; choose some in {language}.")
