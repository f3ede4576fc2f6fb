"""The index of the chosen vectors file, built in the background, and its state."""

import streamlit as st

from core.pretrained.files import VectorFile
from core.pretrained.index import build_index, estimate_index_seconds, open_index
from core.system.jobs.job import JobStatus
from core.workspace.vectors import QUICK_BYTES, needs_index
from pages.shared import messages, presses, progress, session
from pages.shared.cached import server


def has_index(file: VectorFile) -> bool:
    """Whether the file as it is now has an index."""
    return open_index(file) is not None


def is_awaited(file: VectorFile) -> bool:
    """Whether the file waits for its index, which is being built."""
    status = _status(file)
    return needs_index(file) and status is not None and status.active and not has_index(file)


def follow(file: VectorFile) -> None:
    """Build the index where it is worth it, show how far it is, and what went wrong."""
    if has_index(file):
        st.caption(":material/bolt: Indexed: it opens at once, with the whole vocabulary for neighbours.")
        return
    status = _status(file)
    large = max(file.size, file.unpacked) > QUICK_BYTES
    if status is None and large:
        _start(file)
        st.rerun()
    status = progress.follow(server.reading_jobs(), _key(file))
    if status is None or status.active:
        if status is not None:
            st.caption("Indexing the file once, so that it opens at once from now on.")
        return
    if status.state == "failed":
        st.warning(messages.plain(status.error or "The index could not be built."), icon=":material/warning:")
    else:
        st.caption("The index was cancelled: the file is read without one, which takes longer each time.")
    if presses.button("Build the index", about=_key(file), icon=":material/bolt:"):
        _start(file)
        st.rerun()


def offer(file: VectorFile) -> None:
    """Build the index when the user asks for it, however small the file."""
    if _status(file) is not None:
        follow(file)
    elif presses.button("Index the whole file", icon=":material/bolt:", type="primary", key=f"offer {_key(file)}"):
        _start(file)
        st.rerun()


def _start(file: VectorFile) -> None:
    jobs, key = server.reading_jobs(), _key(file)
    jobs.forget(key)
    jobs.submit(
        key,
        f"Indexing {file.name}",
        build_index,
        file.path,
        file.member,
        watcher=session.visitor(),
        kind="index",
        seconds=estimate_index_seconds(file),
    )


def _status(file: VectorFile) -> JobStatus | None:
    return server.reading_jobs().status(_key(file))


def _key(file: VectorFile) -> str:
    return f"index {file.path} {file.member} {file.size} {file.vocabulary}"
