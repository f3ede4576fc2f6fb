"""Who uses how much."""

from collections import Counter
from datetime import datetime

import pandas as pd
import streamlit as st

from core.prose.numbers import count
from core.workspace.overview import list_uses, short_name
from pages.shared import session
from pages.shared.cached import server


def show() -> None:
    """A row for each workspace that holds something, the largest first."""
    st.header("Workspaces", anchor=False)
    uses = list_uses(session.last_visits())
    full = [use for use in uses if use.bytes or use.models]
    st.caption(
        f"{count('workspace', len(uses))} in all; those that keep nothing are not listed. What several refer to counts "
        "for each of them."
    )
    if not full:
        return
    jobs = Counter(short_name(entry.owner) for board in server.boards().values() for entry in board.entries())
    st.dataframe(
        pd.DataFrame(
            {
                "Workspace": [use.name for use in full],
                "Keeps": [use.bytes / 1e6 for use in full],
                "Models": [use.models for use in full],
                "Jobs now": [jobs[use.name] for use in full],
                "Last seen": [datetime.fromtimestamp(use.seen) for use in full],
            }
        ),
        hide_index=True,
        column_config={
            "Keeps": st.column_config.NumberColumn(format="%.1f MB"),
            "Last seen": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
    )
