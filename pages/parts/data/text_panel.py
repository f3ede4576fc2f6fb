"""The left half of the Data page: upload, paste or demo; a text that takes long is read in the background."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.text.opened import Text, propose_options
from core.text.reading.uploads import LIMITS, Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.demo_data import DEMO_READING, demo_uploads
from core.workspace.demo_sessions import BUILT_IN, has_demo
from core.workspace.room import check_kept
from core.workspace.texts import (
    TextChoice,
    estimate_reading_seconds,
    has_text,
    keep_text,
    keep_uploads,
    reads_quickly,
)
from pages.parts.data import options, vectors_panel
from pages.shared import cached, guards, inputs, messages, progress, session

_FORMATS = ".txt .md .csv .tsv .jsonl .xlsx .xls .ods .html .docx .pdf, and .zip or .gz of these"


def choose() -> None:
    """Draw what brings a text, and how it is read. A bad text is named and the one in use stays."""
    _follow_pending()
    if session.workspace().text is None:
        _offer()
        return
    with st.expander("Use another text", icon=":material/swap_horiz:"):
        _offer()


def adjust(text: Text | None) -> None:
    """Draw how the text is read and cut into words; another choice replaces the text once it is read so."""
    choice = session.workspace().text
    if choice is None or session.workspace().pending:
        return
    if text is None:
        if st.button("Read it with the usual options", icon=":material/restart_alt:"):
            session.update(text=TextChoice(choice.upload))
            st.rerun()
        return
    is_new = session.recall("taken-upload") == choice.upload
    reading = options.choose_reading(text.reading, choice.reading, ask=is_new)
    wanted = TextChoice(choice.upload, reading, options.choose_tokenising(choice.tokenising, inputs.chosen_file()))
    if wanted != choice:
        with messages.shown_here():
            adopt(wanted)
            st.rerun()


def adopt(wanted: TextChoice) -> None:
    """Make this the workspace's text: at once where that is quick, else when a background job has read it.

    It replaces the text in use only when it can be read, so nothing is lost otherwise.

    Raises:
        CorpusError: there is no word in it.
    """
    if has_text(wanted) or reads_quickly(wanted.upload):
        cached.text(wanted)
        session.update(text=wanted, pending=None)
    else:
        _submit(wanted)
        session.update(pending=wanted)


def adopt_tokenising(tokenising: CorpusOptions) -> None:
    """Cut the text in use in another way.

    Raises:
        CorpusError: no word would be left.
    """
    choice = session.workspace().text
    assert choice is not None
    adopt(replace(choice, tokenising=tokenising))


def _submit(wanted: TextChoice) -> None:
    jobs = cached.reading_jobs()
    jobs.forget(wanted.key)
    jobs.submit(
        wanted.key,
        "Reading the text",
        keep_text,
        wanted,
        watcher=session.visitor(),
        kind="reading",
        seconds=estimate_reading_seconds(wanted.upload),
    )


def _follow_pending() -> None:
    pending = session.workspace().pending
    if pending is None:
        return
    if has_text(pending):
        session.update(text=pending, pending=None)
        st.rerun()
    jobs, key = cached.reading_jobs(), pending.key
    if jobs.status(key) is None:  # the server was restarted meanwhile
        with messages.shown_here():
            _submit(pending)
    status = progress.follow(jobs, key)
    if status is None or status.active:
        return
    if status.state == "failed":
        st.error(messages.plain(status.error or "The text could not be read."), icon=":material/error:")
        if st.button("Dismiss"):
            session.update(pending=None)
            st.rerun()
    else:
        st.caption("Reading the text was cancelled.")
        again, dismiss = st.columns(2)
        if again.button("Read it after all", icon=":material/refresh:"):
            _submit(pending)
            st.rerun()
        if dismiss.button("Dismiss"):
            session.update(pending=None)
            st.rerun()


def _offer() -> None:
    first = session.workspace().text is None
    st.button(
        "Try the demo",
        type="primary" if first else "secondary",
        icon=":material/play_arrow:",
        on_click=_take_demo,
        help="300 news documents, and vectors counted from an excerpt of Wikipedia. Needs no network.",
    )
    if first:
        st.caption("300 short news documents with ready vectors. Or bring your own:")
    files, folder, paste = st.tabs(["Files", "Folder", "Paste"])
    megabytes = LIMITS.file_bytes // 1_000_000
    with files:
        chosen = st.file_uploader(
            "Upload text files",
            accept_multiple_files=True,
            key=_uploader_key("text-files"),
            max_upload_size=megabytes,
            help=f"{_FORMATS}. Several files become one text. Encodings are found out.",
        )
        st.caption(f"{_FORMATS}; several files become one text.")
        _take_files(chosen)
    with folder:
        chosen = st.file_uploader(
            "Upload a folder",
            accept_multiple_files="directory",
            key=_uploader_key("text-folder"),
            max_upload_size=megabytes,
            help="Every file in it and in the folders below it. Files without text are named and left out.",
        )
        _take_files(chosen)
    with paste:
        pasted = st.text_area("Or paste text", height=120, key="pasted-text", placeholder="Paste a text here …")
        if st.button("Use this text", disabled=not pasted):
            with messages.shown_here():
                _take([Upload("pasted text", pasted.encode("utf-8", "surrogatepass"))])


def _uploader_key(name: str) -> str:
    """An uploader of its own for each text: the last one still holds its files, and another text is to replace them."""
    taken = session.recall("uploads-taken", 0)
    return f"{name}-{taken}" if taken else name


def _take_files(files: Sequence[Any] | None) -> None:
    # The uploader hands the same files over on every rerun; their ids spare reading them again.
    identities = [file.file_id for file in files or ()]
    if not files or session.recall("taken-files") == identities:
        return
    with messages.shown_here():
        _take([Upload(file.name, file.getvalue()) for file in files], identities)


def _take(uploads: list[Upload], identities: list[str] | None = None) -> None:
    check_kept(session.visitor(), session.workspace(), sum(len(upload.data) for upload in uploads))
    digest = keep_uploads(uploads)
    if session.recall("taken-upload") == digest:
        return
    before = session.workspace().text
    tokenising = CorpusOptions() if before is None else before.tokenising
    adopt(TextChoice(digest, propose_options(uploads), tokenising))
    session.remember("taken-upload", digest)
    session.remember("taken-files", identities)
    if identities is not None:
        session.remember("uploads-taken", session.recall("uploads-taken", 0) + 1)
    st.rerun()


@guards.callback
def _take_demo() -> None:
    """At once with its models and maps where `make demo` has prepared them."""
    if has_demo(BUILT_IN):
        session.open_demo(BUILT_IN)
        session.remember("demo-page", "compare")
        return
    digest = keep_uploads(demo_uploads())
    session.remember("taken-upload", digest)
    session.update(text=TextChoice(digest, DEMO_READING), pending=None)
    vectors_panel.choose_demo()
