"""Did it help? Scores on text that the models have not seen, and what they mean."""

from pages.shared import session

session.require_app("did_it_help")

import streamlit as st  # noqa: E402

from pages.parts.did_it_help import details, form, job, verdict  # noqa: E402
from pages.shared import messages  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402

st.title("Did it help?", anchor=False)
st.caption("Each model is trained once more on a part of the text, then asked about text that it has not seen.")
asked = None
with messages.shown():
    asked = form.choose()
if asked is None:
    run_ends.end_page()
found = None
with messages.shown():
    found = job.find(asked)
if found is None:
    run_ends.end_page()
verdict.show(found)
details.show(asked, found)
