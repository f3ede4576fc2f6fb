"""The Runs page's table, and what can be done with the chosen rows."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.config import TrainConfig
from core.methods import METHODS
from core.models.runs import has_run, is_whole, repeat_run, run_folder
from core.prose.numbers import count
from core.score.store import latest_cloze
from core.workspace.records import inputs
from pages.parts.runs import export
from pages.shared import cached, progress, runs, session

_UNDO_LIMIT = 20
_LONGEST_NAME = 200


def show() -> None:
    """Filter, table, actions."""
    records = session.workspace().runs
    names = runs.names(records)
    wanted = st.text_input(
        "Filter",
        placeholder="Part of a name, strategy, text or vectors file",
        key="run-filter",
        icon=":material/search:",
    )
    rows = [record for record in records if _matches(record, names[record["id"]], wanted)]
    if not rows:
        st.caption("No run matches." if records else "All runs were removed.")
    else:
        chosen = _choose(rows, names)
        _act(rows, names, chosen)
        export.show(chosen, names)
    _offer_undo()
    for record in records:
        if has_run(record["id"]) and not is_whole(record["id"]):
            st.warning(
                f"{names[record['id']]}: the files in `{run_folder(record['id'])}` were changed or cut short, so this "
                "run is left out of comparisons. Remove it and train it again."
            )


def _matches(record: dict[str, Any], name: str, wanted: str) -> bool:
    haystack = " ".join(map(str, (name, record["config"]["strategy"], record["text"], record["vectors"]))).lower()
    return all(part in haystack for part in wanted.lower().split())


def _state(record: dict[str, Any]) -> str:
    if has_run(record["id"]):
        return "finished" if is_whole(record["id"]) else "damaged"
    status = cached.training_jobs().status(record["id"])
    return "interrupted" if status is None else status.state


def _score(record: dict[str, Any]) -> float | None:
    cloze = latest_cloze(*inputs(record), TrainConfig(**record["config"]))
    return None if cloze is None else 100 * cloze


def _vectors(record: dict[str, Any]) -> str:
    """The vectors file that the run was made from; a strategy that uses none has none."""
    return str(record["vectors"] or "") if METHODS[record["config"]["strategy"]].needs_vectors else ""


def _choose(rows: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    states = [_state(record) for record in rows]
    embeddings = [
        cached.run(record["id"]) if state == "finished" else None for record, state in zip(rows, states, strict=True)
    ]
    table = pd.DataFrame(
        {
            "Name": [names[record["id"]] for record in rows],
            "Strategy": [METHODS[record["config"]["strategy"]].name for record in rows],
            "Text": [record["text"] for record in rows],
            "When": [datetime.fromtimestamp(record["asked"]) for record in rows],
            "Seconds": [None if each is None else each.sources.seconds for each in embeddings],
            "Score": [_score(record) for record in rows],
            "Vectors": [_vectors(record) for record in rows],
            "Dimensions": [record["config"]["vector_size"] for record in rows],
            "Words": [None if each is None else len(each.words) for each in embeddings],
            "Dose": [None if each is None else each.dose for each in embeddings],
            "State": states,
        }
    )
    chosen = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=_table_key(rows),
        placeholder="",
        column_config=_columns(),
    )
    return [rows[place] for place in chosen["selection"]["rows"] if place < len(rows)]


def _table_key(rows: list[dict[str, Any]]) -> str:
    """Another one whenever the rows change: the table remembers ticks by place, where another run would stand then."""
    ids = [record["id"] for record in rows]
    before, times = session.recall("run-table-rows", (ids, 0))
    if ids != before:
        times += 1
    session.remember("run-table-rows", (ids, times))
    return f"run-table-{times}"


def _columns() -> dict[str, Any]:
    """Together as wide as a page of 1280 pixels."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "Name": text(width=250),
        "Strategy": text(width=108),
        "Text": text(width=98),
        "When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=128),
        "Seconds": number(format="%.1f", width=70, help="How long training took."),
        "Score": number(
            format="%.1f %%",
            width=62,
            help="How often the right word was preferred on held-out text, in the newest scorecard with this run; "
            "guessing gives 50 %.",
        ),
        "Vectors": text(width=92),
        "Dimensions": number(width=84),
        "Words": number(format="localized", width=60),
        "Dose": number(format="%.3f", width=54, help="Share of the fine-tuned change that was kept."),
        "State": text(width=70),
    }


