"""What the pinned word's neighbours are in each model: marked on both maps, and listed below them."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from core.comparison.neighbourhood import NeighbourChange, NeighbourChanges, neighbour_changes
from core.maps.payload import Mark
from core.prose.colours import ROLE_COLOURS, Role
from pages.shared import messages, session
from pages.shared.compared import Sides

_MARKED_NEIGHBOURS = 10
_COLUMNS = {side: st.column_config.NumberColumn(format="%.3f") for side in ("Left", "Right")}


def find(sides: Sides, focus: str | None) -> NeighbourChanges | None:
    """Kept, gained and lost neighbours of the pinned word; None where none is chosen."""
    if focus is None:
        return None
    return neighbour_changes(sides.comparison, sides.left, sides.right, sides.index[focus], _MARKED_NEIGHBOURS)


def mark(sides: Sides, focus: str | None, changes: NeighbourChanges | None) -> list[Mark]:
    """What both maps mark: the pinned words, and the neighbours of the chosen one."""
    index = sides.index
    marks: list[Mark] = []
    if focus is not None and changes is not None:
        marks.append(Mark(index[focus], "pin"))
        marks += [Mark(index[each.word], "kept") for each in changes.kept]
        marks += [Mark(index[each.word], "gained") for each in changes.gained]
        marks += [Mark(index[each.word], "lost") for each in changes.lost]
    others = [pin for pin in session.workspace().pins if pin in index and pin != focus]
    marks += [Mark(index[pin], "pin") for pin in others]
    return marks


def show(sides: Sides, word: str, changes: NeighbourChanges) -> None:
    """Three lists: kept, gained, lost."""
    st.subheader(f"Neighbours of “{messages.plain(word)}”", anchor=False)
    new = " \\* marks words that the pretrained file does not have." if sides.covered.any() else ""
    st.caption(
        f"The {_MARKED_NEIGHBOURS} nearest words in each model, by cosine similarity (1 same direction, 0 unrelated), "
        f"and how often each occurs in the text.{new}"
    )
    columns = st.columns(3, gap="medium")
    groups: list[tuple[Role, str, Sequence[NeighbourChange]]] = [
        ("kept", "Kept: near in both", changes.kept),
        ("gained", f"Gained: near in {sides.names[1]} only", changes.gained),
        ("lost", f"Lost: near in {sides.names[0]} only", changes.lost),
    ]
    for column, (role, heading, found) in zip(columns, groups, strict=True):
        with column:
            st.html(f"<b><span style='color:{ROLE_COLOURS[role]}'>●</span> {escape(heading)}</b>")
            if found:
                st.dataframe(_table(found), hide_index=True, column_config=_COLUMNS)
            else:
                st.caption("None.")


def _table(found: Sequence[NeighbourChange]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Word": [f"{each.word} *" if each.new else each.word for each in found],
            "Left": [each.left_similarity for each in found],
            "Right": [each.right_similarity for each in found],
            "Count": [each.right_count for each in found],
        }
    )
