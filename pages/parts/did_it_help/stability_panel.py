"""Stability over bootstraps of the documents: measured when asked for, because it costs trainings."""

import pandas as pd
import streamlit as st

from core.config import TrainConfig
from core.score.scorecard import Scorecard
from core.score.store import (
    STABILITY_RUNS,
    estimate_stability_seconds,
    load_stability,
    stability_id,
    stability_of,
)
from core.score.tables import stability_rows
from core.score.verdict import title
from pages.parts.did_it_help.form import Asked
from pages.shared import messages, presses, progress, session
from pages.shared.cached import server, text_cache


def show(asked: Asked, card: Scorecard) -> None:
    """What is known, and a button for what is not."""
    st.markdown(
        "Would a word have the same neighbours if your text were another sample of such documents? The model is "
        f"trained {STABILITY_RUNS} times on documents drawn anew from yours. The numbers say which share of a word's "
        "ten nearest neighbours two runs have in common, by how often the word occurs. Below 20 % think twice "
        "before reading much into a single neighbour."
    )
    wanted = _wanted(card)
    folders = asked.request.corpus_folder, asked.request.rows_folder
    ids = {name: stability_id(*folders, config) for name, config in wanted.items()}
    measured = {name: bands for name, each in ids.items() if (bands := load_stability(each)) is not None}
    if measured:
        number = st.column_config.NumberColumn(format="%.0f %%")
        table = pd.DataFrame(stability_rows(measured))
        st.dataframe(
            table,
            hide_index=True,
            placeholder="–",
            column_config={
                "Model": st.column_config.TextColumn(width="medium"),
                **{each: number for each in table.columns if each != "Model"},
            },
        )
    missing = {name: config for name, config in wanted.items() if name not in measured}
    if missing:
        _offer(missing, ids, asked)


def _wanted(card: Scorecard) -> dict[str, TrainConfig]:
    """The judged model and the best one from scratch, at the dose that was scored."""
    names = dict.fromkeys([card.chosen, *([card.scratch] if card.scratch else [])])
    return {title(card.model(name)): card.configs[name] for name in names}


def _offer(missing: dict[str, TrainConfig], ids: dict[str, str], asked: Asked) -> None:
    jobs = server.training_jobs()
    idle = {}
    for name, config in missing.items():
        status = progress.follow(jobs, ids[name])
        if status is None or not status.active:
            idle[name] = config
        if status is not None and status.state == "failed":
            st.error(f"{messages.plain(name)}: {messages.plain(status.error or 'it failed.')}", icon=":material/error:")
    listed = " and ".join(f"“{messages.plain(name)}”" for name in idle)
    if idle and presses.button(
        f"Measure {listed}", icon=":material/shuffle:", help=f"{STABILITY_RUNS} trainings for each model."
    ):
        for name, config in idle.items():
            jobs.forget(ids[name])
            jobs.submit(
                ids[name],
                f"Stability of {name}",
                stability_of,
                asked.request.corpus_folder,
                asked.request.rows_folder,
                config,
                watcher=session.visitor(),
                kind="stability",
                seconds=estimate_stability_seconds(text_cache.corpus(asked.request.corpus_folder), config),
                limit=asked.limit,
            )
        st.rerun()
