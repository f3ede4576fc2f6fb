"""Compare: two embeddings of the same words as linked maps, and what each word kept, gained and lost."""

from pages.shared import session

session.require_app("compare")

import streamlit as st  # noqa: E402

from pages.parts.compare import axes, maps, words  # noqa: E402
from pages.shared import messages, side_choice  # noqa: E402

head = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
head.title("Compare", width="content")
with messages.shown():
    sides = side_choice.choose()
if sides is None:
    st.stop()
with messages.shown():
    maps.show(sides, head)
axes.show(sides)
words.show_unshared(sides)
