"""The room that the maps have on the page: as much of the window as their controls leave, or all of it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

_STYLE = """<style>
.stMainBlockContainer { padding: 3.4rem 1.5rem 2rem; }
[data-testid=stLayoutWrapper]:has(> .st-key-maps-title) { position: absolute; width: 1px; overflow: hidden; }
.st-key-maps-title { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
body { --maps-taken: 280px; }
body:has(.st-key-demo-bar) { --maps-taken: 370px; }
body:has(.st-key-verdict-line) { --maps-taken: 310px; }
.st-key-map-left, .st-key-map-right {
  flex: none; height: clamp(300px, min(100vh - var(--maps-taken), 72vw), 1400px);
  border: 1px solid color-mix(in srgb, currentColor 15%, transparent);
  border-radius: 6px; overflow: hidden;
}
:is(.st-key-map-left, .st-key-map-right) .modebar-btn:is([data-attr=dragmode], [data-val=auto]) { display: none; }
:is(.st-key-map-titles, .st-key-map-bar) input { text-overflow: ellipsis; }
.st-key-verdict-line { flex-wrap: nowrap; }
.st-key-verdict-line :is(p, .verdict) { font-size: .875rem; line-height: 1.35; }
.st-key-verdict-line .verdict { display: block; }
[data-testid=stLayoutWrapper]:has(> .st-key-map-status):not(:has([data-testid=stProgress], [data-testid=stAlert])) {
  position: absolute;
}
.st-key-map-status { flex-flow: row wrap; gap: 0 1.5rem; }
.st-key-map-status > * { flex: 1 1 20rem; min-width: 0; width: auto; }
.st-key-map-status [data-testid=stHorizontalBlock] { flex-wrap: nowrap; gap: .75rem; }
.st-key-map-status .stColumn { min-width: 0; }
.st-key-map-status .stColumn:last-child { flex: 0 0 auto; width: auto; }
.st-key-map-status button { min-height: 1.8rem; padding-block: 0; }
.st-key-map-status [data-testid=stProgress] p {
  font-size: .8rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
}
.st-key-maps-page [data-testid=stTabs] [role=tabpanel] { padding-top: .5rem; }
.st-key-maps-page [data-testid=stTab] { height: 2.1rem; }
[data-testid=stLayoutWrapper]:has(> .st-key-map-line), [data-testid=stLayoutWrapper]:has(> .st-key-map-stage) {
  margin-top: -.5rem;
}
.st-key-map-line button { min-height: 2rem; padding-block: 0; }
.st-key-maps-page [data-testid=stHorizontalBlock] { row-gap: .4rem; }
.st-key-map-bar > :has(> .st-key-map-colours), .st-key-map-bar > .st-key-map-colours { position: absolute; }
.st-key-map-line > :has([data-testid=stAlert]) { flex: 1 1 100%; }
.st-key-map-line [data-testid=stAlertContainer] { padding: .25rem .75rem; }
[data-testid=stLayoutWrapper]:has(> .st-key-map-name-left),
[data-testid=stLayoutWrapper]:has(> .st-key-map-name-right) { display: none; }
.maps-full [data-testid=stHeader], .maps-full .st-key-demo-bar, .maps-full .st-key-verdict-line { display: none; }
.maps-full .stMainBlockContainer { padding-top: .6rem; }
.maps-full .st-key-maps-page [role=tablist] { display: none; }
.maps-full .st-key-map-left, .maps-full .st-key-map-right { height: max(240px, 100vh - var(--maps-taken)); }
@media (min-width: 641px) and (max-width: 1150px) {
  .st-key-map-bar { column-gap: .5rem; }
  .st-key-map-bar .st-key-find-word, .st-key-map-bar .st-key-colour-by { max-width: 11.5rem; }
}
@media (max-width: 1150px) {
  .st-key-map-titles .stElementContainer:has(> .stSelectbox) { flex: 1 1 6rem; width: auto; min-width: 0; }
  .st-key-map-titles .stHorizontalBlock { column-gap: .5rem; }
  .st-key-map-titles :is(.st-key-swap, .st-key-map-settings) [data-testid=stMarkdownContainer] {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }
}
@media (max-width: 640px) {
  [data-testid=stLayoutWrapper]:has(> .st-key-map-name-left),
  [data-testid=stLayoutWrapper]:has(> .st-key-map-name-right) { display: block; }
  [data-testid=stLayoutWrapper]:has(> .st-key-map-stage) { order: -1; }
  .stMainBlockContainer { padding-left: .6rem; padding-right: .6rem; }
  .st-key-map-titles :is(.stColumn, .stColumn > .stVerticalBlock),
  .st-key-map-titles .stColumn > .stVerticalBlock > [data-testid=stLayoutWrapper],
  .st-key-map-titles .stColumn > .stVerticalBlock > [data-testid=stLayoutWrapper] > .stHorizontalBlock {
    display: contents;
  }
  .st-key-map-titles .stHorizontalBlock { gap: .5rem; }
  .st-key-map-left, .st-key-map-right { height: clamp(240px, 94vw, 68vh); }
  .verdict-rest { display: none; }
}
</style>"""
"""Maps are no higher than what all else leaves of the window: `--maps-taken`, a first guess here, is measured in the
browser (`core/maps/js/room.js`). What dragging does is chosen above the maps, so Plotly's buttons for that are hidden;
one must be there, since `relayout` (`core/maps/js/overlay.js`) presses it. One above the other, as on a phone, each map
fits, and what is above them takes two rows: their names stand above each in full."""


def prepare() -> None:
    """The page's title, which the menu says already, for those who hear the page; and how its parts are laid out."""
    with st.container(key="maps-title"):  # which takes no room
        st.html(_STYLE)
        st.title("Maps", anchor=False)


def titles() -> Sequence[Any]:
    """A row above each map."""
    columns = st.container(key="map-titles").columns(2, gap="small")
    return [column.container(horizontal=True, vertical_alignment="center", gap="small") for column in columns]


def status() -> Any:
    """Where it is said how far work for the maps is: a line above them, which covers nothing and goes with the work."""
    return st.container(key="map-status", gap="xsmall")
