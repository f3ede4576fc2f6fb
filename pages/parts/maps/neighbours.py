"""What the pinned word's neighbours are in each model: marked on both maps, and listed below them."""

import streamlit as st

from core.comparison.neighbourhood import NeighbourChanges, neighbour_changes
from core.maps.payload import Mark
from pages.shared import messages, near, session
from pages.shared.compared import Sides

_MARKED_NEIGHBOURS = 10


def find(sides: Sides, focus: str | None) -> NeighbourChanges | None:
    """Kept, gained and lost neighbours of the pinned word; None where none is chosen, or before they are found."""
    if focus is None or not sides.has_neighbours:
        return None
    return neighbour_changes(near.find(sides), sides.index[focus], _MARKED_NEIGHBOURS)


def mark(sides: Sides, focus: str | None, changes: NeighbourChanges | None) -> list[Mark]:
    """What both maps mark: the pinned words, and the neighbours of the chosen one."""
    index = sides.index
    marks: list[Mark] = []
    if focus is not None and changes is not None:
        marks.append(Mark(index[focus], "pin"))
        marks += [Mark(index[each.word], "kept") for each in changes.kept]
        marks += [Mark(index[each.word], "gained") for each in changes.gained]
        marks += [Mark(index[each.word], "lost") for each in changes.lost]
        marks += [Mark(index[each.word], "borderline") for each in changes.borderline]
    others = [pin for pin in session.workspace().pins if pin in index and pin != focus]
    marks += [Mark(index[pin], "pin") for pin in others]
    return marks


def show(sides: Sides, word: str, changes: NeighbourChanges) -> None:
    """Three lists: kept, gained, lost."""
    st.header(f"Neighbours of “{messages.plain(word)}”", anchor=False)
    new = " \\* marks words that the pretrained file does not have." if sides.covered.any() else ""
    note = (
        f"The {_MARKED_NEIGHBOURS} nearest words in each model, by cosine similarity (1 same direction, 0 unrelated), "
        f"and how often each occurs in the text.{new}"
    )
    near.show_columns(sides, changes, sides.names, note, brief=True)
