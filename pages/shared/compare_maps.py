"""The two linked maps of the Compare page."""

from typing import Any

import streamlit as st

from core.pair_layout import SIDES, PairLayout
from core.projection import Frame, LayoutSettings
from pages.shared import (
    cached,
    compare_colours,
    compare_layout,
    compare_neighbours,
    compare_notes,
    compare_options,
    compare_pins,
    compare_settings,
    compare_sides,
    compare_words,
    moved_brush,
    selection,
    session,
)
from pages.shared.compare_sides import Sides
from pages.shared.linked_maps import link_maps

_STYLE = """<style>
.st-key-map-left, .st-key-map-right { flex: none; height: clamp(340px, min(42vw, 100vh - 440px), 600px); }
@media (max-width: 640px) { .st-key-map-left, .st-key-map-right { height: clamp(240px, 94vw, 68vh); } }
</style>"""
"""Maps about as high as they are wide, and no higher than what the controls leave of the window.

One above the other, as on a phone, each fits on the screen.
"""
_CONFIG = {"scrollZoom": True, "displaylogo": False, "modeBarButtonsToRemove": ["toImage"]}


def show(sides: Sides, head: Any) -> None:
    """Draw the maps: at once with a quick layout, and again when the one asked for is ready.

    `head` is the row of the page's title, where the settings find room.
    """
    with head:
        choices, frame = compare_settings.ask()
    layout, choices = compare_layout.find(sides, choices, frame)
    _maps(sides, choices, frame, layout)


@st.fragment
def _maps(sides: Sides, choices: LayoutSettings, frame: Frame, layout: PairLayout) -> None:
    if any(compare_sides.is_left_out(sides, pin) for pin in session.workspace().pins):
        st.rerun()  # with the pinned word among those that are shown
    pins = [word for word in session.workspace().pins if word in sides.index]
    session.put_view_in_url()
    focus = compare_pins.choose(sides, pins)
    changes = compare_neighbours.find(sides, focus)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colouring = compare_colours.choose(sides, focus)
        options = compare_options.ask(choices.dimensions == 3)
        compare_words.choose_selection(sides, focus)
    maps = st.container(gap="xsmall")
    moved_brush.ask_below_the_maps(sides)
    selected = compare_words.selected_rows(sides)
    with maps:
        with st.container():  # there without a selection too, or the maps below would be made anew when one comes
            compare_words.show_selection(sides, selected)
        compare_colours.show_legend(colouring, options.sized)
        _draw(sides, choices, frame, layout)
    event = link_maps(["left", "right"], compare_neighbours.mark(sides, focus, changes), selected, colouring, options)
    if event.clicked is not None and event.clicked < len(sides.shared.words):
        compare_pins.pin_word(sides.shared.words[event.clicked])
        st.rerun(scope="fragment")
    if event.selected is not None:
        selection.select(frozenset(word for word, on in zip(sides.shared.words, event.selected, strict=True) if on))
        st.rerun(scope="fragment")
    if event.cleared:
        compare_words.clear_selection()
        compare_pins.focus_on(None)
        st.rerun(scope="fragment")
    compare_notes.show(sides, layout, colouring.note)
    if focus is not None and changes is not None:
        compare_neighbours.show(sides, focus, changes)
    compare_words.show_table(sides, layout, selected)


def _draw(sides: Sides, choices: LayoutSettings, frame: Frame, layout: PairLayout) -> None:
    near = sides.comparison.left_neighbours, sides.comparison.right_neighbours
    counts = sides.left.counts[sides.shared.left_rows], sides.counts
    columns = st.columns(2, gap="small")
    st.html(_STYLE)
    for place, side in enumerate(SIDES):
        figure = cached.map_figure(
            sides.key, choices, frame, side, sides.doses[place], sides.extras,
            layout, sides.shared, counts[place], sides.covered, near[place],
        )  # fmt: skip
        dose = sides.doses[place]
        with columns[place]:
            st.markdown(f"**{sides.names[place]}**" + ("" if dose is None else f" · dose {dose:.3f}"))
        with columns[place].container(key=f"map-{side}", height="stretch"):
            st.plotly_chart(
                figure,
                key=side,
                config=_CONFIG,
                height="stretch",
                alt=f"Map of {len(sides.shared.words):,} words in {sides.names[place]}. The table below has the same.",
            )
