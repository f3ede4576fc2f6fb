"""Storage: what the app keeps on disk, and what of it can go."""

from pages.shared import session

session.require_app("storage")

import streamlit as st  # noqa: E402

from pages.shared import messages, storage_panel  # noqa: E402

st.title("Storage")
st.caption("What Vectune keeps on this server's disk. Deleting never harms anybody else's texts, vectors or models.")
for show in (storage_panel.show_own, storage_panel.show_indexes, storage_panel.show_parts):
    with messages.shown_here():
        show()
