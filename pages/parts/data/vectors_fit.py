"""How much of the text each vectors file covers, side by side, so that users can choose."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.pretrained.files import VectorFile
from core.prose.numbers import readable_size
from core.workspace.vectors import Fit, Fits


def compare(files: Sequence[VectorFile], fits: Fits) -> None:
    """A table of all files, those that know most of the text first. Nothing where there is no choice."""
    if len(files) < 2:
        return
    rows = [(file, fits.get((file.path, file.member), Fit())) for file in files]
    rows.sort(key=lambda row: (-row[1].tokens, row[0].name))
    with st.expander(f"Compare the {len(files)} files", icon=":material/table_rows:"):
        st.dataframe(
            pd.DataFrame(
                {
                    "File": [file.name for file, _ in rows],
                    "Covers": [None if fit.problem else 100 * fit.tokens for _, fit in rows],
                    "Dimensions": [file.vector_size for file, _ in rows],
                    "Words": [say_words(file) for file, _ in rows],
                    "Size": [readable_size(file.size) for file, _ in rows],
                    "Of the words": [None if fit.problem else 100 * fit.types for _, fit in rows],
                    "Kind": [file.kind for file, _ in rows],
                }
            ),
            hide_index=True,
            column_config={
                "Covers": st.column_config.ProgressColumn(
                    help="Share of the text's tokens that have a vector.", format="%.1f %%", min_value=0, max_value=100
                ),
                "Of the words": st.column_config.NumberColumn(
                    help="Share of the text's different words.", format="%.1f %%"
                ),
                "Words": st.column_config.TextColumn(
                    help="As the file says; “about” where it is estimated from its size.", alignment="right"
                ),
            },
        )


def say_words(file: VectorFile) -> str:
    """How many words a file has, and whether that is an estimate: some formats do not say it at their beginning."""
    return f"{'' if file.declared is not None else 'about '}{file.vocabulary:,}"