def _act(rows: list[dict[str, Any]], names: dict[str, str], chosen: list[dict[str, Any]]) -> None:
    if not chosen:
        st.caption("Tick one run to rename, check or remove it; tick two to open them in Compare.")
        return
    whole = [record for record in chosen if is_whole(record["id"])]
    compare, remove, again, _ = st.columns([2, 2, 3, 4])
    if compare.button("Open in Compare", icon=":material/compare:", disabled=len(whole) != 2 or len(chosen) != 2):
        session.update(left=whole[0]["id"], right=whole[1]["id"])
        session.go("compare")
    if remove.button(f"Remove {len(chosen)}", icon=":material/delete:"):
        _remove(chosen)
    if len(chosen) != 1:
        return
    record = chosen[0]
    if again.button(
        "Train again and compare",
        icon=":material/replay:",
        disabled=not whole,
        help="Makes the model once more from its inputs and settings and checks that every bit is the same.",
    ):
        _repeat(record, names[record["id"]])
    _show_repeat(record)
    given = names[record["id"]][:_LONGEST_NAME]  # the field cuts what is longer, which is no wish to rename
    name = st.text_input("Name", value=given, key=f"name-{record['id']}", max_chars=_LONGEST_NAME)
    if name.strip() and name != given:
        renamed = [
            {**each, "title": name.strip()} if each["id"] == record["id"] else each for each in session.workspace().runs
        ]
        session.update(runs=renamed)
        st.rerun()
    with st.expander("How it was made"):
        st.json({"config": record["config"], "text": record["text"], "vectors": record["vectors"]})


def _remove(chosen: list[dict[str, Any]]) -> None:
    ids = {record["id"] for record in chosen}
    jobs = cached.training_jobs()
    for identity in ids:
        jobs.cancel(identity, session.visitor())
    workspace = session.workspace()
    gone = [{**record, "place": place} for place, record in enumerate(workspace.runs) if record["id"] in ids]
    session.update(
        runs=[record for record in workspace.runs if record["id"] not in ids],
        removed=[gone, *workspace.removed][:_UNDO_LIMIT],
    )
    st.rerun()


def _offer_undo() -> None:
    removed = session.workspace().removed
    if not removed:
        return
    label = f"Undo removing {count('run', len(removed[0]))}"
    if st.button(label, icon=":material/undo:"):
        runs = list(session.workspace().runs)
        known = {record["id"] for record in runs}
        for record in removed[0]:
            if record["id"] not in known:
                place = record.get("place", len(runs))
                runs.insert(place, {key: value for key, value in record.items() if key != "place"})
        session.update(runs=runs, removed=removed[1:])
        st.rerun()


def _repeat(record: dict[str, Any], name: str) -> None:
    jobs = cached.training_jobs()
    key = f"repeat {record['id']}"
    jobs.forget(key)
    jobs.submit(
        key,
        f"Training {name} again",
        repeat_run,
        *inputs(record),
        TrainConfig(**record["config"]),
        record["id"],
        watcher=session.visitor(),
        limit=record["limit"],
    )


def _show_repeat(record: dict[str, Any]) -> None:
    jobs = cached.training_jobs()
    key = f"repeat {record['id']}"
    status = progress.follow(jobs, key)
    if status is None or status.active:
        return
    if status.state == "failed":
        st.error(status.error or "It failed.")
    elif status.state == "done" and jobs.result(key, 1):
        st.success("The vectors came out the same, bit for bit.", icon=":material/check:")
    elif status.state == "done":
        st.error(
            "The vectors came out differently. Compare the versions in “How it was made” with today's; another "
            "version of numpy or gensim, or another kind of processor, can change the last bits."
        )
