"""A corpus, a configuration and pretrained rows become an `Embedding`; finished ones are kept in `runs`.

Read `training` first, then `strategies`. May import geometry, text, pretrained and what stands below them.
"""
