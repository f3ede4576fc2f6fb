"""What the cache folder holds of everybody, and what of it can go without harm."""

import pandas as pd
import streamlit as st

from core.pretrained.files import vectors_folder
from core.pretrained.index import clear_indexes, delete_index, index_limit, list_indexes
from core.prose.numbers import readable_size
from core.system.files import cache_folder
from core.workspace.housekeeping import clear_remakeable, clear_unused, measure_parts
from core.workspace.vectors import free_bytes
from pages.shared import guards, messages
from pages.shared.cached import results, vectors_cache


def show_indexes() -> None:
    """The indexes of vectors files."""
    st.header("Indexes of vectors files", anchor=False)
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
        name = messages.plain(index.name) if index.name in known else "An uploaded file"
        text.markdown(f"{name} · {readable_size(index.size)}")
        button.button(
            "Delete",
            key=f"index-{index.folder.name}",
            icon=":material/delete:",
            width="stretch",
            on_click=guards.callback(delete_index),
            args=(index,),
        )
    if len(indexes) > 1:
        st.button("Delete all indexes", icon=":material/delete_sweep:", on_click=_delete_indexes)


@guards.callback
def _delete_indexes() -> None:
    clear_indexes()


def _visible_names() -> frozenset[str]:
    """Names of files that everybody is offered: visitors' uploads are nobody's business."""
    folders = (vectors_folder(), cache_folder("demo"))
    return frozenset(file.name for folder in folders for file in vectors_cache.vector_files(folder))


def show_parts() -> None:
    """The other parts of the cache folder, and what of them can go."""
    st.header("Storage", anchor=False)
    parts = measure_parts()
    st.caption(
        "Clearing never harms a text or model that somebody has. On the disk of the vectors folder, "
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
    buttons = st.container(horizontal=True)
    buttons.button(
        "Clear maps and other results",
        icon=":material/cleaning_services:",
        help="Maps, neighbours, noise, measured coverage and prepared downloads: made again when somebody needs them.",
        on_click=_clear_results,
    )
    buttons.button(
        f"Clear what nobody uses ({readable_size(unused)})",
        icon=":material/delete_sweep:",
        disabled=not unused,
        help="Texts and models that are in nobody's workspace any more, and older than an hour.",
        on_click=_clear_unused,
    )


@guards.callback
def _clear_results() -> None:
    clear_remakeable()
    results.forget_content()


@guards.callback
def _clear_unused() -> None:
    clear_unused()
