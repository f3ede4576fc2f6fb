"""The two linked maps of the Compare page, with search, pins and the neighbours of a pinned word."""

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd
import streamlit as st

from core import config as settings
from core.comparison import NeighbourChange, NeighbourChanges, neighbour_changes
from core.figures import COVERED, FRAME_NOTE, NEW, ROLE_COLOURS, Role
from core.projection import METRICS, LayoutSettings, cached_joint_layout, has_joint_layout
from pages.shared import cached, progress, session
from pages.shared.compare_sides import Sides
from pages.shared.linked_maps import Mark, link_maps

_MARKED_NEIGHBOURS = 10
_LEGEND = "<span style='color:{colour}'>●</span> {text}"


def show(sides: Sides) -> None:
    """Lay out where needed, then draw."""
    choices = _ask_settings()
    shared = sides.comparison.shared
    vectors = sides.left.vectors[shared.left_rows], sides.right.vectors[shared.right_rows]
    if has_joint_layout(*vectors, choices) or _wait_for_layout(sides, vectors, choices):
        _maps(sides, choices)


def _wait_for_layout(sides: Sides, vectors: tuple[np.ndarray, np.ndarray], choices: LayoutSettings) -> bool:
    """Draw how far the layout is; True when it is there."""
    jobs = cached.map_jobs()
    key = f"map {sides.key} {choices!r}"
    if jobs.status(key) is None:
        title = f"Laying out {len(vectors[0]):,} words"
        jobs.submit(
            key, title, lambda report: cached_joint_layout(*vectors, choices, report), watcher=session.visitor()
        )
    status = progress.follow(jobs, key)
    if status is not None and status.state in ("failed", "cancelled"):
        st.error(status.error or "Drawing the maps was cancelled.")
        if st.button("Draw the maps"):
            jobs.forget(key)
            st.rerun()
    return status is not None and status.state == "done"


def _ask_settings() -> LayoutSettings:
    with st.expander("Map settings", icon=":material/tune:"):
        columns = st.columns(5, vertical_alignment="bottom")
        neighbours = columns[0].slider(
            "n_neighbors",
            int(settings.MAP_NEIGHBOURS.minimum),
            int(settings.MAP_NEIGHBOURS.maximum),
            int(settings.MAP_NEIGHBOURS.default),
            key="map-neighbours",
            help="How many neighbours shape a word's surroundings. Small: local detail; large: the whole.",
            persist_state="session",
        )
        distance = columns[1].slider(
            "min_dist",
            *settings.MAP_MIN_DIST,
            key="map-distance",
            help="How close two words may be put.",
            persist_state="session",
        )
        metric = columns[2].selectbox(
            "metric",
            METRICS,
            key="map-metric",
            help="What near means. Cosine looks at directions only, as neighbours do.",
            persist_state="session",
        )
        seed = columns[3].number_input(
            "seed",
            0,
            int(settings.SEED.maximum),
            int(settings.SEED.default),
            key="map-seed",
            help="Another seed draws another, equally valid map.",
            persist_state="session",
        )
        standardise = columns[4].checkbox(
            "Standardise dimensions",
            key="map-standardise",
            help="Bring every dimension to mean 0 and standard deviation 1 first, so that no single one dominates.",
            persist_state="session",
        )
    return LayoutSettings(n_neighbors=neighbours, min_dist=distance, metric=metric, seed=seed, standardise=standardise)


