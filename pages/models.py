"""Models: every model of this workspace; rename, export, report, share, remove, make again."""

from pages.shared import session

session.require_app("models")

import streamlit as st  # noqa: E402

from pages.parts.models import studies, table  # noqa: E402
from pages.shared import messages  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402
from pages.shared.steps import missing  # noqa: E402
from pages.shared.texts import pair_panel  # noqa: E402

st.title("Models", anchor=False)
workspace = session.workspace()
if not (workspace.runs or workspace.removed or workspace.studies):
    with messages.shown():
        missing.offer_models("There is no model here yet.")
    run_ends.end_page()
pair_panel.show()
if workspace.runs or workspace.removed:
    table.show()
studies.show()
