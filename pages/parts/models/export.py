"""The vectors of a chosen model, to be taken away in many formats."""

from functools import partial
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from core.export.format_texts import FORMAT_TEXTS, FORMATS
from core.export.orders import (
    QUICK_VALUES,
    ExportOrder,
    estimate_export_seconds,
    file_name,
    find_export,
    make_export,
)
from core.export.table import REASONS, usual_rest
from core.models.embedding import Embedding
from core.progress import silent
from core.system.entries import is_here
from core.workspace.asked_runs import Run
from pages.shared import downloads, messages, presses, progress, runs, session
from pages.shared.cached import model_cache, server

_ALONE, _MERGED = "The text's vocabulary", "All words of the pretrained file"


def show(run: Run, name: str) -> None:
    """The form, and the download.

    Raises:
        RunError: the model is damaged.
    """
    embedding = model_cache.run(run.id)
    order = _ask(run, name, embedding)
    st.caption(f"Opens with {FORMAT_TEXTS[order.format].opens}")
    small = order.vectors is None and embedding.vectors.size <= QUICK_VALUES
    ready = find_export(order)
    if small or ready is not None:
        ending = FORMAT_TEXTS[order.format].ending
        two_files = order.counts and not FORMAT_TEXTS[order.format].holds_counts
        name = f"{order.name}{'.zip' if two_files else ending}"
        mime = "application/octet-stream"
        downloads.offer("Download", partial(_open, order), name, mime, "export-file", type="primary")
        return
    jobs, key = server.reading_jobs(), f"export {order!r}"
    if presses.button("Prepare the file", about=key, icon=":material/build:", type="primary"):
        jobs.forget(key)
        jobs.submit(
            key,
            "Writing the file",
            make_export,
            order,
            watcher=session.visitor(),
            kind="export",
            seconds=estimate_export_seconds(order, embedding.vectors.size),
        )
    status = progress.follow(jobs, key)
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "It failed."), icon=":material/error:")


def _open(order: ExportOrder) -> BinaryIO:
    """The finished file; runs when the download is clicked."""
    path = find_export(order) or make_export(silent, order).files[0]
    return path.open("rb")


def _ask(run: Run, name: str, embedding: Embedding) -> ExportOrder:
    columns = st.columns([3, 3.5, 2.5], vertical_alignment="bottom")
    format = columns[0].selectbox(
        "Format",
        FORMATS,
        format_func=lambda each: FORMAT_TEXTS[each].name,
        key="export-format",
        persist_state="session",
    )
    path, member = find_pretrained_file(run)
    scope = columns[1].segmented_control(
        "Words",
        [_ALONE, _MERGED],
        default=_ALONE,
        required=True,
        disabled=path is None,
        key="export-scope",
        help="For a program that must know every word of the language: the model's words and all others of the file."
        if path is not None
        else "To add all other words of a pretrained file, choose that file on the Data page.",
    )
    holds = FORMAT_TEXTS[format].holds_counts
    counts = columns[2].checkbox(
        "With counts",
        value=holds,
        key=f"export-counts-{holds}",
        help="How often each word occurs in the text."
        if holds
        else "How often each word occurs in the text. The format has no place for it: a second file in the same zip, "
        "as word2vec and GloVe write it.",
    )
    text = runs.text_names([run])[run.id]
    stem = file_name(name) if text in name else file_name(name, text)
    if scope != _MERGED or path is None:
        return ExportOrder(run.id, stem, format, counts)
    rest = usual_rest(embedding.config.strategy)
    if rest == "untouched":
        moved = st.toggle(
            "Move the other words along",
            key="export-moved",
            help="Fine-tuning changes the text's words only. This turns, scales and shifts the others by the movement "
            "that the text's words made on the whole.",
        )
        rest = "moved" if moved else rest
    st.caption(REASONS[rest])
    return ExportOrder(run.id, f"{stem}-merged", format, counts, path, member, rest)


def find_pretrained_file(run: Run) -> tuple[Path | None, str | None]:
    """The vectors file from which a model started, or the chosen one, and the file inside it; None where neither is."""
    workspace = session.workspace()
    for path, member in ((run.vectors_path, run.member), (workspace.vectors, workspace.member)):
        if path is not None and is_here(path):
            return path, member
    return None, None
