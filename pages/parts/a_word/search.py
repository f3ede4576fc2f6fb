"""Finding a word: search, words looked at before, and why one is not there."""

import numpy as np
import streamlit as st

from core.comparison.table import sort_rows
from core.text.spelling import explain_missing, resolve_word, suggest_words
from pages.shared import guards, messages, noise_panel, session, side_choice, vectors_file, word_links
from pages.shared.cached import change_cache, text_cache
from pages.shared.compared import Sides

_CHIPS, _STARTERS = 8, 8


def choose(sides: Sides) -> str | None:
    """The word to show; None, with some to start from, while none was chosen."""
    search, chips = st.columns([2, 5])
    search.text_input(
        "Find a word",
        key="word-search",
        placeholder="Type a word and press Enter",
        on_change=_take_typed,
    )
    session.remember("searched", sides)  # no argument of the callback: Streamlit never forgets these
    missing = session.recall("word-missing")
    if missing is not None:
        _explain(sides, missing)
    if any(side_choice.is_left_out(sides, pin) for pin in session.workspace().pins[-1:]):
        st.rerun()  # of very many words a sample is compared: choosing the sides anew adds the word to it
    pins = [pin for pin in session.workspace().pins if pin in sides.index]
    if not pins:
        _offer(sides)
        return None
    chosen: str | None = chips.pills(
        "Pinned words", pins[-_CHIPS:], format_func=messages.plain, default=pins[-1], help="Those of the maps, too."
    )
    return chosen or pins[-1]


@guards.callback
def _take_typed() -> None:
    sides: Sides = session.recall("searched")
    typed = session.widget("word-search")
    word = resolve_word(typed, sides.index)
    if word is not None:
        word_links.open_word(word)
    elif side_choice.is_left_out(sides, typed.strip()):
        word_links.open_word(typed.strip())
    else:
        session.remember("word-missing", typed if typed.strip() else None)


def _explain(sides: Sides, typed: str) -> None:
    word = resolve_word(typed, sides.index)
    if word is not None:  # the other models that were chosen meanwhile have it
        return
    folders = side_choice.corpus_folders(sides)
    corpora = [(name, text_cache.corpus(folder)) for name, folder in zip(sides.texts, folders, strict=True)]
    models = [
        (name, frozenset(embedding.words), embedding.config.min_count)
        for name, embedding in zip(sides.names, (sides.left, sides.right), strict=True)
    ]
    st.warning(
        messages.plain(
            explain_missing(
                typed, models, corpora if sides.has_two_texts else corpora[1:], vectors_file.knows(sides, typed.strip())
            )
        ),
        icon=":material/search_off:",
    )
    close = suggest_words(typed, sides.comparison.words)
    if close:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Did you mean", width="content")
            for each in close:
                st.button(messages.plain(each), key=f"meant-{each}", on_click=word_links.open_word, args=(each,))


def _offer(sides: Sides) -> None:
    table = change_cache.moved_table(noise_panel.current(sides))
    moved = [row for row in sort_rows(table, "moved").tolist() if table.moved[row]]
    # a change not told from noise is largest for rare words, of which nothing can be said
    often = np.argsort(-np.where(table.ranked(with_function_words=False), table.counts, -1), kind="stable").tolist()
    kind = "that moved more than noise" if moved else "that the text has most often"
    st.info(f"Type a word, or start with one of those {kind}:", icon=":material/manage_search:")
    with st.container(horizontal=True):
        for row in (moved or often)[:_STARTERS]:
            word = table.words[row]
            st.button(messages.plain(word), key=f"start-{word}", on_click=word_links.open_word, args=(word,))
