"""How every page looks and sounds where the theme has no setting for it: colours, focus, names of controls.

In: the page that is shown. Out: one style sheet and one script for all pages. Read first: `look`. May import:
Streamlit only.
"""
