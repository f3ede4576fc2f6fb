"""Where to expect gain: the result by how often a word was seen in the training part."""

import streamlit as st

from core.score.findings import write_bands
from core.score.tables import gain_rows
from pages.parts.did_it_help.job import Found
from pages.shared import messages
from pages.shared.appearance import figures
from pages.shared.cached import score_cache


def show(found: Found) -> None:
    """Draw it; nothing where no question was asked."""
    card = found.card
    sentence = write_bands(card)
    if not sentence:
        return
    st.header("Where to expect gain", anchor=False)
    st.markdown(messages.plain(sentence))
    figures.show(
        score_cache.band_forest(found.identity, tuple(model.name for model in card.models), card),
        "band-forest",
        "Gain of the judged model by how often a word was seen, with 95 % intervals. The table below has the same.",
        table=lambda: gain_rows(card),
    )
    with st.expander("Every model, by how often a word was seen", icon=":material/table_rows:"):
        st.dataframe(
            gain_rows(card),
            hide_index=True,
            column_config={
                "Words seen": st.column_config.TextColumn(
                    help="How often the hidden word occurs in the training part. The 50 most frequent words are never "
                    "asked: they fit everywhere."
                ),
                "Questions": st.column_config.NumberColumn(format="localized"),
                "Share": st.column_config.NumberColumn(format="%.0f %%", help="Of all questions."),
            },
        )
        st.caption("Gain over the reference in points, with its 95 % interval.")
