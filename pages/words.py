"""Words: what a word kept, gained and lost and the sentences that show why; what moved; key words; concordances."""

from pages.shared import session

session.require_app("words")

import streamlit as st  # noqa: E402

from pages.parts.words import concordance, key_words, moved_panel, tabs, word_panel  # noqa: E402
from pages.shared import messages, side_choice  # noqa: E402

st.title("Words")
with messages.shown():
    sides = side_choice.choose()
if sides is None:
    st.stop()
word_panel.warn_of_faults(sides)
a_word, moved, key, lines = st.tabs(tabs.TABS, key=tabs.TABS_KEY, on_change="rerun")
if a_word.open:
    with a_word, messages.shown():
        word_panel.show(sides)
if moved.open:
    with moved, messages.shown():
        moved_panel.show(sides)
if key.open:
    with key, messages.shown():
        key_words.show(sides)
if lines.open:
    with lines, messages.shown():
        concordance.show(sides)
