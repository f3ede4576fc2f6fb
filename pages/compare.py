"""Compare: two embeddings of the same words as linked maps, and what each word kept, gained and lost."""

from pages.shared import session

session.require_app("compare")

import streamlit as st  # noqa: E402

from pages.shared import compare_axes, compare_maps, compare_sides, compare_words, messages  # noqa: E402

head = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
head.title("Compare", width="content")
with messages.shown():
    sides = compare_sides.choose()
if sides is None:
    st.stop()
with messages.shown():
    compare_maps.show(sides, head)
compare_axes.show(sides)
compare_words.show_unshared(sides)
