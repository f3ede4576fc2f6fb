"""A report on two runs, and their maps as a picture for a paper."""

from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

from core.downloads import file_name, find_report, make_report
from core.report import Pair
from pages.shared import cached, progress, session


def show(left: str, right: str, names: dict[str, str]) -> None:
    """Have the two files made, then offer them.

    Raises:
        RunError: a stored model is damaged.
        ComparisonError: the two share too few words.
    """
    embeddings = cached.run(left), cached.run(right)
    pair = Pair((names[left], names[right]), *embeddings, cached.comparison(left, right, *embeddings))
    pins = tuple(pin for pin in session.workspace().pins if pin in frozenset(pair.comparison.words))
    st.subheader("Report on the two", anchor=False)
    st.caption(
        f"**{pair.names[0]}** on the left, **{pair.names[1]}** on the right. The report is one file that opens without "
        "a network: both maps with their tooltips, the words that moved, settings, versions, digests and how to cite. "
        "The picture for a paper is vector graphics with real text; it labels "
        + ("the pinned words." if pins else "frequent words that have room, or the words you pin on the Compare page.")
    )
    today = date.today()
    order = (pair, pins, f"{today.day} {today:%B %Y}")
    folder = find_report(*order)
    if folder is not None:
        _offer(folder, file_name(*pair.names))
        return
    jobs, key = cached.map_jobs(), f"report {left} {right} {pins!r} {names[left]} {names[right]}"
    if st.button("Prepare the report", icon=":material/build:", type="primary"):
        jobs.forget(key)
        jobs.submit(key, "Writing the report", lambda report: make_report(report, *order), watcher=session.visitor())
    status = progress.follow(jobs, key)
    if status is not None and status.state == "failed":
        st.error(status.error or "It failed.", icon=":material/error:")


def _offer(folder: Path, stem: str) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Report (HTML)",
            data=partial((folder / "report.html").open, "rb"),
            file_name=f"{stem}.html",
            mime="text/html",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )
        st.download_button(
            "Maps for a paper (SVG)",
            data=partial((folder / "maps.svg").open, "rb"),
            file_name=f"{stem}.svg",
            mime="image/svg+xml",
            icon=":material/download:",
            on_click="ignore",
        )
