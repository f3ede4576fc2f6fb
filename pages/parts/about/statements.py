"""What the About page says: privacy and erasing, what to cite, versions and licences."""

import gc

import pandas as pd
import streamlit as st

from core.prose.about import PRIVACY, PRIVACY_WITH_A_STORE, installed_packages
from core.prose.citations import all_works
from core.prose.numbers import count
from core.system.store.address import find_store
from core.workspace.erasure import Erased, erase_workspace
from pages.shared import presses, session
from pages.shared.cached import results, server


def show_privacy() -> None:
    """The statement, and the button that erases this workspace."""
    st.header("Privacy", anchor="privacy")
    for heading, text in PRIVACY if find_store() is None else PRIVACY_WITH_A_STORE:
        st.markdown(f"**{heading}.** {text}")
    erased = session.recall("erased")
    if erased is not None:
        session.remember("erased", None)
        st.success(_describe(erased), icon=":material/check:")
        if erased.left:
            st.warning(
                f"{erased.left:,} of its files and folders could not be deleted: this server's storage cannot be "
                "written. When whoever runs it has made it writable, they go at its next start.",
                icon=":material/error:",
            )
    if not session.may_write():
        st.caption("You look at somebody's workspace: who has its own link can erase it here.")
        return
    with st.popover("Erase my data", icon=":material/delete_forever:"):
        st.markdown(
            "Erases this workspace: its texts, vectors files, models, scorecards, pinned words and saved demos. What "
            "somebody else's workspace uses as well stays theirs. **This cannot be undone.**"
        )
        # not of `presses`: a press that was lost is given again, and one that came late could not be taken back
        if st.button("Erase everything now", type="primary", icon=":material/delete_forever:"):
            _erase()


def show_link() -> None:
    """The links of this workspace: one to look, and a new one in the place of those that were given away."""
    if not session.may_write():
        return
    st.header("Your link", anchor="link")
    st.markdown(
        "The address in your browser opens this workspace for whoever has it, to see and to change everything. Give "
        "away a link to look instead: it shows the same, and what is changed there lasts as long as the tab."
    )
    buttons = st.container(horizontal=True)
    if presses.button("Make a link to look", place=buttons, icon=":material/visibility:"):
        session.remember("link-to-look", session.share_to_look())
    if presses.button(
        "Renew my link", place=buttons, icon=":material/autorenew:", help="All links that were given away end."
    ):
        session.renew_link()
        session.remember("link-to-look", None)
        st.success("The address in your browser is new. Earlier links no longer open this workspace.")
    link = session.recall("link-to-look")
    if link:
        st.code(link, language=None, wrap_lines=True)


def _erase() -> None:
    server.leave_jobs(session.visitor())
    try:
        session.remember("erased", erase_workspace(session.visitor()))
    finally:
        results.forget_content()
    session.renew()
    gc.collect()  # models in circles of references would hold their deleted files for minutes
    st.rerun()


def _describe(erased: Erased) -> str:
    counts = [
        (erased.texts, "text"),
        (erased.models, "model"),
        (erased.scorecards, "scorecard"),
        (erased.vectors_files, "vectors file"),
        (erased.demos, "demo"),
    ]
    named = [count(what, number) for number, what in counts if number]
    return f"Erased: {', '.join(named) or 'there was nothing but settings'}. You have a new, empty workspace."


def show_citations() -> None:
    """What to cite."""
    st.header("What this rests on", anchor="citations")
    st.caption(
        "Please cite the works behind the models you use. A report from the Models page lists those of its models."
    )
    for citation in all_works():
        st.markdown(f"**{citation.role}.** {citation.text} [{citation.url.removeprefix('https://')}]({citation.url})")


def show_versions() -> None:
    """Packages, versions, licences."""
    st.header("Versions and licences", anchor="versions")
    table = pd.DataFrame(installed_packages(), columns=["Package", "Version", "Licence"])
    st.dataframe(table, hide_index=True, height="content")
    st.caption(
        "Vectune is under the MIT licence. The demo's news text and Wikipedia excerpt come with gensim; Wikipedia's "
        "text is under CC BY-SA."
    )
