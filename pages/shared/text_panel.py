"""The left half of the Data page: upload, paste or demo, and what is in the text."""

from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from core.config import MIN_COUNT
from core.corpus import CorpusOptions
from core.demo import DEMO_READING, demo_uploads
from core.documents import ReadOptions
from core.texts import Text, keep_uploads
from core.uploads import Upload
from pages.shared import cached, messages, session, vectors_panel

_UNITS = {
    "auto": "Guess",
    "file": "A file",
    "line": "A line",
    "paragraph": "A paragraph",
}
_PREVIEW_DOCUMENTS, _PREVIEW_LETTERS = 5, 220


def choose() -> None:
    """Draw what brings a text, and what a document of it is. A bad text is named and the one in use stays."""
    if session.workspace().upload is None:
        _offer()
        return
    with st.expander("Use another text", icon=":material/swap_horiz:"):
        _offer()
    _ask_unit()


def current() -> Text | None:
    """The text of this workspace as its options cut it.

    Raises:
        CorpusError: there is no word in it.
    """
    workspace = session.workspace()
    if workspace.upload is None:
        return None
    return cached.text(workspace.upload, ReadOptions(**workspace.reading), CorpusOptions(**workspace.tokenising))


def _offer() -> None:
    if session.workspace().upload is None:
        st.button(
            "Try the demo",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_take_demo,
            help="300 news documents, and vectors counted from an excerpt of Wikipedia. Needs no network.",
        )
        st.caption("300 short news documents with ready vectors. Or bring your own:")
    elif st.button("Try the demo", icon=":material/play_arrow:", on_click=_take_demo):
        pass
    files = st.file_uploader(
        "Upload text files",
        type=["txt", "md"],
        accept_multiple_files=True,
        key="text-files",
        help="Plain text in any common encoding. Several files become one text.",
    )
    if files:
        with messages.shown_here():
            _take([Upload(file.name, file.getvalue()) for file in files])
    pasted = st.text_area("Or paste text", height=120, key="pasted-text", placeholder="Paste a text here …")
    if st.button("Use this text", disabled=not pasted):
        with messages.shown_here():
            _take([Upload("pasted text", pasted.encode("utf-8", "surrogatepass"))])


def _take(uploads: list[Upload], reading: ReadOptions = ReadOptions()) -> None:
    """Open `uploads`; they replace the workspace's text only when they can be read, so nothing is lost otherwise."""
    digest = keep_uploads(uploads)
    if session.recall("taken-upload") == digest:
        return  # the uploader hands the same files over on every rerun
    tokenising = CorpusOptions(**session.workspace().tokenising)
    cached.text(digest, reading, tokenising)
    session.remember("taken-upload", digest)
    session.update(upload=digest, reading=asdict(reading))
    st.rerun()


def _take_demo() -> None:
    digest = keep_uploads(demo_uploads())
    session.remember("taken-upload", digest)
    session.update(upload=digest, reading=asdict(DEMO_READING), **vectors_panel.demo_choice())


def _ask_unit() -> None:
    workspace = session.workspace()
    unit = st.segmented_control(
        "A document is",
        list(_UNITS),
        format_func=_UNITS.__getitem__,
        default=workspace.reading.get("unit", "auto"),
        required=True,
        help="Held-out tests, noise estimates and citations count in documents.",
    )
    if unit != workspace.reading.get("unit", "auto"):
        session.update(reading={**workspace.reading, "unit": unit})
        st.rerun()


def describe(text: Text) -> None:
    """Counts, the most frequent words and a preview."""
    corpus, reading = text.corpus, text.reading
    for problem in reading.problems:
        st.warning(f"{problem.file}: {problem.message}")
    how = "guessed" if reading.guessed else "chosen"
    st.caption(f"**{corpus.name}** · one document per {reading.unit} ({how}){_encodings(reading.encodings)}")
    boxes = st.columns(4)
    vocabulary = corpus.vocabulary_size(int(MIN_COUNT.default))
    for box, (name, value, help_text) in zip(
        boxes,
        [
            ("Documents", corpus.n_documents, None),
            ("Sentences", corpus.n_sentences, None),
            ("Tokens", corpus.n_tokens, "A token is one occurrence of a word."),
            ("Vocabulary", len(corpus.words), f"Different words; {vocabulary:,} of them occur at least twice."),
        ],
        strict=True,
    ):
        box.metric(name, f"{value:,}", help=help_text)
    words, preview = st.tabs(["20 most frequent words", "Preview"])
    with words:
        st.dataframe(_frequent(text), hide_index=True, height=248)
    with preview:
        for document in reading.documents[:_PREVIEW_DOCUMENTS]:
            shortened = document.text[:_PREVIEW_LETTERS] + ("…" if len(document.text) > _PREVIEW_LETTERS else "")
            st.text(f"{document.name}\n{shortened}")


def _encodings(encodings: Any) -> str:
    used = sorted(set(encodings.values()))
    return f" · read as {', '.join(used)}" if used else ""


def _frequent(text: Text) -> pd.DataFrame:
    corpus = text.corpus
    counts = corpus.counts[:20]
    return pd.DataFrame(
        {"Word": corpus.words[:20], "Count": counts, "Share of tokens": counts / corpus.n_tokens}
    ).style.format({"Share of tokens": "{:.1%}", "Count": "{:,}"})
