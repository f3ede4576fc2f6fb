"""How far the followed words went, as lines: from the text before and from the first text, with the noise."""

from collections.abc import Sequence

import streamlit as st

from core.comparison.study.shown import ShownStudy
from core.comparison.study.steps import StudyStep
from pages.shared import messages
from pages.shared.appearance import figures
from pages.shared.cached import study_cache


def show(shown: ShownStudy, chosen: tuple[str, ...]) -> None:
    """Two charts beside each other."""
    before, first = st.columns(2, gap="medium")
    with before:
        st.header("Change from the text before", anchor=False)
        figures.show(
            study_cache.trajectories_figure(shown, chosen, "previous"),
            "study-lines-previous",
            "Change of the followed words from each text to the next. The list below has the same as numbers.",
        )
        _explain(shown.steps, chosen)
    with first:
        st.header(f"Change from “{messages.plain(shown.order.names[0])}”", anchor=False)
        figures.show(
            study_cache.trajectories_figure(shown, chosen, "first"),
            "study-lines-first",
            "Change of the followed words from the first text to each. study.json has the same as numbers.",
        )
        _explain(shown.from_first, chosen)
        st.caption("Changes do not add up: a word may go and come back.")


def _explain(steps: Sequence[StudyStep], chosen: tuple[str, ...]) -> None:
    if any(step.movers is not None for step in steps):
        st.caption(
            "Full point: farther than 95 % of what noise does to that word. Hollow: within it, or not judged. "
            "Star: beyond noise after all words and steps were judged together. The bars are the noise of "
            f"“{messages.plain(chosen[-1])}”, the word followed last."
        )
    else:
        st.caption("Hollow points: not held against noise, which was not measured.")
