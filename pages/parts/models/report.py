"""A report on two runs, and their maps as a picture for a paper."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import streamlit as st

from core.comparison.kept_noise import find_measured
from core.comparison.noise_plan import NoisePlan, asked_kinds
from core.export.orders import ReportOrder, file_name, find_report, make_report
from core.maps.estimates import estimate_report_seconds
from core.workspace.asked_runs import Run
from core.workspace.scores.reported_pair import find_pair_score, kept_documents, order_pair
from pages.shared import downloads, messages, noise_panel, presses, progress, runs, session
from pages.shared.cached import model_cache, server


def show(first: Run, second: Run, names: Mapping[str, str]) -> None:
    """Have the two files made, then offer them. The older of the two is on the left."""
    workspace = session.workspace()
    pair = left, right = order_pair(first, second, workspace.left)
    pins = workspace.pins
    titles = names[left.id], names[right.id]
    noise = _noise((left.id, right.id))
    st.caption(
        f"**{messages.plain(titles[0])}** on the left, **{messages.plain(titles[1])}** on the right. The report is one "
        "file that opens without a network: both maps with their tooltips, the words that moved, the scorecard if it "
        "was made, a paragraph on the method for a paper, settings, versions, digests and how to cite. "
        + ("It quotes the text for each pinned word. " if pins else "Pin words, and it quotes the text for each. ")
        + ("" if noise else "Measure the noise on the page What changed first, and it says which words moved more. ")
        + "The picture for a paper is vector graphics with real "
        "text; it labels "
        + ("the pinned words." if pins else "frequent words that have room, or the words you pin on the Maps page.")
    )
    today = date.today()
    order = ReportOrder(
        left.id,
        right.id,
        titles,
        pins,
        f"{today.day} {today:%B %Y}",
        find_pair_score(workspace.score.shown, pair, workspace.runs, names),
        noise,
        inputs=(left.inputs, right.inputs),
        kept=(kept_documents(left), kept_documents(right)),
        texts=runs.texts_of_pair(pair),
    )
    folder = find_report(order)
    if folder is not None:
        _offer(folder, file_name(*titles))
        return
    jobs, key = server.map_jobs(), f"report {order!r}"
    if presses.button("Prepare the report", about=key, icon=":material/build:", type="primary"):
        jobs.forget(key)
        jobs.submit(
            key,
            "Writing the report",
            make_report,
            order,
            watcher=session.visitor(),
            kind="report",
            seconds=estimate_report_seconds(model_cache.run(left.id), model_cache.run(right.id)),
        )
    status = progress.follow(jobs, key)
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "It failed."), icon=":material/error:")


def _noise(runs: tuple[str, str]) -> NoisePlan | None:
    """What was measured of the noise between these two, if anything was, whichever was on the left then."""
    plan = noise_panel.plan_of(runs, (model_cache.run(runs[0]), model_cache.run(runs[1])))
    wanted = [asked_kinds(plan), *((kind,) for kind in plan.kinds)]
    return next((found for kinds in wanted if kinds and (found := find_measured(plan, kinds))), None)


def _offer(folder: Path, stem: str) -> None:
    with st.container(horizontal=True):
        report, maps = folder / "report.html", folder / "maps.svg"
        downloads.offer("Report (HTML)", report.read_bytes, f"{stem}.html", "text/html", "report-file", type="primary")
        downloads.offer("Maps for a paper (SVG)", maps.read_bytes, f"{stem}.svg", "image/svg+xml", "maps-file")
