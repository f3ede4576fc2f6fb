"""Data: bring a text and pretrained vectors, and see how well they fit."""

from pages.shared import session

session.require_app("data")

import streamlit as st  # noqa: E402

from pages.parts.data import details, report, text_panel, tour, vectors_panel  # noqa: E402
from pages.shared import inputs, messages  # noqa: E402

st.title("Data")
st.caption(
    "Bring your own text and a file of pretrained word vectors. Vectune trains on the text and shows, side by side, "
    "what fine-tuning the pretrained vectors does compared with learning from the text alone."
)
tour.show()
left, right = st.columns(2, gap="large")
with left:
    st.subheader("Your text", anchor=False)
    text = None
    text_panel.choose()
    with messages.shown_here():
        text = inputs.current_text()
    if text is not None:
        report.summarise(text)
    text_panel.adjust(text)
vectors = None
with right:
    st.subheader("Pretrained vectors", anchor=False)
    with messages.shown_here():
        vectors = vectors_panel.choose(text)
if text is not None:
    report.advise(text, vectors)
    waiting = inputs.waiting_for()
    if st.button("Continue to training", type="primary", icon=":material/arrow_forward:", disabled=bool(waiting)):
        session.go("train")
    if waiting:
        st.caption(waiting)
    else:
        report.estimate(text, vectors)
    st.divider()
    details.show(text, vectors)
