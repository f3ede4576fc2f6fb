"""Admin: what this server does and holds, for whoever runs it; opened by the token in the server's environment."""

from pages.shared import session

session.require_app("admin")

import streamlit as st  # noqa: E402

from pages.parts.admin import door, limits, now, storage, workers, workspaces  # noqa: E402
from pages.shared import messages  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402

st.title("Admin", anchor=False)
if not session.is_admin():
    door.ask()
    run_ends.end_page()
door.show_open()
for show in (
    now.show_numbers,
    now.show_jobs,
    workers.show,
    workspaces.show,
    limits.show,
    storage.show_parts,
    storage.show_indexes,
    now.show_failures,
):
    with messages.shown_here():
        show()
