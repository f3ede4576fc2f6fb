"""The dose at which a model is shown, and what the held-out text says about it."""

from typing import Any

import pandas as pd
import streamlit as st

from core.models.dose import has_dose
from core.models.embedding import Embedding
from core.prose.glossary import explain
from core.prose.numbers import write_share
from pages.shared import session
from pages.shared.appearance import figures
from pages.shared.cached import model_cache

_COLUMNS = {
    "Dose": st.column_config.NumberColumn(format="%.3f"),
    "Score": st.column_config.NumberColumn(format="%.1f %%"),
}


def choose(place: Any, identity: str, embedding: Embedding, *, brief: bool = False) -> float | None:
    """Draw a slider for a model that has a dose, and its held-out scores beside it; None for one without.

    `brief`: with its label beside it, so that it is no higher than other controls.
    """
    automatic = embedding.dose
    if automatic is None or not has_dose(embedding):
        return None
    row: Any = {"horizontal": True, "vertical_alignment": "center" if brief else "bottom", "width": "content"}
    place = place.container(**row)  # stays together
    if brief:
        place.caption("Dose", help=explain("dose"), width="content")
    first = session.initial_dose(identity, automatic)
    chosen: float = place.slider(
        "Dose",
        0.0,
        1.0,
        first,
        0.025,
        format="%.3f",
        key=f"dose-{identity}",
        help=None if brief else explain("dose"),
        label_visibility="collapsed" if brief else "visible",
        persist_state="session",
        width=120 if brief else 150,
    )
    others = {run: dose for run, dose in session.workspace().doses.items() if run != identity}
    session.update(doses=others if chosen == automatic else {**others, identity: chosen})
    with place.popover("Score", help="What the held-out text says about the dose.", width="content"):
        _show_curve(identity, chosen, automatic, embedding.details.get("dose_curve") or [])
    return chosen


def _show_curve(identity: str, chosen: float, automatic: float, curve: list[tuple[float, float]]) -> None:
    if not curve:
        st.caption(f"0 pretrained, 1 all of the change; made with {automatic:.3f}. No held-out text judged it.")
        return
    st.markdown(f"**Held-out score by dose** (automatic choice: {automatic:.3f})")
    table = {"Dose": [dose for dose, _ in curve], "Score": [100 * score for _, score in curve]}
    figures.show(
        model_cache.dose_curve(identity, chosen, curve, automatic),
        f"curve-{identity}",
        f"Held-out score by dose: {', '.join(f'{dose:.3f}: {write_share(score)}' for dose, score in curve)}",
        table=lambda: pd.DataFrame(table),
        in_popover=True,
    )
    st.caption(
        "Share of the alternatives that hidden words beat, on text that was kept back. Dotted: the automatic choice; "
        "ring: the dose shown."
    )
    with st.expander("The same as a table"):
        st.dataframe(table, hide_index=True, column_config=_COLUMNS)
