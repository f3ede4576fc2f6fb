"""What leaves the Study page: study.json, as the command line writes it, and the list as CSV."""

import streamlit as st

from core.comparison.study.record import describe_study
from core.comparison.study.shown import ShownStudy
from core.comparison.study.table import write_study_csv
from core.system.typed_json import encode_record
from pages.shared import downloads
from pages.shared.cached import study_cache


def show(shown: ShownStudy) -> None:
    """Two buttons."""

    def as_json() -> str:
        kept = shown.kept
        record = describe_study(kept.study, kept.tokens, kept.trajectories, shown.steps, shown.from_first)
        return encode_record(record, indent=None)

    def as_csv() -> bytes:
        rankings = study_cache.study_ranking(shown), study_cache.study_ranking(shown, "first")
        return write_study_csv(shown.study, shown.kept.trajectories, study_cache.study_table(shown), *rankings)

    with st.container(horizontal=True):
        downloads.offer("The list as CSV", as_csv, "study.csv", "text/csv", "study-csv")
        downloads.offer(
            "study.json",
            as_json,
            "study.json",
            "application/json",
            "study-json",
            help="Everything: texts, words, changes, noise, what moved. The same as `python -m core study` writes.",
        )
