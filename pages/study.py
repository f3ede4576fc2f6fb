"""Study: several texts in a row, which words changed from one to the next, and when."""

from pages.shared import session

session.require_app("study")

import streamlit as st  # noqa: E402

from pages.parts.study import answer, downloads, explore, form, job, pair  # noqa: E402
from pages.shared import messages  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402

st.title("Study", anchor=False)
st.caption(
    "Several texts in a row, such as decades, authors or genres: which words changed from text to text, and when."
)
asked = None
with messages.shown():
    asked = form.choose()
if asked is None:
    run_ends.end_page()
shown = None
with messages.shown():
    shown = job.find(asked)
if shown is None:
    run_ends.end_page()
with messages.shown():
    answer.show(shown)
    job.measure(asked, shown)
    explore.show(shown)
    pair.offer(asked, shown)
    downloads.show(shown)
