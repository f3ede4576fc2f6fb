"""What is on disk: the visitor's own files, indexes of vectors files, and what can be made again or is not used."""

import pandas as pd
import streamlit as st

from core.pretrained.files import vectors_folder
from core.pretrained.index import clear_indexes, delete_index, index_limit, list_indexes
from core.prose.numbers import count, readable_size
from core.system.files import cache_folder
from core.system.limits import BYTES_PER_WORKSPACE
from core.workspace.housekeeping import (
    clear_remakeable,
    clear_unused,
    delete,
    delete_runs,
    is_shared,
    measure_parts,
)
from core.workspace.room import measure, measure_workspace
from core.workspace.texts import upload_names
from core.workspace.uses import References
from core.workspace.vectors import free_bytes, upload_folder
from pages.shared import cached, messages, session


def show_own() -> None:
    """What this visitor uploaded, with buttons that delete it."""
    st.subheader("Yours", anchor=False)
    st.caption("Only whoever has the link of this workspace can see these. Your models are on the Runs page.")
    workspace, nothing = session.workspace(), True
    if workspace.text is not None:
        nothing = False
        names = None
        with messages.shown_here():
            names = upload_names(workspace.text.upload)
        title = "The text" if not names else names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        if _confirmed(f"Text: {title}", "Delete this text", "text"):
            _delete_text(workspace.text.upload)
    folder = upload_folder(session.visitor())
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        nothing = False
        if _confirmed(f"Vectors: {path.name}", f"Delete {path.name}", path.name, readable_size(path.stat().st_size)):
            delete(path)
            if workspace.vectors == path:
                session.update(vectors=None, member=None)
            st.rerun()
    if nothing:
        st.caption("You have not uploaded anything.")
    _offer_removed()


def show_size() -> None:
    """How much this workspace keeps, of how much it may."""
    size = measure_workspace(session.visitor(), session.workspace())
    st.markdown(f"You keep **{readable_size(size)}** of {readable_size(BYTES_PER_WORKSPACE.value)}.")


def _offer_removed() -> None:
    removed = {each.run.id for removal in session.workspace().removed for each in removal}
    removed -= {run.id for run in session.workspace().runs}
    if not removed:
        return
    title = f"{count('removed model', len(removed))}, kept so that removing can be undone"
    size = readable_size(measure(References(runs=frozenset(removed))))
    if _confirmed(title, "Delete for good", "removed", size, models_stay=False):
        session.update(removed=())
        delete_runs(removed)
        st.rerun()


def _delete_text(upload: str) -> None:
    session.update(text=None, pending=None)
    session.remember("taken-upload", None)
    session.remember("taken-files", None)
    if not is_shared(upload, session.visitor()):
        delete(cache_folder("uploads", upload))
    st.rerun()


def _confirmed(title: str, question: str, key: str, size: str = "", models_stay: bool = True) -> bool:
    """A row with a Delete button that asks once more."""
    with st.container(border=True):
        text, button = st.columns([5, 1], vertical_alignment="center")
        text.markdown(messages.plain(title) + (f" · {size}" if size else ""))
        with button.popover("Delete", icon=":material/delete:", width="stretch"):
            st.markdown("This cannot be undone." + (" Models made from it stay." if models_stay else ""))
            return st.button(messages.plain(question), type="primary", key=f"delete-{key}")


def show_indexes() -> None:
    """The indexes of vectors files."""
    st.subheader("Indexes of vectors files", anchor=False)
    st.caption(
        "They let vectors files open at once, and are built again when needed. Together they may take "
        f"{readable_size(index_limit())}; those unused for longest go first."
    )
    indexes = list_indexes()
    if not indexes:
        st.caption("There are none.")
        return
    known = _visible_names()
    for index in indexes:
        text, button = st.columns([5, 1], vertical_alignment="center")
        name = messages.plain(index.name) if index.name in known else "A file that is not in the vectors folder"
        text.markdown(f"{name} · {readable_size(index.size)}")
        if button.button("Delete", key=f"index-{index.folder.name}", icon=":material/delete:", width="stretch"):
            delete_index(index)
            st.rerun()
    if len(indexes) > 1 and st.button("Delete all indexes", icon=":material/delete_sweep:"):
        clear_indexes()
        st.rerun()


def _visible_names() -> frozenset[str]:
    """Names that this visitor may see: other visitors' uploads are nobody's business."""
    folders = (vectors_folder(), upload_folder(session.visitor()), cache_folder("demo"))
    return frozenset(file.name for folder in folders for file in cached.vector_files(folder))


def show_parts() -> None:
    """The other parts of the cache folder, and what of them can go."""
    st.subheader("Everything else", anchor=False)
    parts = measure_parts()
    st.caption(
        "What everybody keeps on this server, you among them. On the disk of the vectors folder, "
        f"{readable_size(free_bytes())} are free."
    )
    if not parts:
        st.caption("There is nothing yet.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "What": [part.title for part in parts],
                "Entries": [part.entries for part in parts],
                "Size": [readable_size(part.bytes) for part in parts],
                "Not used any more": [
                    f"{part.unused_entries:,} ({readable_size(part.unused_bytes)})" if part.unused_entries else ""
                    for part in parts
                ],
            }
        ),
        hide_index=True,
    )
    unused = sum(part.unused_bytes for part in parts)
    remake, clear = st.columns(2)
    if remake.button(
        "Clear maps and other results",
        icon=":material/cleaning_services:",
        help="Maps, measured coverage and prepared downloads: made again when needed.",
    ):
        clear_remakeable()
        st.rerun()
    if clear.button(
        f"Clear what nobody uses ({readable_size(unused)})",
        icon=":material/delete_sweep:",
        disabled=not unused,
        help="Texts and models that are in nobody's workspace any more, and older than an hour.",
    ):
        clear_unused()
        st.rerun()
