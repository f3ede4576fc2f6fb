"""Sweep: which settings do best? Many are tried, the best of them is tested on text that had no say in the choice."""

from pages.shared import session

session.require_app("sweep")

import streamlit as st  # noqa: E402

from pages.parts.sweep import form, job, tried  # noqa: E402
from pages.shared import inputs, messages, navigation  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402

st.title("Sweep")
st.caption(
    "Which settings do best? Many are tried on one part of the text, the best of them is chosen on another and tested "
    "on a third."
)
with messages.shown():
    text = inputs.current_text()
    vectors = None if text is None else inputs.current_vectors(text)
if text is None:
    st.info("There is no text yet. Bring one, or try the demo, on the Data page.", icon=":material/description:")
    navigation.offer("data", "Go to Data")
    run_ends.end_page()
answer = st.container()
asked = None
with messages.shown():
    asked = form.choose(text, vectors)
if asked is None:
    run_ends.end_page()
with answer:
    tried.answer(asked)
active = job.show(asked)
tried.show(asked, active)
