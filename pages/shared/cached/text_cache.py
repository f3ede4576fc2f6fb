"""Texts as they are read and cut, and what can be said of a text alone."""

from pathlib import Path
from typing import Any

import numpy as np

from core.models.runs import load_inputs
from core.pretrained.vectors import PretrainedVectors
from core.text.collocates import Collocates, find_collocates
from core.text.concordance import Concordance, Search, search_text
from core.text.corpus import Corpus
from core.text.course import Course, follow_word
from core.text.fates import WordFates, find_fates
from core.text.figures import draw_course, draw_coverage, draw_lengths, draw_rank_frequency
from core.text.keywords import KeyWords, count_labels, find_key_words, weigh_by_label
from core.text.languages import language_of
from core.text.opened import Text
from core.text.originals import Passage
from core.text.proposed_parts import Proposal, propose_shown_years
from core.workspace.passages import TokenPlace, find_passages, read_passages
from core.workspace.texts import TextChoice, TextSize, estimate_reading_seconds, keep_text, kept_text, measure_text
from pages.shared.cached import server
from pages.shared.cached.results import shared

_LETTERS_AT_ONCE = 200_000
"""Documents of no more are searched for their tokens while the page waits: a tenth of a second's work."""


@shared("Reading the text …")
def text(choice: TextChoice) -> Text:
    return kept_text(choice, _read_apart)


@shared()
def text_size(choice: TextChoice) -> TextSize:
    return measure_text(choice)


def _read_apart(choice: TextChoice) -> None:
    """Have a child read a text that is no longer kept; whoever asks for the same waits for the same."""
    jobs = server.text_jobs()
    jobs.submit(
        choice.key,
        "Reading the text",
        keep_text,
        choice,
        watcher=choice.key,
        kind="reading",
        seconds=estimate_reading_seconds(choice.upload),
    )
    jobs.result(choice.key)


@shared()
def word_fates(corpus: Corpus, vectors: PretrainedVectors | None, min_count: int) -> WordFates:
    return find_fates(corpus, frozenset(() if vectors is None else vectors.words), min_count)


@shared()
def rank_frequency_figure(corpus: Corpus, min_count: int) -> Any:
    return draw_rank_frequency(corpus, min_count)


@shared()
def lengths_figure(corpus: Corpus) -> Any:
    return draw_lengths(np.diff(corpus.document_starts))


@shared()
def shown_years(choice: TextChoice, _corpus: Corpus) -> Proposal | None:
    return propose_shown_years(_corpus)  # names tell the years, which are no part of a corpus's digest


@shared()
def course(corpus: Corpus, word: str) -> Course:
    return follow_word(corpus, word)


@shared()
def course_figure(corpus: Corpus, word: str) -> Any:
    return draw_course(corpus, course(corpus, word))


@shared()
def coverage_figure(corpus: Corpus, vectors: PretrainedVectors) -> Any:
    return draw_coverage(word_fates(corpus, vectors, 1))


@shared("Finding what labels have more of …")
def label_words(corpus: Corpus) -> KeyWords:
    return weigh_by_label(corpus)


@shared("Finding key words …")
def key_words(left: Corpus, right: Corpus) -> KeyWords:
    return find_key_words(left, right)


@shared()
def collocates(corpus: Corpus, word: str) -> Collocates:
    return find_collocates(corpus, word)


@shared()
def labels(corpus: Corpus) -> dict[str, int]:
    return count_labels(corpus)


@shared()
def corpus(folder: Path) -> Corpus:
    return load_inputs(folder, None)[0]


@shared()
def concordance(corpus: Corpus, search: Search) -> Concordance:
    return search_text(corpus, search)


@shared("Reading the sentences as they were written …")
def passages(choice: TextChoice, folder: Path, places: tuple[TokenPlace, ...]) -> tuple[Passage | None, ...]:
    """Of documents that are kept as read at once, of others by a child that reads the uploads again."""
    kept = text(choice).reading.documents[:-1]  # the last one may be cut
    numbers = {number for number, _, _ in places}
    if max(numbers) < len(kept) and sum(len(kept[number].text) for number in numbers) <= _LETTERS_AT_ONCE:
        return find_passages(corpus(folder), kept, places)
    jobs, name = server.text_jobs(), f"passages {choice.key} {folder.name} {places!r}"
    jobs.submit(
        name,
        "Reading the sentences as they were written",
        read_passages,
        choice,
        folder,
        places,
        watcher=name,
        kind="passages",
        seconds=estimate_reading_seconds(choice.upload),
    )
    try:
        found: tuple[Passage | None, ...] = jobs.result(name)
    finally:
        jobs.forget(name)  # a board keeps no sentence of anybody's
    return found


@shared()
def language(corpus: Corpus) -> str | None:
    return language_of(corpus)
