"""What changed: which words moved more than noise moves them, which are new, which one text has more of."""

from pages.shared import session

session.require_app("what_changed")

import streamlit as st  # noqa: E402

from pages.parts.what_changed import key_words, moved_panel, new_words  # noqa: E402
from pages.shared import messages, side_choice, word_links  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402

st.title("What changed", anchor=False)
with messages.shown():
    sides = side_choice.choose()
if sides is None:
    run_ends.end_page()
side_choice.warn_of_faults(sides)
moved, new, key = st.tabs(word_links.CHANGE_TABS, key=word_links.CHANGE_TABS_KEY, on_change="rerun")
if moved.open:
    with moved, messages.shown():
        moved_panel.show(sides)
if new.open:
    with new, messages.shown():
        new_words.show(sides)
if key.open:
    with key, messages.shown():
        key_words.show(sides)
