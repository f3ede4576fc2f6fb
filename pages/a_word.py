"""A word: what it kept, gained and lost, what stands near it, and the sentences that show why; search in the text."""

from pages.shared import session

session.require_app("a_word")

import streamlit as st  # noqa: E402

from pages.parts.a_word import concordance, word_panel  # noqa: E402
from pages.shared import messages, side_choice, word_links  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402

st.title("A word", anchor=False)
with messages.shown():
    sides = side_choice.choose()
if sides is None:
    run_ends.end_page()
side_choice.warn_of_faults(sides)
word, text = st.tabs(word_links.WORD_TABS, key=word_links.WORD_TABS_KEY, on_change="rerun")
if word.open:
    with word, messages.shown():
        word_panel.show(sides)
if text.open:
    with text, messages.shown():
        concordance.show(sides)
