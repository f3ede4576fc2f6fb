"""How every page looks and sounds where the theme has no setting for it: colours, focus, names of controls.

In: the page that is shown, and its figures. Out: one style sheet and one script for all pages (`look`, read it first),
and figures that can be kept as a picture or a table (`figures`). May import: core and `pages/shared/downloads.py`.
"""
