"""A chosen model made again: whether every bit is the same, how it was made, and what makes it elsewhere."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from core.export.script import write_script
from core.models.embedding import Embedding, describe_run
from core.models.runs import repeat_run
from core.system.typed_json import encode_record
from core.workspace.asked_runs import Run, training_kind
from core.workspace.demo_data import DEMO_FILE, DEMO_READING, counted_vectors
from core.workspace.texts import TextChoice, has_uploads, upload_names
from pages.parts.models import export
from pages.shared import downloads, messages, presses, progress, runs, session
from pages.shared.cached import model_cache, server


def show(run: Run, name: str) -> None:
    """Draw it for a finished model.

    Raises:
        RunError: it is damaged.
    """
    embedding = model_cache.run(run.id)
    if presses.button(
        "Train again and compare",
        about=run.id,
        icon=":material/replay:",
        help="Makes the model once more from its inputs and settings and checks that every bit is the same.",
    ):
        _repeat(run, name)
    _show_repeat(run)
    with st.expander("How it was made"):
        st.json({"config": run.config.as_dict(), "text": runs.text_names([run])[run.id], "vectors": run.vectors})
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
    path, member = export.find_pretrained_file(run)
    if source.reading == DEMO_READING and files == (DEMO_FILE,):
        files = ()
    # A name only: the folder may hold the visitor's token, which opens their workspace.
    place = Path("vectors") / path.name if path not in (None, counted_vectors()) else None
    return write_script(embedding, name, source.reading, part=source.part, files=files, vectors=place, member=member)


def _repeat(run: Run, name: str) -> None:
    jobs = server.training_jobs()
    key = f"repeat {run.id}"
    jobs.forget(key)
    jobs.submit(
        key,
        f"Training {name} again",
        repeat_run,
        *run.inputs,
        run.config,
        run.id,
        watcher=session.visitor(),
        kind=training_kind(run.config),
        seconds=run.seconds,
        limit=run.limit,
    )


def _show_repeat(run: Run) -> None:
    jobs = server.training_jobs()
    key = f"repeat {run.id}"
    status = progress.follow(jobs, key)
    if status is None or status.active:
        return
    if status.state == "failed":
        st.error(messages.plain(status.error or "It failed."))
    elif status.state == "done" and jobs.result(key, 1):
        st.success("The vectors came out the same, bit for bit.", icon=":material/check:")
    elif status.state == "done":
        st.error(
            "The vectors came out differently. Compare the versions in “How it was made” with today's; another "
            "version of numpy or gensim, or another kind of processor, can change the last bits."
        )
