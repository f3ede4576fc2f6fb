"""The two linked maps of the Compare page."""

from typing import Any

import streamlit as st

from core.maps.layout import Frame, LayoutSettings
from core.maps.pair_layout import SIDES, PairLayout
from pages.parts.compare import (
    colours,
    layout_settings,
    legend,
    map_layout,
    map_options,
    neighbours,
    notes,
    pinning,
    words,
)
from pages.parts.compare.linked_maps import link_maps
from pages.shared import cached, change_brush, guards, messages, selection, session, side_choice
from pages.shared.compared import Sides

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
        choices, frame = layout_settings.ask()
    layout, choices = map_layout.find(sides, choices, frame)
    _maps(sides, choices, frame, layout)


@guards.fragment()
def _maps(sides: Sides, choices: LayoutSettings, frame: Frame, layout: PairLayout) -> None:
    if any(side_choice.is_left_out(sides, pin) for pin in session.workspace().pins):
        st.rerun()  # with the pinned word among those that are shown
    pins = [word for word in session.workspace().pins if word in sides.index]
    session.put_view_in_url()
    focus = pinning.choose(sides, pins)
    changes = neighbours.find(sides, focus)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colouring = colours.choose(sides, focus)
        options = map_options.ask(choices.dimensions == 3)
        words.choose_selection(sides, focus)
    maps = st.container(gap="xsmall")
    change_brush.ask_below_the_maps(sides)
    selected = words.selected_rows(sides)
    with maps:
        with st.container():  # there without a selection too, or the maps below would be made anew when one comes
            words.show_selection(sides, selected)
        legend.show(sides, colouring, options.sized)
        _draw(sides, choices, frame, layout)
    event = link_maps(("left", "right"), neighbours.mark(sides, focus, changes), selected, colouring, options)
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
    words.show_table(sides, layout, selected)


def _draw(sides: Sides, choices: LayoutSettings, frame: Frame, layout: PairLayout) -> None:
    columns = st.columns(2, gap="small")
    st.html(_STYLE)
    for place, (side, model) in enumerate(zip(SIDES, sides.models, strict=True)):
        figure = cached.map_figure(sides.words, model, choices, frame, sides, layout)
        dose = model.dose
        with columns[place]:
            st.markdown(f"**{messages.plain(sides.names[place])}**" + ("" if dose is None else f" · dose {dose:.3f}"))
        with columns[place].container(key=f"map-{side}", height="stretch"):
            st.plotly_chart(
                figure,
                key=side,
                config=_CONFIG,
                height="stretch",
                alt=f"Map of {len(sides.shared.words):,} words in {sides.names[place]}. The table below has the same.",
            )
