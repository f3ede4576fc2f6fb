"""A report on two runs, and their maps as a picture for a paper."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import streamlit as st

from core.comparison.noise import NoisePlan, has_noise
from core.export.orders import ReportOrder, file_name, find_report, make_report
from core.maps.estimates import estimate_report_seconds
from core.score.store import has_score, model_key
from core.workspace.asked_runs import Run
from pages.shared import cached, downloads, messages, noise_panel, progress, session


def show(left: Run, right: Run, names: dict[str, str]) -> None:
    """Have the two files made, then offer them. What is on the left in Compare is so in the report."""
    if right.id == session.workspace().left:
        left, right = right, left
    pins = session.workspace().pins
    titles = names[left.id], names[right.id]
    noise = _noise((left.id, right.id))
    st.subheader("Report on the two", anchor=False)
    st.caption(
        f"**{messages.plain(titles[0])}** on the left, **{messages.plain(titles[1])}** on the right. The report is one "
        "file that opens without a network: both maps with their tooltips, the words that moved, the scorecard if it "
        "was made, settings, versions, digests and how to cite. "
        + ("" if noise else "Measure the noise on the Words page first, and it says which words moved more. ")
        + "The picture for a paper is vector graphics with real "
        "text; it labels "
        + ("the pinned words." if pins else "frequent words that have room, or the words you pin on the Compare page.")
    )
    today = date.today()
    day = f"{today.day} {today:%B %Y}"
    order = ReportOrder(left.id, right.id, titles, pins, day, _score((left, right), names), noise)
    folder = find_report(order)
    if folder is not None:
        _offer(folder, file_name(*titles))
        return
    jobs, key = cached.map_jobs(), f"report {order!r}"
    if st.button("Prepare the report", icon=":material/build:", type="primary"):
        jobs.forget(key)
        jobs.submit(
            key,
            "Writing the report",
            make_report,
            order,
            watcher=session.visitor(),
            kind="report",
            seconds=estimate_report_seconds(cached.run(left.id), cached.run(right.id)),
        )
    status = progress.follow(jobs, key)
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "It failed."), icon=":material/error:")


def _noise(runs: tuple[str, str]) -> NoisePlan | None:
    """What was measured of the noise between these two, if it was."""
    plan = noise_panel.plan_of(runs, (cached.run(runs[0]), cached.run(runs[1])))
    return plan if plan.kinds and has_noise(plan) else None


def _score(pair: Sequence[Run], names: dict[str, str]) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The scorecard that was shown last, where it is of the same text."""
    shown = session.workspace().score.shown
    if shown is None or {run.corpus_folder.name for run in pair} != {shown.text} or not has_score(shown.identity):
        return None
    keys = {model_key(run.config): names[run.id] for run in session.workspace().runs}
    return shown.identity, tuple(sorted(keys.items()))


def _offer(folder: Path, stem: str) -> None:
    with st.container(horizontal=True):
        report, maps = folder / "report.html", folder / "maps.svg"
        downloads.offer("Report (HTML)", report.read_bytes, f"{stem}.html", "text/html", "report-file", type="primary")
        downloads.offer("Maps for a paper (SVG)", maps.read_bytes, f"{stem}.svg", "image/svg+xml", "maps-file")
