"""Maps: two embeddings of the same words as linked maps, and what each word kept, gained and lost."""

from pages.shared import session

session.require_app("maps")

import streamlit as st  # noqa: E402

from pages.parts.maps import axes, maps, stage, verdict_line, words  # noqa: E402
from pages.shared import messages, runs, side_choice  # noqa: E402
from pages.shared.frame import run_ends  # noqa: E402

if len(runs.finished()) < 2:
    st.title("Maps", anchor=False)
    with messages.shown():
        side_choice.choose()
    run_ends.end_page()
stage.prepare()
with st.container(gap="xsmall", key="maps-page"):
    rows, status = stage.titles(), stage.status()
    with messages.shown():
        sides = side_choice.choose(rows, status)
    if sides is None:
        run_ends.end_page()
    with messages.shown():
        verdict_line.show(sides)
    on_maps, on_axes = st.tabs(["Maps", "Semantic axes"])
    with on_maps, messages.shown():
        maps.show(sides, rows[1], status)
    with on_axes:
        axes.show(sides)
words.show_unshared(sides)
