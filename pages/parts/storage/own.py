"""What a workspace keeps on this server, and what of it can go."""

import streamlit as st

from core.prose.numbers import count, readable_size
from core.system.files import cache_folder
from core.system.limits import BYTES_PER_WORKSPACE
from core.workspace.housekeeping import (
    delete,
    delete_runs,
    is_shared,
)
from core.workspace.room import measure, measure_workspace
from core.workspace.texts import upload_names
from core.workspace.uses import References
from core.workspace.vectors import upload_folder
from pages.shared import messages, session


def show_files() -> None:
    """What this visitor uploaded, and removed models, with buttons that delete them."""
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
