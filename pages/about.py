"""About: versions, licences, citations, privacy, and the button that erases everything."""

from pages.shared import session

session.require_app("about")

import streamlit as st  # noqa: E402

from pages.parts.about import statements  # noqa: E402
from pages.shared import login  # noqa: E402

st.title("About", anchor=False)
st.markdown(
    "**Vectune** answers one question about your own text: does it pay to fine-tune pretrained word vectors on it, "
    "rather than to train from scratch or to leave the vectors alone?"
)
login.offer_logout()
statements.show_link()
statements.show_privacy()
statements.show_citations()
statements.show_versions()
