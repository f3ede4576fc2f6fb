"""Two embeddings side by side: what a word kept, gained and lost, how far it moved, and what of that is noise.

In come two `Embedding`s, out goes a `Comparison`, `Movers`, their tables and figures; in `study`, several in a row.
Read `pair` first, then `movers`. May import geometry, text, pretrained, models and what stands below them; not score.
"""
