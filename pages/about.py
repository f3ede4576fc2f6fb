"""About: versions, licences, citations, privacy, and the button that erases everything."""

from pages.shared import session

session.require_app("about")

import streamlit as st  # noqa: E402

from pages.parts.about import statements  # noqa: E402
from pages.shared import login  # noqa: E402

st.title("About")
st.markdown(
    "**Vectune** answers one question about your own text: does fine-tuning pretrained word vectors on it give "
    "something better than training from scratch, or than leaving them alone?"
)
login.offer_logout()
statements.show_privacy()
statements.show_citations()
statements.show_versions()
