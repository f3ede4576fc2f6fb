"""Words on the maps: the chosen ones, a table of all of them, and those that only one model has."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.comparison.neighbourhood import neighbour_words
from core.maps.pair_layout import PairLayout
from core.prose.cells import plain_cell
from pages.shared import change_brush, downloads, guards, messages, near, selection, session
from pages.shared.compared import Sides

_LINE = 60
"""So many letters of the selected words are in the line above the maps."""
_LISTED = 500
_MOST_LISTS, _MOST_KEPT = 50, 5_000
"""So many lists a workspace keeps, of so many words."""


def selected_rows(sides: Sides) -> np.ndarray | None:
    """bool (words,): the selected words that these two models share; None when there are none."""
    rows = [sides.index[word] for word in selection.selected() if word in sides.index]
    if not rows:
        return None
    found = np.zeros(len(sides.shared.words), bool)
    found[rows] = True
    return found


def choose_selection(sides: Sides, focus: str | None) -> None:
    """Select by list or by neighbourhood; box and lasso are in the maps' own tool bars."""
    session.remember("selected-among", sides)  # no argument of the callbacks: Streamlit never forgets these
    with st.popover("Select words", icon=":material/select_all:"):
        st.caption("The other words stay on the maps, greyed. Box and Lasso select too, by dragging on a map.")
        st.text_area(
            "Words, separated by spaces, commas or lines", key="selection-list", placeholder="river, bank, water"
        )
        st.button("Select these words", on_click=_select_listed, width="stretch")
        _offer_lists()
        if focus is not None and sides.has_neighbours:
            st.button(
                f"Select the neighbours of “{messages.plain(focus)}”",
                on_click=_select_neighbours,
                args=(focus,),
                help="Its 25 nearest words in either model.",
                width="stretch",
            )


def _offer_lists() -> None:
    """Lists that were kept, and a name for the words that are selected now."""
    lists = session.workspace().lists
    if lists:
        st.selectbox(
            "Kept lists",
            list(lists),
            index=None,
            format_func=lambda name: messages.plain(f"{name} ({len(lists[name]):,})"),
            placeholder="Select a kept list",
            key="kept-list",
            on_change=_select_kept,
            label_visibility="collapsed",
        )
    if selection.selected() and len(lists) < _MOST_LISTS:
        row = st.container(horizontal=True, vertical_alignment="bottom")
        row.text_input("Keep the selected words as", key="list-name", max_chars=60, placeholder="A name")
        row.button("Keep", key="keep-list", on_click=_keep_selected)
    if lists:
        st.button("Forget the chosen list", key="forget-list", on_click=_forget_list, type="tertiary")


@guards.callback
def _select_kept() -> None:
    words = session.workspace().lists.get(session.widget("kept-list") or "", ())
    if words:
        _select_words(words)


@guards.callback
def _keep_selected() -> None:
    name, words = session.widget("list-name").strip(), tuple(sorted(selection.selected()))
    if name and words:
        session.update(lists={**session.workspace().lists, name: words[:_MOST_KEPT]})


@guards.callback
def _forget_list() -> None:
    chosen = session.widget("kept-list")
    session.update(lists={name: words for name, words in session.workspace().lists.items() if name != chosen})


@guards.callback
def _select_listed() -> None:
    _select_words([each for each in re.split(r"[\s,;]+", session.widget("selection-list")) if each])


def _select_words(typed: Sequence[str]) -> None:
    """Those of them that both models have, as they are or in lower case; the others are named."""
    sides: Sides = session.recall("selected-among")
    known = [word if word in sides.index else word.lower() for word in typed]
    missing = [word for word, found in zip(typed, known, strict=True) if found not in sides.index]
    selection.select(frozenset(word for word in known if word in sides.index))
    session.remember("selection-missing", missing)


@guards.callback
def _select_neighbours(focus: str) -> None:
    sides: Sides = session.recall("selected-among")
    row = sides.index[focus]
    found = neighbour_words(near.find(sides), row, 25)
    selection.select(frozenset([focus, *(word for words in found for word in words)]))
    session.remember("selection-missing", [])


