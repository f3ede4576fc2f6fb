"""The list of terms, with a filter."""

import streamlit as st

from core.prose.glossary import GLOSSARY


def show() -> None:
    """Draw every term whose name or explanation has the typed text."""
    wanted = st.text_input(
        "Filter", key="glossary-filter", placeholder="Part of a term or its meaning", icon=":material/search:"
    ).strip()
    found = [entry for entry in GLOSSARY.values() if wanted.lower() in f"{entry.term} {entry.text}".lower()]
    if not found:
        st.info("No term has that. Try a shorter part of it.", icon=":material/info:")
    for entry in sorted(found, key=lambda each: each.term.lower()):
        term, text = st.columns([1, 4])
        term.markdown(f"**{entry.term}**")
        text.markdown(entry.text)
