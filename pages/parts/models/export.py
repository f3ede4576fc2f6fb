"""What can be taken away from a chosen run: its vectors in many formats, its recipe, and a program that makes it."""

from collections.abc import Sequence
from dataclasses import replace
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
from core.export.script import write_script
from core.export.table import REASONS, usual_rest
from core.models.embedding import Embedding, describe_run
from core.models.runs import is_whole
from core.progress import silent
from core.system.entries import is_here
from core.system.typed_json import encode_record
from core.workspace.asked_runs import Run
from core.workspace.demo_data import DEMO_FILE, DEMO_READING, counted_vectors
from core.workspace.texts import TextChoice, has_uploads, upload_names
from pages.parts.models import demo, report
from pages.shared import downloads, messages, progress, runs, session
from pages.shared.cached import model_cache, server

_ALONE, _MERGED = "The text's vocabulary", "All words of the pretrained file"


def show(chosen: Sequence[Run], names: dict[str, str]) -> None:
    """Draw it for one chosen run, or for two and more together, where they are finished."""
    whole = all(is_whole(run.id) for run in chosen)
    if len(chosen) == 1 and whole:
        _show_one(chosen[0], names[chosen[0].id])
    if len(chosen) == 2 and whole:
        report.show(chosen[0], chosen[1], names)
    demo.show(chosen if whole else (), names)


def _show_one(run: Run, name: str) -> None:
    st.header("Take it with you", anchor=False)
    vectors, recipe = st.tabs(["Export the vectors", "Make it again elsewhere"])
    with vectors, messages.shown_here():
        _export(run, name)
    with recipe, messages.shown_here():
        _recipe(run, name)


def _export(run: Run, name: str) -> None:
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
    if st.button("Prepare the file", icon=":material/build:", type="primary"):
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
    path, member = _pretrained_file(run)
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


def _pretrained_file(run: Run) -> tuple[Path | None, str | None]:
    workspace = session.workspace()
    for path, member in ((run.vectors_path, run.member), (workspace.vectors, workspace.member)):
        if path is not None and is_here(path):
            return path, member
    return None, None


def _recipe(run: Run, name: str) -> None:
    embedding = model_cache.run(run.id)
    st.markdown(
        "**run.json** holds the settings and names every input by its content. With the same files, "
        "`python -m core train --from run.json --text … --vectors … --out DIR` makes the same vectors, bit for bit, "
        "or says what differs."
    )
    downloads.offer("Download run.json", partial(run_json, run), "run.json", "application/json", "recipe-file")
    st.markdown("**Copy as Python**: a short program that makes the same vectors with Vectune's library.")
    st.code(_script(run, name, embedding), language="python", height=420)


def run_json(run: Run) -> str:
    """What made the run, with how its text was cut into documents, and which of them it is."""
    about = describe_run(model_cache.run(run.id))
    if run.source is not None:
        about = replace(about, reading=run.source.reading, part=run.source.part)
    return encode_record(about)


def _script(run: Run, name: str, embedding: Embedding) -> str:
    source = TextChoice("") if run.source is None else run.source
    files = upload_names(source.upload) if has_uploads(source.upload) else (run.text,)
    path, member = _pretrained_file(run)
    if source.reading == DEMO_READING and files == (DEMO_FILE,):
        files = ()
    # A name only: the folder may hold the visitor's token, which opens their workspace.
    place = Path("vectors") / path.name if path not in (None, counted_vectors()) else None
    return write_script(embedding, name, source.reading, part=source.part, files=files, vectors=place, member=member)
