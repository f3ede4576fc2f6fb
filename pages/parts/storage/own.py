"""What a workspace keeps on this server, and what of it can go."""

from pathlib import Path

import streamlit as st

from core.prose.numbers import count, readable_size
from core.system.limits import BYTES_PER_WORKSPACE
from core.workspace.erasure import erase_runs, erase_vectors_file
from core.workspace.room import measure, measure_workspace
from core.workspace.uses import References
from core.workspace.vectors import upload_folder
from pages.parts.storage import confirm, own_texts
from pages.shared import session
from pages.shared.cached import results

_VECTORS_GO = "The file and its index go; models made with it stay."
_REMOVED_GO = "Removing them can then not be undone. What another workspace or a saved demo uses stays theirs."


def show_files() -> None:
    """What this visitor uploaded, and removed models, with buttons that delete them."""
    has_texts = own_texts.show()
    folder = upload_folder(session.visitor())
    files = sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []
    for path in files:
        title, size = f"Vectors: {path.name}", readable_size(path.stat().st_size)
        if confirm.ask(title, f"Delete {path.name}", path.name, _VECTORS_GO, size):
            _delete_vectors(path)
    if not has_texts and not files:
        st.caption("You have not uploaded anything.")
    _offer_removed()


def show_size() -> None:
    """How much this workspace keeps, of how much it may."""
    size = measure_workspace(session.visitor(), session.workspace())
    st.markdown(f"You keep **{readable_size(size)}** of {readable_size(BYTES_PER_WORKSPACE.value)}.")


def _offer_removed() -> None:
    removed = frozenset(each.run.id for removal in session.workspace().removed for each in removal)
    removed -= {run.id for run in session.workspace().runs}
    if not removed:
        return
    title = f"{count('removed model', len(removed))}, kept so that removing can be undone"
    if confirm.ask(title, "Delete for good", "removed", _REMOVED_GO, readable_size(measure(References(runs=removed)))):
        session.update(removed=())
        _finish(erase_runs(removed).left)


def _delete_vectors(path: Path) -> None:
    if session.workspace().vectors == path:
        session.update(vectors=None, member=None)
    _finish(erase_vectors_file(session.visitor(), path.name))


def _finish(left: int) -> None:
    own_texts.remember_left(left)
    results.forget_content()
    st.rerun()
