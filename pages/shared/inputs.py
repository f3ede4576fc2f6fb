"""The text and the vectors in use, and the vectors files that this visitor may choose from."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.pretrained.files import VectorFile, vectors_folder
from core.pretrained.vectors import PretrainedVectors
from core.system.entries import is_here
from core.text.opened import Text
from core.workspace.demo_data import counted_vectors
from core.workspace.named_texts import list_texts, text_in_use
from core.workspace.vectors import upload_folder
from core.workspace.workspace import NamedText
from pages.shared import index_panel, messages, navigation, session
from pages.shared.cached import text_cache, vectors_cache


def current_text() -> Text | None:
    """The text in use as its options cut it, under the name that it has in this workspace.

    Raises:
        CorpusError: there is no word in it, or it is no longer kept.
    """
    text = text_in_use(session.workspace())
    return None if text is None else read_text(text)


def texts() -> tuple[NamedText, ...]:
    """All texts of this workspace, in the order in which they came."""
    return list_texts(session.workspace())


def read_text(text: NamedText) -> Text:
    """A text of this workspace, in use or not, under its name; one that is not kept is read now, by a child.

    Raises:
        CorpusError: there is no word in it, or its uploads are no longer kept.
    """
    read = text_cache.text(text.choice)
    return replace(read, corpus=replace(read.corpus, name=text.name))


def chosen_file() -> VectorFile | None:
    """The chosen file where it can be used."""
    file = find_chosen(vectors_files(), quietly=True)
    return None if file is None or file.problem else file


def waiting_for() -> str | None:
    """What must be finished before training can use the chosen vectors; None when all is ready."""
    if not demo_is_built():
        return "The demo's vectors are still being built; this is done once."
    file = find_chosen(vectors_files(), quietly=True)
    if file is not None and not file.problem and index_panel.is_awaited(file):
        return "The vectors file is being indexed; this is done once."
    return None


def wait_for_vectors() -> bool:
    """Where the chosen vectors are not ready, say so and how far they are; gives whether that is so."""
    waiting = waiting_for()
    if waiting is None:
        return False
    st.info(messages.plain(waiting), icon=":material/hourglass:")
    file = chosen_file()
    if file is None:
        navigation.offer("data", "See how far it is")
    else:
        index_panel.follow(file)
    return True


def is_ready() -> bool:
    """False only while the chosen vectors are still being built or indexed."""
    return waiting_for() is None


def current_vectors(text: Text) -> PretrainedVectors | None:
    """The rows of the chosen file that `text`, any text, needs; None when no file is chosen or it is not ready yet.

    Raises:
        PretrainedError: the file cannot be used.
    """
    workspace = session.workspace()
    if workspace.vectors is None or not is_ready():
        return None
    path = workspace.vectors
    if not is_here(path):
        return None
    file = find_chosen(vectors_files(), quietly=True)
    indexed = file is not None and not file.problem and index_panel.has_index(file)
    return _read_rows(path, workspace.member, indexed, text)


def rows_of(file: VectorFile, text: Text) -> PretrainedVectors:
    """The rows that `text` needs of a file, in use or not.

    Raises:
        PretrainedError: the file cannot be used.
    """
    return _read_rows(file.path, file.member, index_panel.has_index(file), text)


def _read_rows(path: Path, member: str | None, indexed: bool, text: Text) -> PretrainedVectors:
    return vectors_cache.pretrained(path, member, path.stat().st_mtime_ns, indexed, text.corpus)


def name_file(file: VectorFile) -> str:
    """What people call it."""
    return "Demo vectors, Wikipedia excerpt" if file.path == counted_vectors() else file.name


def demo_is_built() -> bool:
    """False only while the demo's vectors are chosen and still being built."""
    return session.workspace().vectors != counted_vectors() or counted_vectors().exists()


def vectors_files() -> list[VectorFile]:
    """What this visitor may choose from: the vectors folder, own uploads, the demo's vectors once they are built."""
    folders = [vectors_folder(), upload_folder(session.visitor())]
    if counted_vectors().exists():
        folders.append(counted_vectors().parent)
    return [file for folder in folders for file in vectors_cache.vector_files(folder)]


def find_chosen(files: Sequence[VectorFile], quietly: bool = False) -> VectorFile | None:
    """The chosen one of `files`, usable or not; says so on the page, unless `quietly`, where it is gone."""
    workspace = session.workspace()
    if workspace.vectors is None or not demo_is_built():
        return None
    path = workspace.vectors
    found = [file for file in files if file.path == path and workspace.member in (None, file.member)]
    if not found and not quietly:
        st.warning(f"{messages.plain(path.name)} is no longer there. Choose another file.")
    return found[0] if found else None
