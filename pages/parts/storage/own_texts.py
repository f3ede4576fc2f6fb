"""The texts that a visitor brought, with buttons that delete each with all that was made of it."""

import gc
from dataclasses import replace

import streamlit as st

from core.prose.numbers import count
from core.text.reading.text_names import propose_name
from core.workspace.erasure import TextRemoval, erase_text, plan_text_removal
from core.workspace.housekeeping import is_shared
from core.workspace.named_texts import list_texts
from core.workspace.texts import has_uploads, upload_names
from core.workspace.uses import named_by
from pages.parts.storage import confirm
from pages.shared import messages, session
from pages.shared.cached import results, server


def show() -> bool:
    """Draw a row for each text; whether there is any."""
    left = session.recall("left-undeleted")
    if left:
        session.remember("left-undeleted", 0)
        st.warning(
            f"{left:,} files and folders could not be deleted: this server's storage cannot be written. Tell whoever "
            "runs it.",
            icon=":material/error:",
        )
    workspace = session.workspace()
    uploads = [upload for upload in sorted(named_by(workspace).uploads) if has_uploads(upload)]
    for upload in uploads:
        removal = plan_text_removal(workspace, upload)
        in_use = ", in use" if workspace.text is not None and workspace.text.upload == upload else ""
        parts = sum(text.choice.upload == upload and text.choice.part is not None for text in workspace.texts)
        in_use += f", {count('part', parts)}" if parts else ""
        models = count("model", len(removal.runs)) if removal.runs else ""
        if confirm.ask(f"Text: {_title(upload)}{in_use}", "Delete this text", upload, _consequence(removal), models):
            _delete(removal)
    return bool(uploads)


def _title(upload: str) -> str:
    """The name of the text, where it is in the list, else that of its files."""
    named = next(
        (text for text in list_texts(session.workspace()) if text.choice.upload == upload and text.choice.part is None),
        None,
    )
    if named is not None:
        return named.name
    names: tuple[str, ...] = ()
    with messages.shown_here():
        names = upload_names(upload)
    return propose_name(names) if names else "a text"


def _consequence(removal: TextRemoval) -> str:
    models = count("model", len(removal.runs))
    made = f", with {models} made from it, scorecards and maps" if removal.runs else ""
    goes = f"The file and its words go{made}. Pinned words that no other model of yours knows go too."
    if is_shared(removal.upload, session.visitor()):
        return f"{goes} Another workspace or a saved demo has the same text: what they use stays theirs."
    return f"{goes} Your other texts and your vectors files stay."


def _delete(removal: TextRemoval) -> None:
    server.leave_jobs(session.visitor(), removal.digests)
    session.put(replace(removal.after, uploads=removal.before.uploads))  # whoever is killed finds it here again
    remember_left(erase_text(session.visitor(), removal).left)
    session.update(uploads=removal.after.uploads)
    session.remember("taken-upload", None)
    session.remember("taken-files", None)
    results.forget_content()
    gc.collect()
    st.rerun()


def remember_left(left: int) -> None:
    """So much could not be deleted: said when the page is drawn again."""
    session.remember("left-undeleted", left)
