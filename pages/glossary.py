"""Glossary: what the words on these pages mean."""

from pages.shared import session

session.require_app("glossary")

import streamlit as st  # noqa: E402

from core.prose.glossary import GLOSSARY  # noqa: E402

st.title("Glossary", anchor=False)
st.caption("What the words on these pages mean. The same sentences stand behind the question marks at the fields.")
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