@st.fragment
def _maps(sides: Sides, choices: LayoutSettings) -> None:
    pins = [word for word in session.workspace().pins if word in sides.index]
    focus = _find_and_pin(sides, pins)
    changes = None
    if focus is not None:
        changes = neighbour_changes(sides.left, sides.right, focus, _MARKED_NEIGHBOURS, shared=sides.comparison.shared)
    figures = cached.map_figures(*sides.key, choices, sides.left, sides.right, sides.comparison)
    columns = st.columns(2, gap="small")
    for place, side in enumerate(("left", "right")):
        with columns[place]:
            st.markdown(f"**{sides.names[place]}**")
            st.plotly_chart(
                figures[place],
                key=side,
                config={"scrollZoom": True, "displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]},
                alt=f"Map of {len(sides.comparison.shared.words)} words in {sides.names[place]}",
            )
    clicked = link_maps(["left", "right"], _marks(sides, focus, changes))
    if clicked is not None:
        word = sides.comparison.shared.words[clicked]
        session.update(pins=[*(pin for pin in session.workspace().pins if pin != word), word])
        st.rerun(scope="fragment")
    _explain(sides, choices)
    if focus is not None and changes is not None:
        _show_changes(sides, focus, changes)


def _find_and_pin(sides: Sides, pins: list[str]) -> str | None:
    """The search field and the pinned words; gives the word whose neighbours are shown."""
    search, chips, clear = st.columns([2, 5, 1], vertical_alignment="bottom")
    search.text_input(
        "Find a word",
        key="find-word",
        placeholder="Type a word and press Enter",
        on_change=_pin_typed,
        help="Pins the word: both maps mark it and its neighbours. A click on a point does the same.",
    )
    if not pins:
        missing = session.recall("not-found")
    else:
        missing = session.recall("not-found")
        focus = chips.pills("Pinned words", pins, default=pins[-1], help="Choose one to see its neighbours.")
        clear.button("Unpin", on_click=_unpin, args=(focus or pins[-1],), help="Remove the chosen word.")
    if missing and missing not in sides.index:
        st.warning(_why_missing(sides, missing))
    return (focus or pins[-1]) if pins else None


def _pin_typed() -> None:
    typed = session.widget("find-word").strip()
    session.remember("not-found", typed)
    if typed:
        pins = [pin for pin in session.workspace().pins if pin != typed]
        session.update(pins=[*pins, typed])


def _unpin(word: str) -> None:
    session.update(pins=[pin for pin in session.workspace().pins if pin != word])


def _why_missing(sides: Sides, word: str) -> str:
    words = sides.comparison.shared.words
    close = get_close_matches(word.lower(), words, n=5, cutoff=0.75)
    advice = f" Did you mean {', '.join(f'“{each}”' for each in close)}?" if close else ""
    minimum = max(sides.left.config.min_count, sides.right.config.min_count)
    return f"“{word}” is not on these maps: the text has it fewer than {minimum} times, or spells it otherwise.{advice}"


def _marks(sides: Sides, focus: str | None, changes: NeighbourChanges | None) -> list[Mark]:
    index = sides.index
    marks: list[Mark] = []
    if focus is not None and changes is not None:
        marks.append({"row": index[focus], "role": "pin"})
        marks += [{"row": index[each.word], "role": "kept"} for each in changes.kept]
        marks += [{"row": index[each.word], "role": "gained"} for each in changes.gained]
        marks += [{"row": index[each.word], "role": "lost"} for each in changes.lost]
    others = [pin for pin in session.workspace().pins if pin in index and pin != focus]
    marks += [{"row": index[pin], "role": "pin"} for pin in others]
    return marks


def _explain(sides: Sides, choices: LayoutSettings) -> None:
    shared = sides.comparison.shared
    parts = [f"{len(shared.words):,} words, one point each; larger points occur more often."]
    if sides.left.covered.any() or sides.right.covered.any():
        parts.append(_LEGEND.format(colour=COVERED, text="in the pretrained file"))
        parts.append(_LEGEND.format(colour=NEW, text="not in it"))
    st.html(f"<small>{' &nbsp; '.join(parts)}</small>")
    st.caption(FRAME_NOTE)


def _show_changes(sides: Sides, word: str, changes: NeighbourChanges) -> None:
    st.subheader(f"Neighbours of “{word}”", anchor=False)
    new = " \\* marks words that the pretrained file does not have." if sides.left.covered.any() else ""
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
            st.html(f"<b><span style='color:{ROLE_COLOURS[role]}'>●</span> {heading}</b>")
            if found:
                st.dataframe(_table(found), hide_index=True)
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
    ).style.format({"Left": "{:.3f}", "Right": "{:.3f}"})
