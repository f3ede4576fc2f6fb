"""What the study found, in a sentence."""

import streamlit as st

from core.comparison.study.ranking import describe_ranking, describe_when
from core.comparison.study.shown import ShownStudy
from core.comparison.study.table import describe_farthest
from core.prose.numbers import count
from pages.shared import messages
from pages.shared.cached import study_cache


def show(shown: ShownStudy) -> None:
    """How many words changed, from which text to which; where none did, what the list is still good for."""
    ranking, table, names = study_cache.study_ranking(shown), study_cache.study_table(shown), shown.order.names
    if shown.has_noise:
        st.header(messages.plain(describe_ranking(ranking, shown.steps)), anchor=False)
        st.markdown(messages.plain(describe_when(ranking, names) or describe_farthest(shown.study, table)))
    else:
        st.header(messages.plain(describe_farthest(shown.study, table)), anchor=False)
    words = len(shown.study.words)
    models = f"{count('word', words)} are in all {len(names)} texts"
    dose = next((model.dose for model in shown.study.models if model.dose is not None), None)
    kept = "" if dose is None else f"; all models are shown at dose {dose:.3f}, which suits the texts together best"
    tokens = f"{min(shown.kept.tokens):,} to {max(shown.kept.tokens):,} tokens a text"
    st.caption(f"{models}; {tokens}{kept}.")
    for note in study_cache.study_notes(shown.order):
        st.caption(f":material/warning: {messages.plain(note)}")
