"""New words: those that a vectors file lacks, with the known words that they stand near, and a sentence each."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.comparison.new_words import NewWord, describe_new_words, name_what_placed
from core.methods import UNTOUCHED
from core.prose.numbers import count
from core.text.concordance import SENTENCE_MARK, find_occurrences, read_page
from core.text.corpus import Corpus
from pages.shared import guards, messages, noise_panel, side_choice, word_links
from pages.shared.cached import change_cache, text_cache
from pages.shared.compared import Sides

_PAGE = 20
_AROUND = 8
"""Tokens on each side of the word in its sentence."""


@guards.fragment()
def show(sides: Sides) -> None:
    """One page of them, and what they are near."""
    judgement = noise_panel.current(sides)
    rows = change_cache.new_words(judgement)
    if not len(rows):
        has_file = any(model.sources.pretrained for model in (sides.left, sides.right))
        st.info(
            "No word is new: the vectors file has every word of these two models."
            if has_file
            else "New words are those that a vectors file lacks. Neither of these two models starts from one.",
            icon=":material/info:",
        )
        return
    st.caption(_explain(sides, len(rows)))
    space = st.container()
    pages = -(-len(rows) // _PAGE)
    page = st.pagination(pages, key=f"new-words-page-{pages}") if pages > 1 else 1
    found = describe_new_words(
        sides.comparison,
        sides.left,
        sides.right,
        change_cache.candidates(judgement),
        rows[(page - 1) * _PAGE : page * _PAGE].tolist(),
    )
    with space:
        _draw(sides, found)


def _explain(sides: Sides, number: int) -> str:
    files = {model.sources.pretrained.name for model in (sides.left, sides.right) if model.sources.pretrained}
    lacking = f"{' or '.join(messages.plain(name) for name in sorted(files)) or 'The vectors file'} lacks these "
    placed = name_what_placed(sides.left, sides.right)
    near = f"The known words that they are near now come of {placed}."
    if UNTOUCHED in (sides.left.config.strategy, sides.right.config.strategy):
        return f"{lacking}{count('word', number)}, so they cannot have moved from it: they are in no list above. {near}"
    return (
        f"{lacking}{count('word', number)}. Each model made up where they start, from {placed} in its "
        f"text: how far apart they are says nothing of a change, so they are not among the moved words. {near}"
    )


def _draw(sides: Sides, found: tuple[NewWord, ...]) -> None:
    folders = side_choice.corpus_folders(sides)
    columns: dict[str, Any] = {"Word": [each.word for each in found]}
    if sides.has_two_texts:
        columns |= {"Count L": [each.left_count for each in found], "Count R": [each.right_count for each in found]}
    else:
        columns["Count"] = [each.right_count for each in found]
    heads = {
        "Near on the left": [each.left_near for each in found],
        "Near on the right": [each.right_near for each in found],
    }
    columns |= {head: [", ".join(near) for near in side] for head, side in heads.items() if any(side)}
    if sides.has_two_texts:
        columns |= {
            "In the left text": _sentences(folders[0], found),
            "In the right text": _sentences(folders[1], found),
        }
    else:
        columns["In the text"] = _sentences(folders[1], found)
    event: Any = st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height="content" if len(found) < _PAGE else 420,
        on_select="rerun",
        selection_mode="single-row",
        key="new-words",
        column_config=_column_config(sides),
    )
    picked = [place for place in event["selection"]["rows"] if place < len(found)]
    if picked:
        word_links.offer_word(found[picked[0]].word, "new-word")
    else:
        st.caption("Tick a row to look at its word.")


def _column_config(sides: Sides) -> dict[str, Any]:
    texts = [messages.plain(text) for text in sides.texts]
    names = [messages.plain(name) for name in sides.names]
    near = "Nearest words in {} that the file has and that carry meaning of their own, the nearest first."
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    return {
        "Word": text(width=110),
        "Count": number(width=60, help="How often the text has it."),
        "Count L": number(width=70, help=f"How often {texts[0]} has it."),
        "Count R": number(width=70, help=f"How often {texts[1]} has it."),
        "Near on the left": text(width=260, help=near.format(names[0])),
        "Near on the right": text(width=260, help=near.format(names[1])),
        "In the text": text(width="large", help="Its first sentence."),
        "In the left text": text(width="large", help=f"Its first sentence in {texts[0]}."),
        "In the right text": text(width="large", help=f"Its first sentence in {texts[1]}."),
    }


def _sentences(folder: Path, found: tuple[NewWord, ...]) -> list[str]:
    corpus = text_cache.corpus(folder)
    return [_sentence(corpus, each.word) for each in found]


def _sentence(corpus: Corpus, word: str) -> str:
    """The first sentence of the word, as far as a few tokens around it."""
    for each in read_page(corpus, find_occurrences(corpus, word), 1, 1, _AROUND):
        before, after = list(each.left), list(each.right)
        if SENTENCE_MARK in before:
            before = before[len(before) - before[::-1].index(SENTENCE_MARK) :]
        if SENTENCE_MARK in after:
            after = after[: after.index(SENTENCE_MARK)]
        return " ".join([*before, each.word, *after])
    return ""
