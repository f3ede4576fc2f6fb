"""A few words alone on both maps: one with its nearest, a region, or the selected ones; and back again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.maps.layout import FEWEST_WORDS
from core.maps.regions import WordRegions
from core.prose.numbers import count
from core.system.files import digest_of
from pages.shared import guards, messages, selection, session
from pages.shared.compared import Sides

_KEPT = "isolation"
_NEAREST = (50, 100)
_MOST_ANEW = 5_000
"""Of more words a map of their own is no other than the whole."""


@dataclass(frozen=True, slots=True)
class Isolation:
    """Words that have the maps to themselves.

    Attributes:
        title: what they are.
        words: these.
        anew: they are laid out again, by themselves.
    """

    title: str
    words: frozenset[str]
    anew: bool = False


def rows(sides: Sides) -> np.ndarray | None:
    """Of the words that are alone on the maps, int64, rising; None while all are there."""
    kept = _current()
    if kept is None:
        return None
    found = sorted(sides.index[word] for word in kept.words if word in sides.index)
    return np.array(found, np.int64) if found else None


def rows_anew(sides: Sides) -> tuple[int, ...]:
    """Of the words that are to be laid out again by themselves; none where the whole layout serves."""
    kept, found = _current(), rows(sides)
    if kept is None or not kept.anew or found is None or not FEWEST_WORDS <= len(found) <= _MOST_ANEW:
        return ()
    n = len(sides.trained.sample.words)  # words that were added below the sample have no layout of their own
    return tuple(found[found < n].tolist())


def name(found: np.ndarray | None) -> str:
    """One and the same for the same words alone; "" for all."""
    return "" if found is None else digest_of(found)[:12]


def ask(sides: Sides, regions: WordRegions, focus: str | None, selected: np.ndarray | None) -> None:
    """Offer what can be alone on the maps."""
    session.remember("isolated-among", (sides, regions))  # no argument of a callback: Streamlit never forgets these
    with st.popover("Isolate", icon=":material/filter_center_focus:", width="content"):
        st.caption("Only these words stay, and fill both maps; one click brings all back.")
        if focus is not None and sides.has_neighbours:
            row = st.container(horizontal=True, vertical_alignment="center")
            row.markdown(f"“{messages.plain(focus)}” and its nearest in either model", width="content")
            for most in _NEAREST:
                row.button(f"{most:d}", key=f"isolate-{most:d}", on_click=_isolate_nearest, args=(focus, most))
        if selected is not None:
            found = [sides.shared.words[row] for row in np.flatnonzero(selected).tolist()]
            st.button(
                f"The selected {count('word', len(found))}",
                key="isolate-selected",
                on_click=_isolate,
                args=("selected", tuple(found)),
                width="stretch",
            )
        st.selectbox(
            "A region",
            range(len(regions.names)),
            index=None,
            format_func=lambda number: messages.plain(regions.names[number]),
            placeholder="A region",
            key="isolate-region",
            on_change=_isolate_region,
            label_visibility="collapsed",
        )


def show(sides: Sides, line: Any) -> None:
    """What is alone on the maps, with the way back."""
    kept, found = _current(), rows(sides)
    if kept is None or found is None:
        return
    line.markdown(f"**Only {count('word', len(found))}**: {messages.plain(kept.title)}", width="content")
    if FEWEST_WORDS <= len(found) <= _MOST_ANEW:
        line.toggle(
            "Laid out anew",
            kept.anew,
            key=f"anew-{name(found)}",
            on_change=_turn_anew,
            help="A layout of these words alone shows more of how they lie to each other than their part of the whole.",
            width="content",
        )
    line.button("Show all words", icon=":material/zoom_out_map:", key="isolate-none", on_click=clear)


def has_changed() -> bool:
    """Since this was asked last: the layout may be another now."""
    changed = bool(session.recall("isolation-changed"))
    session.remember("isolation-changed", None)
    return changed


@guards.callback
def clear() -> None:
    """All words are on the maps again."""
    _keep(None)


def _current() -> Isolation | None:
    kept: Isolation | None = session.recall(_KEPT)
    return kept


def _keep(isolation: Isolation | None) -> None:
    session.remember(_KEPT, isolation)
    session.remember("isolation-changed", True)


@guards.callback
def _isolate(title: str, words: Iterable[str]) -> None:
    _keep(Isolation(title, frozenset(words)))
    selection.clear()
    session.remember("selection-missing", [])


@guards.callback
def _isolate_nearest(focus: str, most: int) -> None:
    sides: Sides = session.recall("isolated-among")[0]
    comparison, row = sides.comparison, sides.index[focus]
    nearest = [each.indices[row, :most] for each in (comparison.left_neighbours, comparison.right_neighbours)]
    words = frozenset([focus, *(sides.shared.words[other] for other in np.concatenate(nearest).tolist() if other >= 0)])
    _keep(Isolation(f"“{focus}” and its {most:d} nearest in either model", words))


@guards.callback
def _isolate_region() -> None:
    sides, regions = session.recall("isolated-among")
    number = session.widget("isolate-region")
    if number is not None:
        labels = regions.extend(sides.comparison.left_neighbours).labels
        words = (sides.shared.words[row] for row in np.flatnonzero(labels == number).tolist())
        _keep(Isolation(f"the region “{regions.names[number]}”", frozenset(words)))


@guards.callback
def _turn_anew() -> None:
    kept, found = _current(), session.recall("isolated-among")
    if kept is not None and found is not None:
        _keep(Isolation(kept.title, kept.words, not kept.anew))
