"""Embeddings laid out in two or three dimensions, coloured and drawn: what the Maps page shows.

In come embeddings and a `Comparison`, out go `Layout`s, figures, SVG and pages of HTML. Read `layout` first. May import
comparison and everything below it; not score.
"""
