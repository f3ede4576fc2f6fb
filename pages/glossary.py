"""Glossary: what the words on these pages mean."""

from pages.shared import session

session.require_app("glossary")

import streamlit as st  # noqa: E402

from pages.shared import glossary_list  # noqa: E402

st.title("Glossary")
st.caption("What the words on these pages mean. The same sentences stand behind the question marks at the fields.")
glossary_list.show()
