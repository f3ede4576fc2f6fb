"""Thin page scripts, one for each entry of the menu. `parts` has the parts of each page, `shared` what pages share."""
