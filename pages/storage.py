"""Storage: what the app keeps on disk, and what of it can go."""

from pages.shared import session

session.require_app("storage")

import streamlit as st  # noqa: E402

from pages.parts.storage import contents  # noqa: E402
from pages.shared import messages  # noqa: E402

st.title("Storage")
st.caption("What Vectune keeps on this server's disk. Deleting never harms anybody else's texts, vectors or models.")
for show in (contents.show_size, contents.show_own, contents.show_indexes, contents.show_parts):
    with messages.shown_here():
        show()
