"""The left half of the Data page: upload, paste or demo; a text that takes long is read in the background."""

from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import Cancelled, CorpusError
from core.text.opened import Text
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import LIMITS, Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.room import check_kept
from core.workspace.texts import (
    TextChoice,
    has_text,
    keep_uploads,
    name_uploads,
    propose_reading,
)
from pages.parts.data import options
from pages.shared import inputs, messages, presses, session
from pages.shared.cached import server
from pages.shared.texts import demo, reading

_PATIENCE = 2.0
"""Seconds that a visitor waits for a small text without seeing how far it is."""
_PROPOSING_PATIENCE = 30.0
_FREQUENT = 200
_FORMATS = (
    ".txt .md .csv .tsv .json .jsonl .xlsx .xls .ods .html .xml .docx .pptx .rtf .odt .epub .pdf .eml .mbox .srt .vtt "
    ".tex .bib .ris .wiki .org .rst .ipynb, and .zip, .tar or .gz of these"
)


def choose() -> None:
    """Draw what brings a text. A bad text is named and those that there are stay."""
    reading.follow()
    if session.workspace().text is None:
        _offer()
        return
    with st.expander("Add another text", icon=":material/add:"):
        _offer()


def adjust(text: Text | None) -> None:
    """Draw how the text is read and cut into words; another choice replaces the text once it is read so."""
    choice = session.workspace().text
    if choice is None or session.workspace().pending:
        return
    if text is None:
        if presses.button("Read it with the usual options", about=choice.key, icon=":material/restart_alt:"):
            session.use_text(TextChoice(choice.upload, part=choice.part))
            st.rerun()
        return
    reading = options.choose_reading(text.reading, choice.reading)
    tokenising = options.choose_tokenising(choice.tokenising, inputs.chosen_file(), text.corpus.words[:_FREQUENT])
    wanted = replace(choice, reading=reading, tokenising=tokenising)
    if wanted != choice:
        with messages.shown_here():
            adopt(wanted)
            st.rerun()


def adopt(wanted: TextChoice) -> None:
    """Make this the workspace's text: at once where a background job reads it in a moment, else when it has.

    It replaces the text in use only when it can be read, so nothing is lost otherwise.

    Raises:
        CorpusError: there is no word in it.
    """
    if not has_text(wanted):
        session.update(pending=wanted)  # before it is waited for: whoever leaves meanwhile finds it on the next page
        try:
            if not _reads_soon(wanted):
                return
        except CorpusError:
            session.update(pending=None)
            raise
    session.use_text(wanted)


def adopt_tokenising(tokenising: CorpusOptions) -> None:
    """Cut the text in use in another way.

    Raises:
        CorpusError: no word would be left.
    """
    choice = session.workspace().text
    assert choice is not None
    adopt(replace(choice, tokenising=tokenising))


def adopt_column(column: str) -> None:
    """Read the text in use again, with another column of its table as the text.

    Raises:
        CorpusError: it cannot be read.
    """
    choice = session.workspace().text
    assert choice is not None
    reading = choice.reading
    label = None if reading.label_column == column else reading.label_column
    adopt(replace(choice, reading=replace(reading, text_column=column, label_column=label)))


def adopt_line_ends(words: Sequence[str]) -> None:
    """Read the text in use again, with these words written so where line ends divide them.

    Raises:
        CorpusError: it cannot be read.
    """
    choice = session.workspace().text
    assert choice is not None
    adopt(replace(choice, reading=replace(choice.reading, line_ends=(*choice.reading.line_ends, *words))))


def _reads_soon(wanted: TextChoice) -> bool:
    """Have the text read; False when that takes longer than a visitor is to wait without seeing how far it is."""
    seconds = reading.submit(wanted)
    patience = _PATIENCE if seconds < _PATIENCE else 0.0
    try:
        with st.spinner("Reading the text …"):
            server.text_jobs().result(wanted.key, patience)
    except (TimeoutError, Cancelled, CancelledError):
        return False
    return True


def _propose(upload: str) -> ReadOptions:
    """How to read kept uploads; the usual way where they do not let themselves be looked at."""
    jobs, key = server.text_jobs(), f"propose {upload}"
    jobs.submit(
        key, "Looking at the file", propose_reading, upload, watcher=session.visitor(), kind="preview", seconds=0.5
    )
    try:
        with st.spinner("Looking at the file …"):
            proposed: ReadOptions = jobs.result(key, _PROPOSING_PATIENCE)
    except (CorpusError, TimeoutError, Cancelled, CancelledError):  # reading it will say what is wrong
        jobs.cancel(key, session.visitor())
        return ReadOptions()
    return proposed


def _offer() -> None:
    first = session.workspace().text is None
    demo.offer(is_first=first)
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
        if presses.button("Use this text", disabled=not pasted):
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
    session.check_own()
    check_kept(session.visitor(), session.workspace(), sum(len(upload.data) for upload in uploads))
    digest, before = name_uploads(uploads), session.workspace().text
    if session.recall("taken-upload") == digest and before is not None and before.upload == digest:
        return
    session.bring(digest)  # before anything is kept: what is erased meanwhile takes it along
    keep_uploads(uploads)
    tokenising = CorpusOptions() if before is None else before.tokenising
    adopt(TextChoice(digest, _propose(digest), tokenising))
    session.remember("taken-upload", digest)
    session.remember("taken-files", identities)
    if identities is not None:
        session.remember("uploads-taken", session.recall("uploads-taken", 0) + 1)
    st.rerun()
