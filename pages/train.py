"""Train: choose models and settings, and watch them being made."""

from pages.shared import session

session.require_app("train")

import streamlit as st  # noqa: E402

from core.workspace.asked_runs import identify  # noqa: E402
from pages.parts.train import form, models  # noqa: E402
from pages.shared import inputs, messages  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402
from pages.shared.steps import best_vectors, missing, training  # noqa: E402

st.title("Train", anchor=False)
with messages.shown():
    text = inputs.current_text()
    if text is not None and not best_vectors.settle(text):
        run_ends.end_page()
    vectors = None if text is None else inputs.current_vectors(text)
if text is None:
    with messages.shown():
        missing.has_text("There is nothing to train on yet.")
    run_ends.end_page()

waits = True
with messages.shown():
    waits = inputs.wait_for_vectors()
if waits:  # a form without the vectors would offer less than what is about to be there
    run_ends.end_page()
configs = form.choose(text.corpus, vectors)
wanted = identify(text.corpus, vectors, configs, session.workspace().runs)
is_asked, scored = form.ask(training.name_button(text.corpus, vectors, wanted), wanted)
with messages.shown_here():
    if models.confirm(text.corpus, vectors, wanted, is_asked):
        models.start(text.corpus, vectors, wanted, scored)
models.show(text.corpus, wanted)
