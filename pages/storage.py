"""Storage: what a workspace keeps on this server, and what of it can go."""

from pages.shared import session

session.require_app("storage")

import streamlit as st  # noqa: E402

from pages.parts.storage import own  # noqa: E402
from pages.shared import messages  # noqa: E402

st.title("Storage", anchor=False)
st.caption(
    "Only whoever has the link of this workspace can see these. Deleting never harms anybody else's texts, vectors or "
    "models. Your models are on the Models page."
)
for show in (own.show_size, own.show_files):
    with messages.shown_here():
        show()
