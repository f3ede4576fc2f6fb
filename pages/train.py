"""Train: choose models and settings, and watch them being made."""

from pages.shared import session

session.require_app("train")

import streamlit as st  # noqa: E402

from core.workspace.asked_runs import identify  # noqa: E402
from pages.parts.train import form, models  # noqa: E402
from pages.shared import inputs, messages  # noqa: E402

st.title("Train")
with messages.shown():
    text = inputs.current_text()
    vectors = None if text is None else inputs.current_vectors(text)
if text is None:
    st.info("There is no text yet. Bring one, or try the demo, on the Data page.", icon=":material/description:")
    session.offer("data", "Go to Data")
    st.stop()

waits = True
with messages.shown():
    waits = inputs.wait_for_vectors()
if waits:  # a form without the vectors would offer less than what is about to be there
    st.stop()
configs = form.choose(text.corpus, vectors)
wanted = identify(text.corpus, vectors, configs, session.workspace().runs)
is_asked, scored = form.ask(models.name_button(text.corpus, vectors, wanted), bool(wanted))
with messages.shown_here():
    if models.confirm(text.corpus, vectors, wanted, is_asked):
        models.start(text.corpus, vectors, wanted, scored)
models.show(text.corpus, wanted)
