"""Data: bring a text and pretrained vectors, and see how well they fit."""

from pages.shared import session

session.require_app("data")

import streamlit as st  # noqa: E402

from core.workspace.named_texts import text_in_use  # noqa: E402
from pages.parts.data import (  # noqa: E402
    details,
    report,
    split_panel,
    text_panel,
    texts_panel,
    tour,
    vectors_panel,
)
from pages.shared import inputs, messages, navigation  # noqa: E402
from pages.shared.steps import best_vectors  # noqa: E402
from pages.shared.texts import pair_panel  # noqa: E402

st.title("Data", anchor=False)
st.caption(
    "Bring your own text and a file of pretrained word vectors. Vectune trains on the text and shows, side by side, "
    "what fine-tuning the pretrained vectors does compared with learning from the text alone."
)
tour.show()
if len(inputs.texts()) > 1:
    texts_panel.choose()
    pair_panel.show()
    st.divider()
left, right = st.columns(2, gap="large")
with left:
    st.header("Your text" if len(inputs.texts()) < 2 else "The text in use", anchor=False)
    text = None
    text_panel.choose()
    with messages.shown_here():
        text = inputs.current_text()
    named = text_in_use(session.workspace())
    if named is not None:
        texts_panel.name(named)
    if text is not None and named is not None:
        report.summarise(text)
        split_panel.show(text, named)
    text_panel.adjust(text)
vectors = None
with right:
    st.header("Pretrained vectors", anchor=False)
    with messages.shown_here():
        vectors = vectors_panel.choose(text)
if text is not None:
    report.advise(text, vectors)
    waiting = inputs.waiting_for()
    with st.container(key="next-step", horizontal=True, vertical_alignment="center"):
        navigation.button("train", "Continue to training", disabled=bool(waiting))
        if waiting:
            st.caption(waiting)
        elif best_vectors.is_looking(text):
            st.caption("Which vectors know most of the text is being found out.")
        else:
            report.estimate(text, vectors)
    st.divider()
    details.show(text, vectors)