def show_selection(sides: Sides, rows: np.ndarray | None) -> None:
    """What is selected, with a way out."""
    missing = session.recall("selection-missing", [])
    if missing:
        more = f" and {len(missing) - 10:,} more" if len(missing) > 10 else ""
        st.warning(f"Not a word of both models: {messages.plain(', '.join(missing[:10]))}{more}.")
    if rows is None:
        return
    chosen = [sides.shared.words[row] for row in np.flatnonzero(rows)]
    brushed = change_brush.describe(sides)
    head = (
        f"{len(chosen):,} {'word' if len(chosen) == 1 else 'words'} {brushed}"
        if brushed
        else f"{len(chosen):,} selected"
    )
    first = _fit(chosen)
    row: Any = {"horizontal": True, "vertical_alignment": "center", "gap": "small", "width": "content"}
    with st.container(**row, key="selection-line"):
        st.text(f"{head}: {', '.join(chosen[:first])}", width="content")
        if first < len(chosen):
            with st.popover(f"and {len(chosen) - first:,} more", type="tertiary", width="content"):
                more = f" … and {len(chosen) - _LISTED:,} more" if len(chosen) > _LISTED else ""
                st.text(", ".join(chosen[:_LISTED]) + more)
        st.button("Clear", on_click=clear_selection, icon=":material/close:", help="Or press Escape.", type="tertiary")


def _fit(words: list[str]) -> int:
    """How many of them a line has room for, at least one."""
    ends = np.cumsum([len(word) + 2 for word in words])
    return max(1, int(np.searchsorted(ends, _LINE, side="right")))


@guards.callback
def clear_selection() -> None:
    selection.clear()
    session.remember("selection-missing", [])


def show_table(sides: Sides, layout: PairLayout, rows: np.ndarray | None) -> None:
    """All words, or the selected ones, as a table: on demand, because it is as large as the maps."""
    if not st.toggle("Show the maps as a table", key="show-table", persist_state="session"):
        return
    table = tabulate(sides, layout)
    if rows is not None:
        table = table[rows]
    st.dataframe(table, hide_index=True, height=320)
    downloads.offer(
        "Download as CSV",
        lambda: table.assign(Word=table["Word"].map(plain_cell)).to_csv(index=False).encode("utf-8-sig"),
        "maps.csv",
        "text/csv",
        "maps-table-file",
    )


def tabulate(sides: Sides, layout: PairLayout) -> pd.DataFrame:
    """A row for each word on the maps: where each map has it, and what became of its neighbours."""
    columns: dict[str, object] = {"Word": sides.shared.words, "Count": sides.counts}
    if sides.covered.any():
        columns["In the file"] = sides.covered
    for name, track, dose in (("Left", layout.left, sides.doses[0]), ("Right", layout.right, sides.doses[1])):
        for axis, values in zip("xyz", track.at(dose).T, strict=False):
            columns[f"{name} {axis}"] = values
    columns["Neighbour overlap"] = sides.comparison.overlap
    columns["Change"] = sides.comparison.change
    return pd.DataFrame(columns)


def show_unshared(sides: Sides) -> None:
    """Words that only one of the two has: they are on neither map."""
    only = sides.shared.only_left, sides.shared.only_right
    if not any(only):
        return
    total = sum(len(words) for words in only)
    with st.expander(f"Words that only one of the two has ({total:,}): not on the maps", icon=":material/join_inner:"):
        for column, name, words in zip(st.columns(2, gap="large"), sides.names, only, strict=True):
            with column:
                st.markdown(f"**Only in {messages.plain(name)}: {len(words):,}**")
                if words:
                    st.dataframe(pd.DataFrame({"Word": words[:5_000]}), hide_index=True, height=240)
                if len(words) > 5_000:
                    st.caption("The first 5,000, most frequent first.")
