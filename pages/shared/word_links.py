"""Ways to a word from wherever it is named: to its page, to its sentences, to the maps, to the table of what moved."""

import streamlit as st

from pages.shared import guards, messages, navigation, presses, session

WORD_TABS = ("The word", "Search the text")
WORD_TABS_KEY = "word-tab"
CHANGE_TABS = ("Moved words", "New words", "Key words")
CHANGE_TABS_KEY = "change-tab"
FILTER_KEY = "moved-filter"
"""Of the field that names the words of the table of what moved."""
SOUGHT_KEY, NEAR_KEY, LABEL_KEY = "concordance-sought", "concordance-near", "concordance-label"
"""Of the fields that say what a concordance is of; no label is ""."""


@guards.callback
def open_word(word: str) -> None:
    """Make `word` the one that is shown, on its page and on the maps. For callbacks, as the others are."""
    session.pin(word)
    session.remember("word-missing", None)
    session.set_widget(WORD_TABS_KEY, WORD_TABS[0])


@guards.callback
def open_moved(word: str) -> None:
    """Show the row of `word` in the table of what moved."""
    session.set_widget(FILTER_KEY, word)
    session.set_widget(CHANGE_TABS_KEY, CHANGE_TABS[0])


@guards.callback
def open_concordance(sought: str, near: str = "", label: str = "") -> None:
    """Show where the text has it, as if it had been typed."""
    for key, value in ((SOUGHT_KEY, sought), (NEAR_KEY, near), (LABEL_KEY, label), (WORD_TABS_KEY, WORD_TABS[1])):
        session.set_widget(key, value)


def offer_word(word: str, key: str, *, label: str = "") -> None:
    """Buttons that show `word`, the sentences of documents with `label`, and where it lies on the maps."""
    with st.container(horizontal=True, vertical_alignment="center"):
        name = messages.plain(word)
        if presses.button(
            f"Look at “{name}”",
            type="primary",
            icon=":material/manage_search:",
            key=f"{key}-word",
            about=word,
            on_click=open_word,
            args=(word,),
        ):
            navigation.go("a_word")
        offer_sentences("Its sentences" if not label else "Its sentences here", key, word, label=label)
        if presses.button("On the maps", icon=":material/scatter_plot:", key=f"{key}-maps", about=word):
            session.pin(word)
            navigation.go("maps")


def offer_sentences(text: str, key: str, sought: str, *, near: str = "", label: str = "") -> None:
    """A button that opens a concordance."""
    if presses.button(
        text,
        icon=":material/format_align_center:",
        key=f"{key}-sentences",
        about=sought,
        on_click=open_concordance,
        args=(sought, near, label),
    ):
        navigation.go("a_word")
