"""The two linked maps of the Maps page."""

from dataclasses import replace
from typing import Any

import streamlit as st

from core.maps.pair_layout import SIDES, PairLayout
from core.maps.pair_store import LayoutOrder
from core.maps.payload import MapOptions
from core.maps.regions import WordRegions
from pages.parts.maps import (
    colours,
    drawn,
    in_words,
    isolation,
    layout_settings,
    legend,
    map_layout,
    map_options,
    neighbours,
    notes,
    pinning,
    words,
)
from pages.parts.maps.linked_maps import link_maps
from pages.shared import change_brush, guards, messages, selection, session, side_choice
from pages.shared.appearance import figures
from pages.shared.cached import map_cache
from pages.shared.compared import Sides

_CONFIG = {"scrollZoom": True, "displaylogo": False, "modeBarButtonsToRemove": ["toImage"]}


def show(sides: Sides, row: Any, status: Any) -> None:
    """Draw the maps: at once with a quick layout, and again when the one asked for is ready.

    `row`: the one above the right map, where the settings find room; `status`: where it is said how far a layout is.
    """
    with row.popover("Map settings", icon=":material/tune:", width="content", key="map-settings"):
        choices, frame = layout_settings.ask()
        options, most = map_options.ask(sides, choices.dimensions == 3)
    asked = LayoutOrder(sides.trained.order, choices, frame, isolation.rows_anew(sides))
    layout, order = map_layout.find(sides, asked, status)
    _maps(sides, order, layout, options, most)


@guards.fragment()
def _maps(sides: Sides, order: LayoutOrder, layout: PairLayout, options: MapOptions, most: int) -> None:
    if isolation.has_changed() or any(side_choice.is_left_out(sides, pin) for pin in session.workspace().pins):
        st.rerun()  # with the layout of the isolated words; with the pinned word among those that are shown
    session.put_view_in_url()
    regions = map_cache.regions(sides.trained, *side_choice.corpus_folders(sides))
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small", key="map-bar")
    line = st.container(horizontal=True, vertical_alignment="center", gap="small", key="map-line")
    focus = pinning.choose(sides, bar, line)
    changes = neighbours.find(sides, focus)
    with bar:
        colouring = colours.choose(sides, regions.extend(sides.comparison.left_neighbours), focus)
        if not options.solid:
            options = replace(options, drag=map_options.ask_tool(st))
        words.choose_selection(sides, focus)
        isolation.ask(sides, regions, focus, words.selected_rows(sides))
    maps = st.container(gap="xsmall", key="map-stage")
    if sides.has_neighbours:
        change_brush.ask_below_the_maps(sides)
    selected = words.selected_rows(sides)
    alone = isolation.rows(sides)
    drawn_words = drawn.find(sides, most, selected, alone)
    isolation.show(sides, line)
    with line:
        words.show_selection(sides, selected)
    with maps:
        _draw(sides, order, layout, regions)
        legend.show(sides, colouring, options.sized, drawn_words)
    marks = neighbours.mark(sides, focus, changes)
    with bar:
        event = link_maps(
            ("left", "right"),
            marks,
            selected,
            colouring,
            options,
            drawn_words,
            isolation.name(alone),
            selection.given_up(),
        )
        figures.offer(("map-left", "map-right"), "maps", lambda: words.tabulate(sides, layout), titles=sides.names)
    if event.clicked is not None and event.clicked < len(sides.shared.words):
        pinning.pin_word(sides.shared.words[event.clicked])
        st.rerun(scope="fragment")
    if event.selected is not None:
        selection.select(frozenset(word for word, on in zip(sides.shared.words, event.selected, strict=True) if on))
        st.rerun(scope="fragment")
    if event.cleared:
        words.clear_selection()
        pinning.focus_on(None)
        st.rerun(scope="fragment")
    notes.show(sides, layout, colouring.note)
    if focus is not None and changes is not None:
        neighbours.show(sides, focus, changes)
    in_words.show(sides)
    if sides.has_neighbours:
        words.show_table(sides, layout, selected)


def _draw(sides: Sides, order: LayoutOrder, layout: PairLayout, regions: WordRegions) -> None:
    columns, told = st.columns(2, gap="small"), in_words.summary(sides)
    for place, side in enumerate(SIDES):
        figure = map_cache.map_figure(sides, place, order, layout, regions)
        with columns[place].container(key=f"map-name-{side}"):
            st.markdown(f"**{messages.plain(sides.names[place])}**")
        with columns[place].container(key=f"map-{side}", height="stretch"):
            st.plotly_chart(
                figure,
                key=side,
                config=_CONFIG,
                height="stretch",
                alt=f"Map of {len(sides.shared.words):,} words in {sides.names[place]}. {told}",
            )
