"""The limits in force, each with the variable that sets it."""

import os

import pandas as pd
import streamlit as st

from core.pretrained.index import LIMIT_VARIABLE, index_limit
from core.prose.numbers import readable_size
from core.system.limits import SERVER_LIMITS
from core.text.reading.uploads import limits_from


def show() -> None:
    """A table."""
    st.header("Limits in force", anchor=False)
    uploads = limits_from(os.environ)
    rows = [
        (limit.title, readable_size(limit.value) if limit.is_bytes else f"{limit.value:,}", limit.variable)
        for limit in SERVER_LIMITS
    ]
    rows += [
        ("One uploaded file of a text", readable_size(uploads.file_bytes), "VECTUNE_MAX_FILE_BYTES"),
        ("All files of a text", readable_size(uploads.total_bytes), "VECTUNE_MAX_TOTAL_BYTES"),
        ("Indexes of vectors files", readable_size(index_limit()), LIMIT_VARIABLE),
    ]
    st.dataframe(pd.DataFrame(rows, columns=["What", "At most", "Variable"]), hide_index=True, height="content")
    st.caption("Set in the server's environment; a change counts from the next start.")
