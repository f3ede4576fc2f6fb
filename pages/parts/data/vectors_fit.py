"""How much of the text each vectors file covers, side by side, so that users can choose."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.models.runs import keep_corpus
from core.pretrained.files import VectorFile
from core.progress import silent
from core.prose.numbers import readable_size
from core.text.corpus import Corpus
from core.workspace.vectors import Fit, Fits, estimate_fits_seconds, known_fit, measure_fits, read_quickly
from pages.shared import progress, session
from pages.shared.cached import server


def measure(files: Sequence[VectorFile], corpus: Corpus) -> Fits:
    """What is known of each file by now; the rest is found out, in the background where it takes long."""
    unknown = [file for file in files if known_fit(file, corpus.digest) is None]
    if unknown and read_quickly(unknown):
        measure_fits(silent, unknown, keep_corpus(corpus))
    elif unknown:
        jobs, key = server.reading_jobs(), f"coverage {corpus.digest} {[file.name for file in unknown]}"
        if jobs.status(key) is None:
            jobs.submit(
                key,
                "Measuring coverage",
                measure_fits,
                unknown,
                keep_corpus(corpus),
                watcher=session.visitor(),
                kind="coverage",
                seconds=estimate_fits_seconds(unknown),
            )
        progress.follow(jobs, key)
    fits = {(file.path, file.member): known_fit(file, corpus.digest) for file in files}
    return {key: fit for key, fit in fits.items() if fit is not None}


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
                    "Words": [file.vocabulary for file, _ in rows],
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
                "Words": st.column_config.NumberColumn(
                    help="As the file says, or estimated from its size.", format="localized"
                ),
            },
        )
