"""Models: every model of this workspace; rename, export, report, share, remove, make again."""

from pages.shared import session

session.require_app("models")

import streamlit as st  # noqa: E402

from pages.parts.models import studies, table  # noqa: E402
from pages.shared.texts import pair_panel  # noqa: E402

st.title("Models")
workspace = session.workspace()
if not (workspace.runs or workspace.removed or workspace.studies):
    st.info("No model has been made here yet. Bring a text, or try the demo.", icon=":material/description:")
    session.offer("data", "Go to Data")
    st.stop()
pair_panel.show()
if workspace.runs or workspace.removed:
    table.show()
studies.show()
