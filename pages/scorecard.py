"""Scorecard: did it help? Scores on text that the models have not seen, and what they mean."""

from pages.shared import session

session.require_app("scorecard")

import streamlit as st  # noqa: E402

from pages.shared import messages, scorecard_details, scorecard_form, scorecard_job, scorecard_verdict  # noqa: E402

st.title("Scorecard")
st.caption(
    "Did it help? Each model is trained once more on a part of the text, then asked about documents it has not seen."
)
asked = None
with messages.shown():
    asked = scorecard_form.choose()
if asked is None:
    st.stop()
found = None
with messages.shown():
    found = scorecard_job.find(asked)
if found is None:
    st.stop()
scorecard_verdict.show(found)
scorecard_details.show(asked, found)
