"""The tabs of the Words page, and how one of them leads to another."""

import streamlit as st

from pages.parts.words import search
from pages.shared import guards, messages, session

TABS = ("A word", "What moved", "Key words", "Concordance")
TABS_KEY = "words-tab"
FILTER_KEY = "moved-filter"
"""Of the field that names the words of the table of what moved."""
SOUGHT_KEY, NEAR_KEY, LABEL_KEY = "concordance-sought", "concordance-near", "concordance-label"
"""Of the fields that say what a concordance is of; no label is ""."""


@guards.callback
def open_word(word: str) -> None:
    """Show everything about `word`. For callbacks; the whole page must run again afterwards, as after the others."""
    search.open_word(word)
    session.set_widget(TABS_KEY, TABS[0])


@guards.callback
def open_moved(word: str) -> None:
    """Show the row of `word` in the table of what moved."""
    session.set_widget(FILTER_KEY, word)
    session.set_widget(TABS_KEY, TABS[1])


@guards.callback
def open_concordance(sought: str, near: str = "", label: str = "") -> None:
    """Show where the text has it, as if it had been typed."""
    for key, value in ((SOUGHT_KEY, sought), (NEAR_KEY, near), (LABEL_KEY, label), (TABS_KEY, TABS[3])):
        session.set_widget(key, value)


def offer_word(word: str, key: str, *, label: str = "") -> None:
    """Buttons that show `word`, the sentences of documents with `label`, and where it lies on the maps."""
    with st.container(horizontal=True, vertical_alignment="center"):
        name = messages.plain(word)
        if st.button(
            f"Look at “{name}”",
            type="primary",
            icon=":material/manage_search:",
            key=f"{key}-word",
            on_click=open_word,
            args=(word,),
        ):
            st.rerun()
        offer_sentences("Its sentences" if not label else "Its sentences here", key, word, label=label)
        if st.button("On the maps", icon=":material/scatter_plot:", key=f"{key}-maps"):
            session.pin(word)
            session.go("compare")


def offer_sentences(text: str, key: str, sought: str, *, near: str = "", label: str = "") -> None:
    """A button that opens a concordance."""
    if st.button(
        text,
        icon=":material/format_align_center:",
        key=f"{key}-sentences",
        on_click=open_concordance,
        args=(sought, near, label),
    ):
        st.rerun()
