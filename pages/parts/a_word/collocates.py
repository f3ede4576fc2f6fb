"""What stands near a word in the text, more often than by chance; of either text where there are two."""

from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from core.prose.numbers import count
from core.text.collocates import LEAST_TOGETHER, REACH, STRIKING, Collocates
from core.text.corpus import Corpus
from core.text.languages import stop_words
from pages.shared import messages, side_choice, word_links
from pages.shared.cached import text_cache
from pages.shared.compared import Sides

_SHOWN = 12


def show(sides: Sides, word: str) -> None:
    """Collocates of the word, left and right."""
    st.markdown(f"**What stands near it** within {REACH} words on either side")
    with_function_words = st.toggle(
        "Function words too",
        key="collocates-all",
        help="“the”, “of” and the like: near everything, and often strikingly so.",
        persist_state="session",
    )
    left, right = (text_cache.corpus(folder) for folder in side_choice.corpus_folders(sides))
    if not sides.has_two_texts:
        _show_side(sides, right, word, with_function_words, "text")
        return
    columns = st.columns(2, gap="large")
    for column, corpus, name, side in zip(columns, (left, right), sides.texts, ("left", "right"), strict=True):
        with column:
            st.caption(f"In {messages.plain(name)}, {side}:")
            _show_side(sides, corpus, word, with_function_words, side)


def _show_side(sides: Sides, corpus: Corpus, word: str, with_function_words: bool, key: str) -> None:
    found = text_cache.collocates(corpus, word)
    hidden = frozenset() if with_function_words else stop_words(text_cache.language(corpus))
    rows = list(islice((row for row in range(found.striking) if found.words[row] not in hidden), _SHOWN))
    if not rows:
        kind = "Only function words stand" if found.striking else "No word stands"
        st.caption(f"{kind} near it so often that chance would rarely do as well.")
        return
    event: Any = st.dataframe(
        _table(found, rows),
        hide_index=True,
        height="content",
        on_select="rerun",
        selection_mode="single-row",
        key=f"collocates-{key}-{word}",
        column_config=_columns(),
    )
    picked = [found.words[rows[row]] for row in event["selection"]["rows"] if row < len(rows)]
    if picked:
        _offer(sides, word, picked[0], key)
    told = f"{count('word', found.striking)} with a log-likelihood of {STRIKING:.1f} or more."
    st.caption(told if picked else f"{told} Tick a row to see the sentences with both.")


def _offer(sides: Sides, word: str, collocate: str, key: str) -> None:
    """What can be done with a collocate."""
    with st.container(horizontal=True, vertical_alignment="center"):
        word_links.offer_sentences("Sentences with both", f"collocate-{key}", word, near=collocate)
        if collocate in sides.index:
            st.button(
                f"Look at “{messages.plain(collocate)}”",
                icon=":material/manage_search:",
                key=f"collocate-{key}-word",
                on_click=word_links.open_word,
                args=(collocate,),
            )


def _table(found: Collocates, rows: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Word": [found.words[row] for row in rows],
            "Near": found.together[rows],
            "By chance": found.expected[rows],
            "Log-likelihood": found.log_likelihood[rows],
            "PMI": found.pmi[rows],
        }
    )


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "Near": number(
            width=70, help=f"So many tokens of it stand near the word, {LEAST_TOGETHER} at least; each counts once."
        ),
        "By chance": number(width=80, format="%.1f", help="How many would, if it stood anywhere alike."),
        "Log-likelihood": number(
            format="%.1f",
            help="G2 of the two by two table (Dunning 1993): how surely it is no chance. 10.8 comes by chance once in "
            "1,000, if tokens came independently; words come in bursts, so take low values with care.",
        ),
        "PMI": number(
            format="%.1f",
            help="log2 of near over by chance (Church and Hanks 1990): 1 is twice as often, 2 four times. High for "
            "rare words by nature.",
        ),
    }
